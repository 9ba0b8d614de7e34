#include "assess/finding.h"

#include "assess/judge.sql.h"
#include "base/digest.h"
#include "store/query.h"

#include <string.h>

#define FINDING_ID_BYTES 16

/* "F-" and the first ten hexadecimal digits of the SHA-256 of control, test and item. */
static bool finding_id(const char *control, const char *test, const char *item, char out[FINDING_ID_BYTES]) {
    struct buffer name = {0};
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];

    buffer_format(&name, "%s\n%s\n%s", control, test, item);
    bool done = !name.failed && digest_bytes(name.data, name.length, digest);
    buffer_free(&name);
    if (done) {
        digest_hex(digest, hex);
        memcpy(out, "F-", 2);
        memcpy(out + 2, hex, 10);
        out[12] = '\0';
    }
    return done;
}

/* A response to the item itself outweighs one to the whole test. */
static const struct programme_response *find_response(const struct programme *programme, const char *test,
                                                      const char *item) {
    const struct programme_response *found = NULL;

    for (size_t i = 0; i < programme->response_count; i++) {
        const struct programme_response *response = &programme->responses[i];
        if (strcmp(response->test, test) != 0) {
            continue;
        }
        if (response->item != NULL && strcmp(response->item, item) == 0) {
            return response;
        }
        if (response->item == NULL) {
            found = response;
        }
    }
    return found;
}

static bool insert_findings(sqlite3 *connection, const struct programme *programme, struct diagnostics *diagnostics) {
    struct query exceptions = {0};
    struct query insert = {0};
    bool done = false;

    if (!query_open(&exceptions, connection, "judge_exceptions", sql_judge_exceptions, diagnostics) ||
        !query_open(&insert, connection, "judge_insert_finding", sql_judge_insert_finding, diagnostics)) {
        goto end;
    }
    while (query_step(&exceptions)) {
        char id[FINDING_ID_BYTES];
        const char *control = query_column_text(&exceptions, 1);
        const char *test = query_column_text(&exceptions, 2);
        const char *item = query_column_text(&exceptions, 3);
        const char *waiver = query_column_text(&exceptions, 6);
        const struct programme_response *response = find_response(programme, test, item);

        if (!finding_id(control, test, item, id)) {
            diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the findings of test %s", test);
            goto end;
        }
        query_text(&insert, 1, id);
        query_text(&insert, 2, control);
        query_text(&insert, 3, test);
        query_text(&insert, 4, item);
        query_text(&insert, 5, query_column_text(&exceptions, 4));
        query_text(&insert, 6, waiver != NULL ? "accepted" : "open");
        query_text(&insert, 7, query_column_text(&exceptions, 5));
        query_integer(&insert, 8, query_column_integer(&exceptions, 0));
        query_text(&insert, 9, waiver);
        query_text(&insert, 10, response != NULL ? response->cause : NULL);
        query_text(&insert, 11, response != NULL ? response->response : NULL);
        query_text(&insert, 12, response != NULL ? response->owner : NULL);
        query_integer_or_null(&insert, 13, response != NULL ? response->due : 0,
                              response != NULL && response->due != INT64_MIN);
        if (!query_run(&insert)) {
            goto end;
        }
    }
    done = true;

end:
    done = query_close(&exceptions) && done;
    done = query_close(&insert) && done;
    return done;
}

/* A waiver that does nothing is said, since somebody may rely on it. */
static bool report_idle_waivers(sqlite3 *connection, const struct programme *programme,
                                struct diagnostics *diagnostics) {
    struct query idle = {0};

    if (!query_open(&idle, connection, "judge_idle_waivers", sql_judge_idle_waivers, diagnostics)) {
        return false;
    }
    while (query_step(&idle)) {
        const char *id = query_column_text(&idle, 0);
        const struct place *place = NULL;
        for (size_t i = 0; i < programme->waiver_count; i++) {
            if (strcmp(programme->waivers[i].id, id) == 0) {
                place = &programme->waivers[i].place;
            }
        }
        if (query_column_integer(&idle, 2) != 0) {
            diagnostics_report(
                diagnostics, DIAGNOSTIC_WAIVER_EXPIRED, place,
                "waiver %s expired on %s, or was approved after the date of the assessment, and counts for "
                "nothing; renew it or remediate",
                id, query_column_text(&idle, 4));
        } else {
            diagnostics_report(diagnostics, DIAGNOSTIC_WAIVER_UNUSED, place,
                               "waiver %s matches no exception of test %s; check its item, or remove it", id,
                               query_column_text(&idle, 1));
        }
    }
    return query_close(&idle);
}

bool finding_run(struct store *store, const struct programme *programme, struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);

    return query_execute(connection, "judge_match_waivers", sql_judge_match_waivers, diagnostics) &&
           query_execute(connection, "judge_count_waivers", sql_judge_count_waivers, diagnostics) &&
           report_idle_waivers(connection, programme, diagnostics) &&
           insert_findings(connection, programme, diagnostics);
}
