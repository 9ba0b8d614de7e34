#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMMAND_VERSION "0.1.0"

#define COMMAND_MOST_TEXTS 64 /* of an option that may be given several times */
struct command_texts {
    const char *items[COMMAND_MOST_TEXTS];
    size_t count;
};

/* What the command line said. */
struct command_options {
    const char *folder;            /* -C: the programme folder; default "." */
    const char *period;            /* --period, or NULL */
    const char *profile;           /* --profile; default "portfolio" */
    const char *out;               /* --out; default "out" below the folder */
    const char *as_of;             /* --as-of, or NULL */
    const char *anchor;            /* --anchor, or NULL */
    const char *passphrase_fd;     /* --passphrase-fd, or NULL */
    const char *type;              /* --type, or NULL */
    const char *id;                /* --id, or NULL */
    const char *test;              /* --test, or NULL */
    const char *format;            /* --format: "text" or "json" */
    bool json_diagnostics;         /* what --format says, for the diagnostics */
    bool quiet;                    /* -q */
    bool elliptic;                 /* --elliptic */
    bool rows;                     /* --rows */
    bool save;                     /* --save */
    const char *date;              /* --date, or NULL */
    bool due;                      /* --due */
    const char *through;           /* --through, or NULL */
    struct command_texts prior;    /* --prior, as often as it was given */
    bool all;                      /* --all */
    bool mutate;                   /* --mutate */
    bool copy;                     /* --copy */
    const char *nonce;             /* --nonce, or NULL; of a sample or a mock audit */
    const char *size;              /* --size, or NULL */
    const char *rule;              /* --rule, or NULL */
    const char *risk;              /* --risk, or NULL */
    const char *method;            /* --method, or NULL */
    const char *stratum;           /* --stratum, or NULL */
    const char *evaluate;          /* --evaluate, or NULL */
    const char *confidence;        /* --confidence, or NULL */
    const char *tolerable;         /* --tolerable, or NULL */
    const char *fulfil;            /* --fulfil, or NULL */
    const char *package;           /* --package, or NULL */
    const char *request;           /* --request, or NULL */
    const char *submission;        /* --submission, or NULL */
    bool mock;                     /* --mock */
    const char *group;             /* --group, or NULL */
    const char *notify;            /* --notify, or NULL */
    const char *webhook;           /* --webhook, or NULL */
    const char *webhook_auth;      /* --webhook-auth, or NULL */
    const char *webhook_secret_fd; /* --webhook-secret-fd, or NULL */
    const char *timeout;           /* --timeout, or NULL */
};

/* What every command works with. Commands write to `out`; main prints it and the diagnostics, and sets the exit status.
 */
struct command {
    struct command_options options;
    const char *const *arguments;
    size_t argument_count;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct progress progress;
    struct buffer out;
    bool colour;          /* standard output is a terminal */
    int width;            /* of the terminal, or 0 */
    int64_t signing_time; /* SOURCE_DATE_EPOCH, or the clock */
    bool shortcomings;    /* exceptions or insufficient evidence were found: status 1 */
};

/* Each file of cmd/ is one subcommand. What goes wrong is in the diagnostics; false when the command could not finish.
 */
bool run_command(struct command *command);
bool check_command(struct command *command);
bool collect_command(struct command *command);
bool validate_command(struct command *command);
bool verify_command(struct command *command);
bool keygen_command(struct command *command);
bool schema_command(struct command *command);
bool show_command(struct command *command);
bool init_command(struct command *command);
bool kind_command(struct command *command);
bool letter_command(struct command *command);
bool explain_command(struct command *command);
bool population_command(struct command *command);
bool requests_command(struct command *command);
bool readiness_command(struct command *command);
bool sample_command(struct command *command);

#endif
