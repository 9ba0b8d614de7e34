#include "cmd/command.h"

#include "assess/assess.h"
#include "cmd/schema_mutate.h"
#include "cmd/workspace.h"
#include "store/load_expression.h"

#include <string.h>

bool schema_command(struct command *command) {
    struct workspace workspace;
    struct assess_challenges counts;

    if (command->argument_count == 0 || strcmp(command->arguments[0], "test") != 0 ||
        (command->argument_count > 1 && !command->options.mutate)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`schema` knows one action: `tickmark schema test`, with `--mutate [TEST...]` if you like");
        return false;
    }
    if (!workspace_open_schema(command, &workspace)) {
        return false;
    }
    bool sound = load_expression_check(workspace.schema, command->diagnostics);
    if (!assess_challenges(workspace.schema, &counts, command->diagnostics) || !sound) {
        return false;
    }
    const struct schema *schema = workspace.schema;
    if (command->options.mutate) {
        return schema_mutate(command, schema);
    }
    if (command->options.json_diagnostics) {
        buffer_format(&command->out,
                      "{\"criteria\": %zu, \"controls\": %zu, \"types\": %zu, \"kinds\": %zu, \"views\": %zu, "
                      "\"tests\": %zu, \"challenges\": %zu, \"failed\": %zu, \"metrics\": %zu, "
                      "\"metric_challenges\": %zu, \"populations\": %zu, \"population_challenges\": %zu}\n",
                      schema->criterion_count, schema->control_count, schema->type_count, schema->kind_count,
                      schema->view_count, counts.tests, counts.challenges, counts.failed, schema->metric_count,
                      counts.metric_challenges, counts.populations, counts.population_challenges);
    } else if (!command->options.quiet) {
        buffer_format(&command->out,
                      "%zu criteria, %zu controls, %zu evidence types, %zu kinds, %zu views\n"
                      "%zu tests met %zu challenges: all as expected\n",
                      schema->criterion_count, schema->control_count, schema->type_count, schema->kind_count,
                      schema->view_count, counts.tests, counts.challenges);
        if (counts.populations > 0) {
            buffer_format(&command->out, "%zu populations met %zu challenges: all as expected\n", counts.populations,
                          counts.population_challenges);
        }
        if (schema->metric_count > 0) {
            buffer_format(&command->out,
                          "%zu metrics, %zu of them with a query that met %zu challenges: all as expected\n",
                          schema->metric_count, counts.metrics, counts.metric_challenges);
        }
    }
    return true;
}
