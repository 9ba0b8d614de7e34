#include "base/diagnostics.h"
#include "base/limits.h"
#include "read/nest.h"
#include "read/yaml_input.h"
#include "read/yaml_scalar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/*
 * YAML by the events of libyaml. Aliases are never followed: one spoils the record it stands in. Tags say nothing, but
 * that a plain scalar with one is a text, and that binary is refused. Documents without content are none.
 */
struct yaml_nest {
    struct nest nest; /* first */
    yaml_parser_t parser;
    struct yaml_input input;
    yaml_event_t event; /* the last one, which `nest.text` points into */
    bool has_event;
    enum nest_event last;
    bool stopped;      /* `last` stays */
    bool hollow;       /* the document has no content */
    uint64_t objects;  /* a bit a level: 1 is an object ... */
    uint64_t awaiting; /* ... 1 awaits a key */
    unsigned depth;
    bool holding;
    struct buffer held; /* what has come since, as JSON */
};

_Static_assert(LIMIT_JSON_DEPTH <= 64, "the kinds of the open containers are the bits of one number");

static struct nest *yaml_nest_open(struct byte_source *bytes, bool lines) {
    struct yaml_nest *nest = calloc(1, sizeof *nest);

    (void)lines;
    if (nest == NULL || !yaml_parser_initialize(&nest->parser)) {
        free(nest);
        return NULL;
    }
    nest->nest.format = &yaml_nest_format;
    nest->nest.line = 1;
    yaml_input_open(&nest->input, bytes);
    yaml_parser_set_input(&nest->parser, yaml_input_read, &nest->input);
    return &nest->nest;
}

static void yaml_nest_forget(struct yaml_nest *nest) {
    if (nest->has_event) {
        yaml_event_delete(&nest->event);
    }
    nest->has_event = false;
    nest->nest.text = NULL;
    nest->nest.text_length = 0;
}

static void yaml_nest_close(struct nest *base) {
    struct yaml_nest *nest = (struct yaml_nest *)base;

    yaml_nest_forget(nest);
    yaml_parser_delete(&nest->parser);
    yaml_input_close(&nest->input);
    buffer_free(&nest->held);
    free(nest);
}

static enum nest_event yaml_nest_stop(struct yaml_nest *nest, enum nest_event event) {
    nest->stopped = true;
    nest->last = event;
    return event;
}

static enum nest_event yaml_nest_error(struct yaml_nest *nest, enum nest_problem problem, const char *error) {
    nest->nest.problem = problem;
    nest->nest.error = error;
    return yaml_nest_stop(nest, NEST_ERROR);
}

static enum nest_event yaml_nest_system(struct yaml_nest *nest, int error) {
    nest->nest.system_error = error;
    return yaml_nest_stop(nest, NEST_READ_FAILED);
}

/* Bytes that are no text of the encoding, or characters that YAML has no place for. */
static enum nest_event yaml_nest_unreadable(struct yaml_nest *nest) {
    yaml_input_pass_bytes(&nest->input, nest->parser.problem_offset);
    nest->nest.line = nest->input.line;
    nest->nest.column = 0;
    if (strncmp(nest->parser.problem, "incomplete", strlen("incomplete")) == 0) {
        return yaml_nest_stop(nest, NEST_TRUNCATED);
    }
    if (nest->parser.problem_value == 0) {
        return yaml_nest_error(nest, NEST_PROBLEM_ENCODING, "a NUL stands in the text, or it is UTF-16 without a mark");
    }
    bool control = strcmp(nest->parser.problem, "control characters are not allowed") == 0;
    return yaml_nest_error(nest, control ? NEST_PROBLEM_SYNTAX : NEST_PROBLEM_ENCODING,
                           control ? "a control character stands in the text" : "the text is not UTF-8");
}

static enum nest_event yaml_nest_failed(struct yaml_nest *nest) {
    const yaml_parser_t *parser = &nest->parser;

    if (parser->error == YAML_MEMORY_ERROR || nest->input.error != 0) {
        return yaml_nest_system(nest, parser->error == YAML_MEMORY_ERROR ? ENOMEM : nest->input.error);
    }
    if (nest->input.too_long) {
        return yaml_nest_error(nest, NEST_PROBLEM_LENGTH, "a value is longer than 16 MiB");
    }
    if (parser->error == YAML_READER_ERROR) {
        return yaml_nest_unreadable(nest);
    }
    yaml_input_pass(&nest->input, parser->problem_mark.index);
    nest->nest.line = nest->input.line;
    nest->nest.column = parser->problem_mark.column + 1;
    if (yaml_input_at_end(&nest->input)) {
        return yaml_nest_stop(nest, NEST_TRUNCATED);
    }
    return yaml_nest_error(nest, NEST_PROBLEM_SYNTAX, parser->problem != NULL ? parser->problem : "it is malformed");
}

/* The next event of libyaml, with its place. False when there is none. */
static bool yaml_nest_parse(struct yaml_nest *nest) {
    yaml_nest_forget(nest);
    nest->input.since = 0;
    if (!yaml_parser_parse(&nest->parser, &nest->event)) {
        yaml_nest_failed(nest);
        return false;
    }
    nest->has_event = true;
    nest->nest.offset = yaml_input_pass(&nest->input, nest->event.start_mark.index);
    nest->nest.line = nest->input.line;
    nest->nest.column = nest->event.start_mark.column + 1;
    /* What indentation ends has no token of its own: it ended with what it holds last. */
    if (nest->event.end_mark.index > nest->event.start_mark.index || nest->event.type == YAML_SCALAR_EVENT) {
        nest->nest.end = yaml_input_pass(&nest->input, nest->event.end_mark.index);
    }
    return true;
}

static bool yaml_nest_awaits_key(const struct yaml_nest *nest) {
    return nest->depth > 0 && (nest->objects & nest->awaiting) >> (nest->depth - 1) & 1;
}

/* In an object keys and values take turns. */
static void yaml_nest_turn(struct yaml_nest *nest) {
    if (nest->depth > 0) {
        nest->awaiting ^= UINT64_C(1) << (nest->depth - 1);
    }
}

static const char *yaml_nest_tag(const yaml_event_t *event) {
    return event->type == YAML_SCALAR_EVENT           ? (const char *)event->data.scalar.tag
           : event->type == YAML_SEQUENCE_START_EVENT ? (const char *)event->data.sequence_start.tag
           : event->type == YAML_MAPPING_START_EVENT  ? (const char *)event->data.mapping_start.tag
                                                      : NULL;
}

static void yaml_nest_check_tag(struct yaml_nest *nest) {
    const char *tag = yaml_nest_tag(&nest->event);

    if (tag != NULL && (strcmp(tag, "tag:yaml.org,2002:binary") == 0 || strcmp(tag, "!binary") == 0)) {
        nest_note_flaw(&nest->nest, NEST_FLAW_BINARY);
    }
}

/* Passes over a key that is no scalar. False when reading has stopped. */
static bool yaml_nest_pass_key(struct yaml_nest *nest) {
    unsigned depth = 0;

    do {
        depth += nest->event.type == YAML_SEQUENCE_START_EVENT || nest->event.type == YAML_MAPPING_START_EVENT;
        depth -= nest->event.type == YAML_SEQUENCE_END_EVENT || nest->event.type == YAML_MAPPING_END_EVENT;
        if (depth + nest->depth > LIMIT_JSON_DEPTH) {
            yaml_nest_error(nest, NEST_PROBLEM_DEPTH, "lists and mappings are nested more than 64 deep");
            return false;
        }
    } while (depth > 0 && yaml_nest_parse(nest));
    return !nest->stopped;
}

static enum nest_event yaml_nest_key(struct yaml_nest *nest) {
    yaml_nest_turn(nest);
    nest->nest.text = "";
    if (nest->event.type == YAML_SCALAR_EVENT) {
        nest->nest.text = (const char *)nest->event.data.scalar.value;
        nest->nest.text_length = nest->event.data.scalar.length;
        return NEST_KEY;
    }
    nest_note_flaw(&nest->nest, nest->event.type == YAML_ALIAS_EVENT ? NEST_FLAW_REFERENCE : NEST_FLAW_KEY);
    if (!yaml_nest_pass_key(nest)) {
        return nest->last;
    }
    nest->nest.text = "";
    return NEST_KEY;
}

static enum nest_event yaml_nest_begin(struct yaml_nest *nest, bool object) {
    if (nest->depth == LIMIT_JSON_DEPTH) {
        return yaml_nest_error(nest, NEST_PROBLEM_DEPTH, "lists and mappings are nested more than 64 deep");
    }
    yaml_nest_turn(nest);
    uint64_t bit = UINT64_C(1) << nest->depth++;
    nest->objects = object ? nest->objects | bit : nest->objects & ~bit;
    nest->awaiting |= bit;
    return object ? NEST_OBJECT_BEGIN : NEST_LIST_BEGIN;
}

static enum nest_event yaml_nest_scalar(struct yaml_nest *nest) {
    const char *text = (const char *)nest->event.data.scalar.value;
    size_t length = nest->event.data.scalar.length;
    bool plain = nest->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && nest->event.data.scalar.tag == NULL;

    yaml_nest_turn(nest);
    nest->nest.text = text;
    nest->nest.text_length = length;
    return plain ? yaml_scalar_event(text, length) : NEST_STRING;
}

/* The event, or NEST_END for one that says nothing (`stopped` is then not set). */
static enum nest_event yaml_nest_translate(struct yaml_nest *nest) {
    yaml_nest_check_tag(nest);
    switch (nest->event.type) {
    case YAML_DOCUMENT_END_EVENT:
        return nest->hollow ? NEST_END : NEST_DOCUMENT_END;
    case YAML_STREAM_END_EVENT:
        return yaml_nest_stop(nest, NEST_END);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        nest->depth--;
        return nest->event.type == YAML_MAPPING_END_EVENT ? NEST_OBJECT_END : NEST_LIST_END;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_START_EVENT:
        return NEST_END;
    default:
        break;
    }
    if (yaml_nest_awaits_key(nest)) {
        return yaml_nest_key(nest);
    }
    nest->hollow = nest->depth == 0 && nest->event.type == YAML_SCALAR_EVENT && nest->event.data.scalar.length == 0 &&
                   nest->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (nest->hollow) {
        return NEST_END;
    }
    if (nest->event.type == YAML_ALIAS_EVENT) {
        nest_note_flaw(&nest->nest, NEST_FLAW_REFERENCE);
        yaml_nest_turn(nest);
        return NEST_NULL;
    }
    return nest->event.type == YAML_SCALAR_EVENT ? yaml_nest_scalar(nest)
                                                 : yaml_nest_begin(nest, nest->event.type == YAML_MAPPING_START_EVENT);
}

static enum nest_event yaml_nest_next(struct nest *base) {
    struct yaml_nest *nest = (struct yaml_nest *)base;
    enum nest_event event = NEST_END;

    while (event == NEST_END && !nest->stopped) {
        if (!yaml_nest_parse(nest)) {
            break;
        }
        event = yaml_nest_translate(nest);
    }
    if (nest->stopped) {
        return nest->last;
    }
    nest->last = event;
    if (nest->holding && nest->held.length <= LIMIT_RECORD_BYTES) {
        yaml_scalar_json(&nest->held, event, nest->nest.text, nest->nest.text_length);
    }
    return event;
}

static bool yaml_nest_skip(struct nest *base) {
    struct yaml_nest *nest = (struct yaml_nest *)base;
    unsigned depth = nest->depth;

    if (nest->stopped) {
        return false;
    }
    if (nest->last == NEST_OBJECT_BEGIN || nest->last == NEST_LIST_BEGIN) {
        depth--;
    } else if (nest->last != NEST_KEY) {
        return true;
    }
    do {
        yaml_nest_next(base);
    } while (!nest->stopped && nest->depth > depth);
    return !nest->stopped;
}

static uint64_t yaml_nest_hold(struct nest *base) {
    struct yaml_nest *nest = (struct yaml_nest *)base;

    if (!nest->holding) {
        nest->holding = true;
        buffer_clear(&nest->held);
        yaml_scalar_json(&nest->held, nest->last, NULL, 0);
    }
    return nest->held.length - 1; /* before the bracket */
}

static const char *yaml_nest_held(struct nest *base, uint64_t mark, size_t *length) {
    struct yaml_nest *nest = (struct yaml_nest *)base;

    if (nest->held.failed || nest->held.length > LIMIT_RECORD_BYTES) {
        return NULL;
    }
    *length = nest->held.length - (size_t)mark;
    return nest->held.data + mark;
}

static void yaml_nest_release(struct nest *base) {
    ((struct yaml_nest *)base)->holding = false;
}

static bool yaml_nest_resynchronise(struct nest *base) {
    (void)base;
    return false;
}

const struct nest_format yaml_nest_format = {
    .name = "YAML",
    .document = "a YAML document",
    .object = "YAML mapping",
    .problems = {[NEST_PROBLEM_SYNTAX] = DIAGNOSTIC_YAML_MALFORMED,
                 [NEST_PROBLEM_DEPTH] = DIAGNOSTIC_YAML_MALFORMED,
                 [NEST_PROBLEM_LENGTH] = DIAGNOSTIC_RECORD_TOO_LONG,
                 [NEST_PROBLEM_ENCODING] = DIAGNOSTIC_ENCODING,
                 [NEST_PROBLEM_REFUSED] = DIAGNOSTIC_YAML_UNREAD},
    .duplicate = DIAGNOSTIC_YAML_DUPLICATE,
    .reference = DIAGNOSTIC_YAML_UNREAD,
    .open = yaml_nest_open,
    .close = yaml_nest_close,
    .next = yaml_nest_next,
    .skip = yaml_nest_skip,
    .hold = yaml_nest_hold,
    .held = yaml_nest_held,
    .release = yaml_nest_release,
    .resynchronise = yaml_nest_resynchronise,
};
