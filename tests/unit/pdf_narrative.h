#ifndef TESTS_PDF_NARRATIVE_H
#define TESTS_PDF_NARRATIVE_H

#include "pdf_fixture.h"

#include <stdio.h>

/* A portfolio in small: narratives of controls with their tests, populations, evidence and queries. */

#define DIGEST "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static const char *const control_titles[] = {
    "Accounts are enrolled in multi-factor authentication", "Access is reviewed every quarter by its owner",
    "Access ends with employment within one working day",   "Changes are approved by someone other than their author",
    "Deployments come from the main branch alone",          "Alerts are acknowledged within thirty minutes"};

static inline void add_summary(struct document *document) {
    struct node *section = add_section(document, document->root, "summary", "Summary of results");
    struct node *paragraph = add_paragraph(document, section, "This portfolio covers ");
    add_text(document, add(document, paragraph, NODE_STRONG), NODE_TEXT, "six controls");
    add_text(
        document, paragraph, NODE_TEXT,
        " over the whole period. Every figure in it was taken from the evidence in the package, and each one names "
        "the file it comes from. Results are printed as ");
    add_badge(document, paragraph, "effective", "no exceptions noted");
    add_text(document, paragraph, NODE_TEXT, ", ");
    add_badge(document, paragraph, "exception", "exception");
    add_text(document, paragraph, NODE_TEXT, " or ");
    add_badge(document, paragraph, "insufficient", "insufficient evidence");
    add_text(document, paragraph, NODE_TEXT, "; see ");
    add_link(document, paragraph, "#control-2", "the access review");
    add_text(document, paragraph, NODE_TEXT, " for the one that needs attention, and ");
    add_link(document, paragraph, "https://example.com/trust", "our trust page");
    add_text(document, paragraph, NODE_TEXT, " for what may be shared.");
    struct node *table = add_table(document, section, 5, "Controls and their results");
    table->table->columns[2].alignment = ALIGN_RIGHT;
    table->table->columns[3].alignment = ALIGN_RIGHT;
    const char *const titles[] = {"Control", "What it says", "Population", "Exceptions", "Result"};
    add_row(document, table, true, titles, 5);
    for (int i = 0; i < 6; i++) {
        char id[16];
        char population[16];
        snprintf(id, sizeof id, "AC-%02d", i + 1);
        snprintf(population, sizeof population, "%d", 1111 * (i + 1) % 2719);
        const char *const cells[] = {"", control_titles[i], population, i == 1 ? "3" : "0", ""};
        struct node *row = add_row(document, table, false, cells, 5);
        char anchor[24];
        snprintf(anchor, sizeof anchor, "#control-%d", i + 1);
        add_link(document, row->first_child, arena_text(document->arena, anchor), id);
        add_badge(document, row->last_child,
                  i == 1   ? "exception"
                  : i == 4 ? "insufficient"
                           : "effective",
                  i == 1   ? "exception"
                  : i == 4 ? "insufficient evidence"
                           : "no exceptions noted");
    }
    struct node *note = add(document, section, NODE_QUOTE);
    add_paragraph(
        document, note,
        "A control without exceptions is not a promise about what was not tested: populations are complete as "
        "far as the completeness sheets in the appendix show, and no further.");
}

static inline void add_control(struct document *document, struct node *parent, int number) {
    char anchor[24];
    char title[160];
    snprintf(anchor, sizeof anchor, "control-%d", number);
    snprintf(title, sizeof title, "AC-%02d  %s", number, control_titles[number - 1]);
    struct node *section = add_section(document, parent, arena_text(document->arena, anchor), title);
    struct node *head = add(document, section, NODE_PARAGRAPH);
    add_badge(document, head, number == 2 ? "exception" : "effective",
              number == 2 ? "exception" : "no exceptions noted");
    add_text(document, head, NODE_TEXT, "  Criteria ");
    add_text(document, add(document, head, NODE_STRONG), NODE_TEXT, "CC6.1, CC6.2, CC6.3");
    add_text(document, head, NODE_TEXT, " \xC2\xB7 Owner: Rosalind Achterberg, head of infrastructure");
    add_paragraph(document, section,
                  "Every person who can reach production signs in through the identity provider, which asks for a "
                  "second factor each time. The official list of offices and affiliates is kept in the directory; a "
                  "weekly export of accounts and factors is the evidence. Service accounts are listed apart, with "
                  "their owner and the date on which their key was last changed.");
    struct node *list = add(document, section, NODE_LIST);
    const char *const points[] = {"Accounts are created from a ticket that their manager has approved.",
                                  ("A second factor is enrolled before the first sign-in; until then the account "
                                   "cannot reach anything but the enrolment page, whoever its owner is."),
                                  "Exceptions are raised with the security team on the same day."};
    for (size_t i = 0; i < 3; i++) {
        struct node *item = add(document, list, NODE_ITEM);
        add_paragraph(document, item, points[i]);
        if (i == 1) {
            struct node *steps = add(document, item, NODE_LIST);
            steps->ordered = true;
            steps->start = 1;
            add_paragraph(document, add(document, steps, NODE_ITEM), "hardware keys for administrators;");
            add_paragraph(document, add(document, steps, NODE_ITEM), "an authenticator for everyone else.");
        }
    }
    struct node *tests = add_section(document, section, NULL, "Tests performed");
    struct node *table = add_table(document, tests, 4, NULL);
    const char *const titles[] = {"Test", "Procedure", "Method", "Result"};
    add_row(document, table, true, titles, 4);
    for (int i = 0; i < 3; i++) {
        char id[24];
        snprintf(id, sizeof id, "AC-%02d.%d", number, i + 1);
        const char *const cells[] = {id,
                                     "Every active person account was enrolled in multi-factor authentication at every "
                                     "export of the period; accounts that were not are listed below by name and date.",
                                     i == 1 ? "reperformance" : "inspection", ""};
        struct node *row = add_row(document, table, false, cells, 4);
        add_badge(document, row->last_child, number == 2 && i == 0 ? "exception" : "effective",
                  number == 2 && i == 0 ? "3 of 412" : "0 of 412");
    }
    struct node *query = add_section(document, tests, NULL, "Query");
    add_text(document, query, NODE_CODE_BLOCK,
             "SELECT ref, login || ' @ ' || at AS item,\n"
             "       CASE WHEN mfa = 0 THEN 'not enrolled in MFA' END AS exception\n"
             "FROM account_mfa\n"
             "WHERE active AND kind = 'person' -- service accounts are in AC-02\n");
    struct node *evidence = add_section(document, section, NULL, "Evidence");
    struct node *files = add_table(document, evidence, 4, NULL);
    files->table->columns[2].alignment = ALIGN_RIGHT;
    const char *const columns[] = {"File", "Source", "Records", "SHA-256"};
    add_row(document, files, true, columns, 4);
    for (int i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof path, "evidence/iam/accounts-2025-1%d-06.json", i % 3);
        const char *const cells[] = {"", "identity provider (eu-west)", i == 2 ? "1,204" : "411", ""};
        struct node *row = add_row(document, files, false, cells, 4);
        add_text(document, row->first_child, NODE_CODE, path);
        add_text(document, row->last_child, NODE_CODE, DIGEST);
    }
}

static inline struct document *new_narrative(void) {
    struct document *document = new_document();
    document->notice = "This copy was signed with a development key: do not rely on it.\nThrough 31 December 2025.";
    document->confidentiality = "Confidential: for the named auditor and management";
    add_summary(document);
    struct node *controls = add_section(document, document->root, "controls", "Control narratives and tests");
    add_paragraph(document, controls,
                  "Each control is described as it operates, followed by the tests over its whole population.");
    for (int i = 1; i <= 6; i++) {
        add_control(document, controls, i);
    }
    return document;
}

#endif
