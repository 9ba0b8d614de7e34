#include "cmd/collect_sidecar.h"

#include "base/text.h"

#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/*
 * A scalar in double quotes. YAML allows fewer characters to stand for themselves than JSON: the others are escaped in
 * the way that both read.
 */
static void append_string(struct buffer *out, const char *text) {
    if (text == NULL) {
        buffer_append_text(out, "null");
        return;
    }
    size_t length = strlen(text);
    buffer_append_byte(out, '"');
    for (size_t at = 0; at < length;) {
        uint32_t c = text_utf8_next(text, length, &at);
        bool plain = (c >= 0x20 && c < 0x7F) ||
                     (c >= 0xA0 && c != 0x2028 && c != 0x2029 && c != 0xFEFF && (c < 0xFFFE || c > 0xFFFF));
        if (c == '"' || c == '\\') {
            buffer_format(out, "\\%c", (char)c);
        } else if (plain) {
            text_utf8_append(out, c);
        } else {
            buffer_format(out, "\\u%04x", (unsigned)c);
        }
    }
    buffer_append_byte(out, '"');
}

static void append_pair(struct buffer *out, const char *key, const char *value) {
    buffer_format(out, "%s: ", key);
    append_string(out, value);
    buffer_append_byte(out, '\n');
}

static void append_time(struct buffer *out, const char *key, int64_t time) {
    char text[DATETIME_ISO_BYTES];

    datetime_iso(time, text);
    append_pair(out, key, text);
}

/* Who ran it and where: an account of the system and the name of the machine. */
static void append_place(struct buffer *out) {
    struct passwd entry;
    struct passwd *found = NULL;
    struct utsname system;
    char memory[4096];

    if (getpwuid_r(geteuid(), &entry, memory, sizeof memory, &found) == 0 && found != NULL) {
        append_pair(out, "run_as", found->pw_name);
    } else {
        buffer_format(out, "run_as: \"%ld\"\n", (long)geteuid());
    }
    append_pair(out, "host", uname(&system) == 0 ? system.nodename : NULL);
}

void collect_sidecar_write(const struct collect_sidecar *sidecar, struct buffer *out) {
    const struct programme_source *source = sidecar->source;
    const struct record_tally *tally = sidecar->tally;
    char digest[DIGEST_HEX_BYTES];

    buffer_append_text(out, "# Written by `tickmark collect` beside the output of a command.\n");
    append_pair(out, "collected_by", source->collected_by != NULL ? source->collected_by : "tickmark collect");
    if (!sidecar->copy) {
        append_time(out, "collected_at", sidecar->started_at);
    }
    append_pair(out, "source", source->id);
    append_pair(out, "collector", "tickmark " COMMAND_VERSION);
    append_place(out);
    buffer_append_text(out, "command: [");
    for (size_t i = 0; sidecar->argv[i] != NULL; i++) {
        buffer_append_text(out, i > 0 ? ", " : "");
        append_string(out, sidecar->argv[i]);
    }
    buffer_append_text(out, "]\n");
    append_pair(out, "program", sidecar->program);
    append_pair(out, "program_sha256", sidecar->program_sha256);
    append_pair(out, "tool_version", sidecar->version);
    buffer_append_text(out, "environment: [");
    for (size_t i = 0; i < sidecar->environment->count; i++) {
        buffer_append_text(out, i > 0 ? ", " : "");
        append_string(out, sidecar->environment->variables[i].name);
    }
    buffer_append_text(out, "]\n");
    if (source->command->covers != PROGRAMME_COVERS_MOMENT) {
        append_pair(out, "covers_from", sidecar->words->from);
        append_pair(out, "covers_to", sidecar->words->to);
    }
    append_time(out, "started_at", sidecar->started_at);
    append_time(out, "ended_at", sidecar->ended_at);
    buffer_format(out, "exit_status: %d\n", sidecar->result->code);
    buffer_format(out, "stderr_bytes: %" PRIu64 "\n", sidecar->result->err_bytes);
    digest_hex(sidecar->result->err_sha256, digest);
    append_pair(out, "stderr_sha256", digest);
    buffer_format(out, "bytes: %" PRIu64 "\n", sidecar->result->out_bytes);
    append_pair(out, "sha256", sidecar->sha256);
    buffer_format(out, "read_records: %" PRIu64 "\n", tally->records);
    buffer_format(out, "read_rejected: %" PRIu64 "\n", tally->rejected);
    buffer_format(out, "rows: %" PRIu64 "\n", tally->rows);
    buffer_format(out, "invalid_rows: %" PRIu64 "\n", tally->invalid);
}
