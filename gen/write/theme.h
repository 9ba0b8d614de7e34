#ifndef WRITE_THEME_H
#define WRITE_THEME_H

#include "base/arena.h"
#include "base/diagnostics.h"

/*
 * How reports look: templates/theme.conf, lines of `key = value` ("#" begins a comment line). Colours are 0xRRGGBB, in
 * the file six hexadecimal digits; `badge.CLASS = INK on PAPER`. Fonts are `FILE from PACKAGE`, FILE being looked for
 * in the folders the theme lists, in order; a font that is nowhere is reported with the package that has it.
 */
struct theme_badge {
    const char *name; /* class: "exception" */
    unsigned ink;
    unsigned paper;
};
struct theme {
    unsigned ink, muted, accent, rule, band, link; /* text, secondary text, headings, lines, table bands, links */
    const char *body;                              /* paths of font files */
    const char *body_bold;
    const char *body_italic;
    const char *mono;
    const char **fallback; /* tried in order for characters the others lack */
    size_t fallback_count;
    double body_size; /* points */
    struct theme_badge *badges;
    size_t badge_count;
    const char *style; /* CSS for the HTML report, from theme.css beside the file */
};

/* Reads theme.conf and theme.css in `folder`. NULL after reporting all that is wrong. */
struct theme *theme_load(struct arena *arena, const char *folder, struct diagnostics *diagnostics);
/* The badge of a class, or NULL. */
const struct theme_badge *theme_badge(const struct theme *theme, const char *name);

#endif
