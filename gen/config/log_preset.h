#ifndef CONFIG_LOG_PRESET_H
#define CONFIG_LOG_PRESET_H

#include <stdbool.h>

/* Logs so common that a kind names them by one word (`preset:`). */
struct log_preset {
    const char *const *patterns; /* NULL-terminated; tried in order */
    bool pairs;                  /* no patterns: key=value pairs */
};

extern const char *const log_preset_names[]; /* NULL-terminated, in the order of log_presets */
extern const struct log_preset log_presets[];

#endif
