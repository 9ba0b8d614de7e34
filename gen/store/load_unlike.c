#include "store/load.h"

#include "base/limits.h"
#include "store/load_unlike.sql.h"
#include "store/tables.h"
#include "store/tables_fill.h"

#include <inttypes.h>

/*
 * What a type that lasts lists one week, it lists the next: an export that shares hardly a key with those around it is
 * another system's, or another company's, under this source's name.
 */

/* An export, and what it is compared with. */
struct unlike_export {
    int64_t at;
    int64_t rows;
    const char *path;
    bool there;
};

struct unlike_search {
    struct store *store;
    const struct evidence_type *type;
    struct query exports;
    struct query share;
    struct query refuse;
};

static bool fill_share(struct unlike_search *search, struct buffer *sql) {
    const struct evidence_type *type = search->type;
    struct diagnostics *diagnostics = search->store->diagnostics;
    struct buffer texts[4] = {{0}, {0}, {0}, {0}};
    const char *const templates[] = {sql_unlike_key, sql_unlike_found, sql_unlike_present, sql_unlike_equal};
    const char *const between[] = {", ", ", ", " ", " "};
    bool done = true;

    for (size_t i = 0; done && i < sizeof texts / sizeof texts[0]; i++) {
        done = tables_fill_columns(&texts[i], templates[i], type, type->key, type->key_count, between[i], diagnostics);
    }
    if (done) {
        const struct tables_part parts[] = {{.placeholder = "type", .name = type->id},
                                            {.placeholder = "key", .text = buffer_text(&texts[0])},
                                            {.placeholder = "key_found", .text = buffer_text(&texts[1])},
                                            {.placeholder = "key_present", .text = buffer_text(&texts[2])},
                                            {.placeholder = "key_equal", .text = buffer_text(&texts[3])}};
        done = tables_fill(sql, sql_unlike_share, parts, sizeof parts / sizeof parts[0], diagnostics);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        buffer_free(&texts[i]);
    }
    return done;
}

static struct unlike_export export_at(struct unlike_search *search, int column) {
    struct query *query = &search->exports;
    return (struct unlike_export){.there = !query_column_null(query, column),
                                  .at = query_column_integer(query, column),
                                  .rows = query_column_integer(query, column + 1),
                                  .path = query_column_text(query, column + 2)};
}

enum likeness { LIKENESS_UNKNOWN, LIKENESS_SHARED, LIKENESS_NONE };

/* How much two exports share; LIKENESS_UNKNOWN where one is not there or tells too little. */
static bool compare(struct unlike_search *search, const struct unlike_export *one, const struct unlike_export *other,
                    enum likeness *likeness) {
    const struct unlike_export *fewer = one->rows <= other->rows ? one : other;
    const struct unlike_export *more = fewer == one ? other : one;
    struct query *share = &search->share;
    *likeness = LIKENESS_UNKNOWN;
    if (!other->there || fewer->rows < LIMIT_UNLIKE_ROWS) {
        return true;
    }
    query_text(share, 1, query_column_text(&search->exports, 0));
    query_text(share, 2, search->type->id);
    query_integer(share, 3, fewer->at);
    query_integer(share, 4, more->at);
    query_integer(share, 5, LIMIT_UNLIKE_LOOKED);
    query_integer(share, 6, LIMIT_UNLIKE_PERCENT);
    bool done = query_step(share);
    int64_t looked = done ? query_column_integer(share, 0) : 0;
    int64_t found = done ? query_column_integer(share, 1) : 0;
    if (looked >= LIMIT_UNLIKE_ROWS) {
        *likeness = found * 100 <= looked * LIMIT_UNLIKE_PERCENT ? LIKENESS_NONE : LIKENESS_SHARED;
    }
    return query_reset(share) && done;
}

static bool report(struct unlike_search *search, const struct unlike_export *one, const struct unlike_export *other,
                   bool counts) {
    struct store *store = search->store;
    struct buffer path = {0};
    load_show_path(store, one->path, &path);
    struct place place = {.path = tables_text(&path, store->diagnostics)};
    if (place.path != NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_UNLIKE_EXPORT, &place,
                           counts
                               ? "from here on hardly any %s of %s is listed: check that both are exports of the same "
                                 "system, and where it was replaced declare the new one as a source of its own, with "
                                 "'from'"
                               : "hardly any %s of %s stands in it, so it looks like another system's export; it does "
                                 "not count: put the right one in its place",
                           search->type->id, other->path);
    }
    buffer_free(&path);
    return place.path != NULL;
}

#define NEIGHBOURS 4 /* two before and two after: a wrong one beside it must not make the right one look wrong */

/*
 * One export: what resembles no neighbour does not count; what resembles later ones alone is told. The first
 * that it resembles settles it: what is behind that one changes nothing.
 */
static bool judge(struct unlike_search *search) {
    const struct unlike_export this = export_at(search, 1);
    struct unlike_export others[NEIGHBOURS];
    enum likeness likeness[NEIGHBOURS] = {LIKENESS_UNKNOWN};
    const struct unlike_export *unlike = NULL;
    bool shared = false;
    for (int i = 0; i < NEIGHBOURS && !shared; i++) {
        others[i] = export_at(search, 4 + 3 * i);
        if (!compare(search, &this, &others[i], &likeness[i])) {
            return false;
        }
        shared = shared || likeness[i] == LIKENESS_SHARED;
        unlike = unlike == NULL && likeness[i] == LIKENESS_NONE ? &others[i] : unlike;
    }
    if (unlike != NULL && !shared) {
        query_text(&search->refuse, 1, query_column_text(&search->exports, 0));
        query_text(&search->refuse, 2, search->type->id);
        query_integer(&search->refuse, 3, this.at);
        return query_run(&search->refuse) && report(search, &this, unlike, false);
    }
    bool begins = likeness[0] == LIKENESS_NONE && likeness[1] != LIKENESS_SHARED;
    return !begins || report(search, &this, &others[0], true);
}

static bool search_type(struct store *store, const struct evidence_type *type) {
    struct unlike_search search = {.store = store, .type = type};
    struct buffer sql = {0};
    bool done =
        fill_share(&search, &sql) &&
        query_open(&search.share, store->connection, "unlike_share", buffer_text(&sql), store->diagnostics) &&
        query_open(&search.exports, store->connection, "unlike_exports", sql_unlike_exports, store->diagnostics) &&
        query_open(&search.refuse, store->connection, "unlike_refuse", sql_unlike_refuse, store->diagnostics);
    query_text(&search.exports, 1, type->id);
    while (done && query_step(&search.exports)) {
        done = judge(&search);
    }
    done = query_close(&search.refuse) && done;
    done = query_close(&search.exports) && done;
    done = query_close(&search.share) && done;
    buffer_free(&sql);
    return done;
}

bool load_unlike(struct store *store) {
    bool done = true;
    for (size_t i = 0; done && i < store->schema->type_count; i++) {
        done = !store->schema->types[i].lasting || search_type(store, &store->schema->types[i]);
    }
    return done;
}
