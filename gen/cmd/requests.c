#include "cmd/command.h"

bool requests_command(struct command *command) {
    (void)command;
    return false;
}
