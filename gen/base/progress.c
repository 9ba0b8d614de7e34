#include "base/progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#define REDRAW_MILLISECONDS 100
#define BAR_CELLS           30

/* The clock serves the display only: no output of a run depends on it. */
static int64_t now(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) {
        return 0;
    }
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void erase(FILE *terminal) {
    fputs("\r\033[K", terminal);
}

static unsigned percent(const struct progress *progress) {
    if (progress->total == 0) {
        return 0;
    }
    double share = (double)progress->done / (double)progress->total;
    return share >= 1 ? 100 : (unsigned)(share * 100);
}

static void draw(struct progress *progress, int64_t at) {
    FILE *terminal = progress->terminal;
    unsigned done = percent(progress);
    progress->drawn_at = at;
    erase(terminal);
    fprintf(terminal, "%s [", progress->stage);
    for (unsigned cell = 0; cell < BAR_CELLS; cell++) {
        fputc(cell * 100 < done * BAR_CELLS ? '#' : '.', terminal);
    }
    fprintf(terminal, "] %3u%%", done);
    int64_t elapsed = at - progress->started_at;
    if (progress->bytes) {
        fprintf(terminal, "  %.1f of %.1f MB", (double)progress->done / 1e6, (double)progress->total / 1e6);
    }
    if (progress->records > 0) {
        fprintf(terminal, "  %" PRIu64 " records", progress->records);
    }
    if (progress->bytes && elapsed > 0) {
        fprintf(terminal, "  %.1f MB/s", (double)progress->done / 1e3 / (double)elapsed);
    }
    if (elapsed >= 1000) {
        fprintf(terminal, "  %" PRId64 " s", elapsed / 1000);
    }
    fflush(terminal);
}

void progress_open(struct progress *progress, FILE *stream, bool quiet) {
    *progress = (struct progress){0};
    if (!quiet && isatty(fileno(stream))) {
        progress->terminal = stream;
    }
}

static void begin(struct progress *progress, const char *stage, uint64_t total, bool bytes) {
    if (progress->terminal == NULL) {
        return;
    }
    progress->stage = stage;
    progress->bytes = bytes;
    progress->done = 0;
    progress->total = total;
    progress->records = 0;
    progress->started_at = now();
    draw(progress, progress->started_at);
}

void progress_stage(struct progress *progress, const char *stage, uint64_t total) {
    begin(progress, stage, total, false);
}

void progress_stage_bytes(struct progress *progress, const char *stage, uint64_t total) {
    begin(progress, stage, total, true);
}

void progress_add(struct progress *progress, uint64_t done, uint64_t records) {
    if (progress->terminal == NULL || progress->stage == NULL) {
        return;
    }
    progress->done += done;
    progress->records += records;
    int64_t at = now();
    if (at - progress->drawn_at >= REDRAW_MILLISECONDS) {
        draw(progress, at);
    }
}

void progress_close(struct progress *progress) {
    if (progress->terminal != NULL) {
        erase(progress->terminal);
        fflush(progress->terminal);
    }
    *progress = (struct progress){0};
}
