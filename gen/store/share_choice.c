#include "store/share_choice.h"

#include <stdlib.h>
#include <string.h>

#define READERS_WANTED 2

/* Who reads what, by the names in the SQL. */
struct names {
    const struct schema *schema;
    const struct share_choice *choice;
    bool *reads;     /* by view, and in it by the view that it names */
    size_t *readers; /* by view: tests and metrics that read it, with nothing shared between it and them */
    bool *counted;   /* by view: its readers are all known, and are its views' too */
    bool *shared;    /* by view */
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Goes on to the next name in SQL, past comments; its length, or 0 at the end. */
static size_t next_name(const char **sql) {
    const char *at = *sql;
    size_t length = 0;

    while (*at != '\0' && length == 0) {
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            at = end != NULL ? end + 2 : at + strlen(at);
        } else if (is_letter(*at)) {
            while (is_letter(at[length]) || (at[length] >= '0' && at[length] <= '9') || at[length] == '$') {
                length++;
            }
        } else {
            at++;
        }
    }
    *sql = at;
    return length;
}

/* Letters by which names are told apart at first: SQL does not tell their cases apart. */
static size_t first_letter(const char *name) {
    return (unsigned char)name[0] & 31;
}

static uint64_t length_bit(size_t length) {
    return UINT64_C(1) << (length < 63 ? length : 63);
}

/* The view of that name, or SIZE_MAX. */
static size_t view_named(const struct share_choice *choice, const struct schema *schema, const char *name,
                         size_t length) {
    if ((choice->lengths[first_letter(name)] & length_bit(length)) == 0) {
        return SIZE_MAX;
    }
    for (size_t v = 0; v < schema->view_count; v++) {
        if (strncasecmp(schema->views[v].id, name, length) == 0 && schema->views[v].id[length] == '\0') {
            return v;
        }
    }
    return SIZE_MAX;
}

/* Marks the views that SQL names. */
static void find_names(const struct names *names, const char *sql, bool *named) {
    for (size_t length = next_name(&sql); length > 0; sql += length, length = next_name(&sql)) {
        size_t view = view_named(names->choice, names->schema, sql, length);
        if (view != SIZE_MAX) {
            named[view] = true;
        }
    }
}

static bool *reads_of(const struct names *names, size_t view) {
    return names->reads + view * names->schema->view_count;
}

/* Counts one more reader of every view that the SQL names; `named` is room for a flag for each view. */
static void count_reader(struct names *names, const char *query, bool *named) {
    size_t views = names->schema->view_count;

    if (query == NULL) {
        return;
    }
    memset(named, 0, views * sizeof *named);
    find_names(names, query, named);
    for (size_t v = 0; v < views; v++) {
        names->readers[v] += named[v];
    }
}

static bool count_readers(struct names *names) {
    const struct schema *schema = names->schema;
    bool *named = calloc(schema->view_count + 1, sizeof *named);

    for (size_t c = 0; named != NULL && c < schema->control_count; c++) {
        for (size_t t = 0; t < schema->controls[c].test_count; t++) {
            count_reader(names, schema->controls[c].tests[t].query, named);
        }
    }
    for (size_t m = 0; named != NULL && m < schema->metric_count; m++) {
        count_reader(names, schema->metrics[m].query, named);
    }
    free(named);
    return named != NULL;
}

/* Whether a view whose own readers are not all known yet names this one. */
static bool awaits_readers(const struct names *names, size_t view) {
    for (size_t v = 0; v < names->schema->view_count; v++) {
        if (v != view && !names->counted[v] && reads_of(names, v)[view]) {
            return true;
        }
    }
    return false;
}

/* A view whose readers are known; where names go round in a circle, any. */
static size_t next_view(const struct names *names) {
    size_t left = SIZE_MAX;

    for (size_t v = names->schema->view_count; v-- > 0;) {
        if (names->counted[v]) {
            continue;
        }
        left = v;
        if (!awaits_readers(names, v)) {
            break;
        }
    }
    return left;
}

/* From the views that tests and metrics read down to those behind them; `order` is filled from its end. */
static void choose(struct names *names, struct share_choice *out) {
    size_t views = names->schema->view_count;
    size_t first = views;

    for (size_t v = next_view(names); v != SIZE_MAX; v = next_view(names)) {
        names->counted[v] = true;
        names->shared[v] = names->readers[v] >= READERS_WANTED;
        if (names->shared[v]) {
            out->order[--first] = v;
        }
        for (size_t behind = 0; behind < views; behind++) {
            if (reads_of(names, v)[behind]) {
                names->readers[behind] += names->shared[v] ? 1 : names->readers[v];
            }
        }
    }
    out->count = views - first;
    memmove(out->order, out->order + first, out->count * sizeof *out->order);
}

static void find_concerned(const struct names *names, bool *concerned) {
    size_t views = names->schema->view_count;

    memcpy(concerned, names->shared, views * sizeof *concerned);
    for (bool more = true; more;) {
        more = false;
        for (size_t v = 0; v < views; v++) {
            for (size_t behind = 0; !concerned[v] && behind < views; behind++) {
                concerned[v] = reads_of(names, v)[behind] && concerned[behind];
                more = more || concerned[v];
            }
        }
    }
}

bool share_choice_make(const struct schema *schema, struct share_choice *out, struct diagnostics *diagnostics) {
    size_t views = schema->view_count;
    struct names names = {.schema = schema,
                          .choice = out,
                          .reads = calloc(views * views + 1, sizeof(bool)),
                          .readers = calloc(views + 1, sizeof(size_t)),
                          .counted = calloc(views + 1, sizeof(bool)),
                          .shared = calloc(views + 1, sizeof(bool))};

    *out = (struct share_choice){.order = calloc(views + 1, sizeof *out->order),
                                 .concerned = calloc(views + 1, sizeof *out->concerned)};
    bool made = names.reads != NULL && names.readers != NULL && names.counted != NULL && names.shared != NULL &&
                out->order != NULL && out->concerned != NULL;
    for (size_t v = 0; made && v < views; v++) {
        out->lengths[first_letter(schema->views[v].id)] |= length_bit(strlen(schema->views[v].id));
    }
    made = made && count_readers(&names);
    if (made) {
        for (size_t v = 0; v < views; v++) {
            find_names(&names, schema->views[v].sql, reads_of(&names, v));
            reads_of(&names, v)[v] = false;
        }
        choose(&names, out);
        find_concerned(&names, out->concerned);
    } else {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to find the views that tests share");
    }
    free(names.reads);
    free(names.readers);
    free(names.counted);
    free(names.shared);
    return made;
}

void share_choice_free(struct share_choice *choice) {
    free(choice->order);
    free(choice->concerned);
    *choice = (struct share_choice){0};
}

bool share_choice_concerns(const struct share_choice *choice, const struct schema *schema, const char *sql) {
    for (size_t length = next_name(&sql); length > 0; sql += length, length = next_name(&sql)) {
        size_t view = view_named(choice, schema, sql, length);
        if (view != SIZE_MAX && choice->concerned[view]) {
            return true;
        }
    }
    return false;
}
