#include "assess/metric_trend.h"

#include "assess/metric.sql.h"
#include "assess/metric_print.h"
#include "store/query.h"

static bool print_differences(sqlite3 *connection, struct diagnostics *diagnostics) {
    struct query differences = {0};
    struct query set = {0};
    bool done = query_open(&differences, connection, "metric_differences", sql_metric_differences, diagnostics) &&
                query_open(&set, connection, "metric_set_difference", sql_metric_set_difference, diagnostics);

    while (done && query_step(&differences)) {
        struct buffer text = {0};
        metric_print_difference(query_column_real(&differences, 2), query_column_text(&differences, 3),
                                query_column_integer(&differences, 4), &text);
        query_text(&set, 1, query_column_text(&differences, 0));
        query_integer(&set, 2, query_column_integer(&differences, 1));
        query_buffer(&set, 3, &text);
        done = query_run(&set);
        buffer_free(&text);
    }
    done = query_close(&set) && done;
    return query_close(&differences) && done;
}

bool metric_trend_run(sqlite3 *connection, struct diagnostics *diagnostics) {
    return query_execute(connection, "metric_trends", sql_metric_trends, diagnostics) &&
           print_differences(connection, diagnostics);
}
