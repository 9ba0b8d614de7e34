#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

/* A small schema in C, so that the store's tests need no configuration: accounts (snapshots) and sign-ins (events). */

#include "scratch.h"

#include "config/programme.h"
#include "config/schema.h"
#include "config/yaml.h"
#include "store/guard.h"
#include "store/store.h"

#define FIXTURE_PERIOD_FROM  INT64_C(1759276800) /* 2025-10-01, by date -u -d */
#define FIXTURE_PERIOD_UNTIL INT64_C(1767225600) /* 2026-01-01 */
#define FIXTURE_DAY          INT64_C(86400)

enum { FIXTURE_ACCOUNT, FIXTURE_SIGN_IN, FIXTURE_TYPES };
enum { FIXTURE_LOGIN, FIXTURE_ACTIVE, FIXTURE_KIND, FIXTURE_CREATED, FIXTURE_SCORE, FIXTURE_ACCOUNT_COLUMNS };
enum { FIXTURE_ID, FIXTURE_WHO, FIXTURE_HAPPENED, FIXTURE_OUTCOME, FIXTURE_SIGN_IN_COLUMNS };
enum { FIXTURE_ACCOUNTS_KIND, FIXTURE_SIGN_INS_KIND, FIXTURE_MIXED_KIND, FIXTURE_KINDS };

struct fixture {
    const char *kind_values[2];
    struct yaml_node yes;
    struct yaml_node person;
    struct column account_columns[FIXTURE_ACCOUNT_COLUMNS];
    struct column sign_in_columns[FIXTURE_SIGN_IN_COLUMNS];
    size_t first_column[1];
    struct evidence_type types[FIXTURE_TYPES];
    struct view views[2];
    struct mapping account_mapping[1];
    struct row_rule account_rule[1];
    struct row_rule sign_in_rule[1];
    struct row_rule mixed_rules[2];
    struct kind kinds[FIXTURE_KINDS];
    struct criterion criteria[2];
    struct schema schema;
};

static inline void fixture_open(struct fixture *f) {
    memset(f, 0, sizeof *f);
    f->kind_values[0] = "person";
    f->kind_values[1] = "service";
    f->yes = (struct yaml_node){.kind = YAML_SCALAR, .text = "true", .length = 4};
    f->person = (struct yaml_node){.kind = YAML_SCALAR, .text = "person", .length = 6};
    struct column *a = f->account_columns;
    a[FIXTURE_LOGIN] = (struct column){.name = "login", .kind = COLUMN_TEXT, .required = true};
    a[FIXTURE_ACTIVE] = (struct column){.name = "active", .kind = COLUMN_BOOLEAN, .default_value = &f->yes};
    a[FIXTURE_KIND] = (struct column){
        .name = "kind", .kind = COLUMN_ENUMERATION, .values = {f->kind_values, 2}, .default_value = &f->person};
    a[FIXTURE_CREATED] = (struct column){.name = "created_at", .kind = COLUMN_TIME};
    a[FIXTURE_SCORE] = (struct column){.name = "score", .kind = COLUMN_REAL};
    struct column *s = f->sign_in_columns;
    s[FIXTURE_ID] = (struct column){.name = "id", .kind = COLUMN_TEXT};
    s[FIXTURE_WHO] = (struct column){.name = "login", .kind = COLUMN_TEXT, .required = true};
    s[FIXTURE_HAPPENED] = (struct column){.name = "happened_at", .kind = COLUMN_TIME};
    s[FIXTURE_OUTCOME] = (struct column){.name = "outcome", .kind = COLUMN_TEXT};
    f->types[FIXTURE_ACCOUNT] = (struct evidence_type){.id = "account",
                                                       .title = "Account",
                                                       .shape = TYPE_SNAPSHOT,
                                                       .columns = a,
                                                       .column_count = FIXTURE_ACCOUNT_COLUMNS,
                                                       .key = f->first_column,
                                                       .key_count = 1,
                                                       .time_column = FIXTURE_CREATED,
                                                       .place = {.path = "types.yaml", .line = 2}};
    f->types[FIXTURE_SIGN_IN] = (struct evidence_type){.id = "sign_in",
                                                       .title = "Sign-in",
                                                       .shape = TYPE_EVENT,
                                                       .columns = s,
                                                       .column_count = FIXTURE_SIGN_IN_COLUMNS,
                                                       .key = f->first_column,
                                                       .key_count = 1,
                                                       .time_column = FIXTURE_HAPPENED,
                                                       .place = {.path = "types.yaml", .line = 9}};
    f->views[0] =
        (struct view){.id = "active_account",
                      .sql = "-- Accounts that can sign in.\nSELECT ref, login, at FROM account WHERE active\n",
                      .place = {.path = "views/active_account.sql", .line = 1}};
    f->views[1] = (struct view){.id = "newest_account",
                                .sql = "SELECT ref, login FROM Account_Latest",
                                .place = {.path = "views/newest_account.sql", .line = 1}};
    /* Only what the store asks of a kind: whether it tells when accounts were made. */
    f->account_mapping[0] = (struct mapping){.column = FIXTURE_CREATED, .has_from = true};
    f->account_rule[0] = (struct row_rule){.type = FIXTURE_ACCOUNT, .mappings = f->account_mapping, .mapping_count = 1};
    f->sign_in_rule[0] = (struct row_rule){.type = FIXTURE_SIGN_IN};
    f->mixed_rules[0] = (struct row_rule){.type = FIXTURE_ACCOUNT};
    f->mixed_rules[1] = (struct row_rule){.type = FIXTURE_SIGN_IN, .may_be_empty = true};
    f->kinds[FIXTURE_ACCOUNTS_KIND] =
        (struct kind){.id = "accounts", .title = "Account export", .rules = f->account_rule, .rule_count = 1};
    f->kinds[FIXTURE_SIGN_INS_KIND] =
        (struct kind){.id = "sign-ins", .title = "Sign-in log", .rules = f->sign_in_rule, .rule_count = 1};
    f->kinds[FIXTURE_MIXED_KIND] =
        (struct kind){.id = "directory", .title = "Directory dump", .rules = f->mixed_rules, .rule_count = 2};
    f->criteria[0] = (struct criterion){.id = "A1.1", .category = "availability", .title = "Capacity"};
    f->criteria[1] = (struct criterion){.id = "CC6.1", .category = "security", .title = "Access"};
    f->schema = (struct schema){.criteria = f->criteria,
                                .criterion_count = 2,
                                .types = f->types,
                                .type_count = FIXTURE_TYPES,
                                .kinds = f->kinds,
                                .kind_count = FIXTURE_KINDS,
                                .views = f->views,
                                .view_count = 2};
}

static inline struct span fixture_period(void) {
    return (struct span){FIXTURE_PERIOD_FROM, FIXTURE_PERIOD_UNTIL};
}

/* The only value of a query without parameters, as text ("NULL" for NULL). */
static inline void fixture_ask(struct guard *guard, const char *sql, const char *expected) {
    struct guard_query *query = guard_prepare(guard, sql, &(struct place){.path = "test.yaml", .line = 1});
    assert_non_null(query);
    assert_int_equal(guard_step(query), GUARD_ROW);
    const char *text = guard_text(query, 0);
    assert_string_equal(text == NULL ? "NULL" : text, expected);
    assert_int_equal(guard_step(query), GUARD_DONE);
    guard_query_free(query);
}

#endif
