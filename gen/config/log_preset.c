#include "config/log_preset.h"

#include <stddef.h>

/*
 * What all lines of syslog begin with, in the form of RFC 3164 (also with a time in the form of RFC 3339, as most
 * systems write it today) or of RFC 5424. A name that stands in both forms is one path, and as the two have their names
 * in the same order one group: a match costs the less the fewer there are.
 */
#define TIME_OLD "[A-Z][a-z]{2} [ 0-3]?\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?"
#define TIME_NEW "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?"
#define LEAD     "(?:<(?<priority>\\d{1,3})>)?(?<time>" TIME_OLD "|" TIME_NEW ") (?<host>\\S+) "
#define DATA     "-|(?:\\[(?:[^\\]\"]|\"(?:[^\"\\\\]|\\\\.)*+\")*+\\])++"
#define HEADER(programme)                                                                                              \
    "(?J)(?|" LEAD "(?<program>" programme ")(?:\\[(?<pid>\\d+)\\])?:"                                                 \
    "|<(?<priority>\\d{1,3})>[1-9]\\d{0,2} (?<time>" TIME_NEW ") (?<host>\\S+) (?<program>" programme                  \
    ") (?<pid>\\S+) "                                                                                                  \
    "(?<message_id>\\S+) (?<data>" DATA "))(?: \\x{FEFF}?|$)"
#define ANY_PROGRAM HEADER("[^\\s:\\[]++") "(?<message>.*)"
/* "last message repeated 2 times" and "-- MARK --" come from the log itself. */
#define NO_PROGRAM LEAD "(?<message>.*)"

static const char *const syslog[] = {ANY_PROGRAM, NO_PROGRAM, NULL};

/*
 * Only the name of an unknown user is the sender's own choice and may hold anything, also what looks like the rest of
 * the line: it reaches up to the last " from".
 */
#define SSHD HEADER("sshd(?:-session|-auth)?")
static const char *const sshd[] = {
    SSHD "(?<message>(?:message repeated (?<repeated>\\d+) times: \\[ )?(?:error: )?"
         "(?<result>Accepted|Failed|Postponed|maximum authentication attempts exceeded) (?:(?<method>\\S+) )?for "
         "(?|(?:invalid|illegal) user (?<user>.*)|(?<user>\\S+)) from (?<address>\\S+) port (?<port>\\d+)"
         "(?: ssh\\d?)?(?: \\[preauth\\])?(?:: [A-Z0-9-]+ [^\\]]*)?\\]?)",
    SSHD "(?<message>(?<result>Invalid user|Illegal user) (?<user>.*) from (?<address>\\S+)(?: port (?<port>\\d+))?)",
    SSHD "(?<message>User (?<user>.*) from (?<address>\\S+) (?<result>not allowed) because .*)",
    ANY_PROGRAM,
    NO_PROGRAM,
    NULL,
};

static const char *const sudo[] = {
    HEADER("sudo") "(?<message> *(?<user>\\S+) : (?:(?<reason>[^;=]+) ; )?(?:HOST=\\S+ ; )?(?:TTY=(?<tty>[^;]*) ; )?"
                   "(?:CHROOT=(?<root>[^;]*) ; )?PWD=(?<pwd>.*?) ; USER=(?<run_as>[^;]*?) ; "
                   "(?:GROUP=(?<run_as_group>[^;]*) ; )?(?:TSID=(?<session>[^;]*) ; )?(?:ENV=(?<environment>.*?) ; )?"
                   "COMMAND=(?<command>.*))",
    ANY_PROGRAM,
    NO_PROGRAM,
    NULL,
};

/* The common log format of web servers, and the combined one that adds the last two. */
#define QUOTED "(?:[^\"\\\\]|\\\\.)*+"
static const char *const common_log[] = {
    "(?<address>\\S+) (?<identity>\\S+) (?<user>.*?) \\[(?<time>[^\\]]*)\\] "
    "\"(?<request>(?<method>[A-Z]+) (?<target>[^\\s\"]+)(?: (?<protocol>HTTP/\\d(?:\\.\\d)?))?|" QUOTED ")\" "
    "(?<status>\\d{3}) (?<bytes>\\d+|-)(?: \"(?<referrer>" QUOTED ")\" \"(?<agent>" QUOTED ")\")?",
    NULL,
};

const char *const log_preset_names[] = {"syslog", "sshd", "sudo", "keyvalue", "common-log", NULL};
const struct log_preset log_presets[] = {
    {.patterns = syslog}, {.patterns = sshd}, {.patterns = sudo}, {.pairs = true}, {.patterns = common_log},
};
