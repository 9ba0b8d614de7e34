#include "assess/roi_figures.h"

#define MONTHS_A_YEAR   12.0
#define DAYS_A_YEAR     365.0
#define MINUTES_AN_HOUR 60.0

static bool has(const struct roi_context *context, size_t input) {
    return (context->declared >> input & 1u) != 0;
}

/* ---- before and after ---- */

static bool less(const double *values, size_t before, double *out) {
    *out = values[before] - values[before + 1];
    return true;
}

static bool share(const double *values, size_t before, double *out) {
    if (!(values[before] > 0.0)) {
        return false;
    }
    *out = 100.0 * (values[before] - values[before + 1]) / values[before];
    return true;
}

static bool certification(const double *values, const void *context, double *out) {
    (void)context;
    return less(values, ROI_CERTIFICATION_BEFORE, out);
}
static bool certification_share(const double *values, const void *context, double *out) {
    (void)context;
    return share(values, ROI_CERTIFICATION_BEFORE, out);
}
static bool hours(const double *values, const void *context, double *out) {
    (void)context;
    return less(values, ROI_HOURS_BEFORE, out);
}
static bool hours_share(const double *values, const void *context, double *out) {
    (void)context;
    return share(values, ROI_HOURS_BEFORE, out);
}
static bool audit(const double *values, const void *context, double *out) {
    (void)context;
    return less(values, ROI_AUDIT_BEFORE, out);
}
static bool audit_share(const double *values, const void *context, double *out) {
    (void)context;
    return share(values, ROI_AUDIT_BEFORE, out);
}
static bool preparation(const double *values, const void *context, double *out) {
    (void)context;
    return less(values, ROI_PREPARATION_BEFORE, out);
}
static bool preparation_share(const double *values, const void *context, double *out) {
    (void)context;
    return share(values, ROI_PREPARATION_BEFORE, out);
}

/* ---- what the assessment measured ---- */

static bool collection(const double *values, const void *context, double *out) {
    (void)context;
    *out = values[ROI_EXPORTS] * values[ROI_BY_HAND] / MINUTES_AN_HOUR;
    return true;
}

static bool collection_year(const double *values, const void *context, double *out) {
    const struct roi_context *roi = context;

    *out = values[ROI_EXPORTS] * values[ROI_BY_HAND] / MINUTES_AN_HOUR * DAYS_A_YEAR / roi->days;
    return roi->days > 0.0;
}

/* ---- money ---- */

/* The hours of a year that are saved: as declared, else as measured. The collection is a part of them, never added. */
static bool labour_hours(const double *values, const void *context, double *out) {
    return has(context, ROI_HOURS_BEFORE) ? hours(values, context, out) : collection_year(values, context, out);
}

static bool labour(const double *values, const void *context, double *out) {
    double saved;

    if (!labour_hours(values, context, &saved)) {
        return false;
    }
    *out = saved * values[ROI_RATE];
    return true;
}

static bool gross(const double *values, const void *context, double *out) {
    double fee = 0.0;

    if (!labour(values, context, out) || (has(context, ROI_AUDIT_BEFORE) && !audit(values, context, &fee))) {
        return false;
    }
    *out += fee;
    return true;
}

static double running(const double *values) {
    return values[ROI_TOOL_COST] + values[ROI_TOOL_HOURS] * values[ROI_RATE];
}

static double introduction(const double *values) {
    return values[ROI_START_COST] + values[ROI_START_HOURS] * values[ROI_RATE];
}

static bool running_cost(const double *values, const void *context, double *out) {
    (void)context;
    *out = running(values);
    return true;
}

static bool annual_saving(const double *values, const void *context, double *out) {
    if (!gross(values, context, out)) {
        return false;
    }
    *out -= running(values);
    return true;
}

static bool introduction_cost(const double *values, const void *context, double *out) {
    (void)context;
    *out = introduction(values);
    return true;
}

static bool first_year(const double *values, const void *context, double *out) {
    if (!annual_saving(values, context, out)) {
        return false;
    }
    *out -= introduction(values);
    return true;
}

static bool first_year_return(const double *values, const void *context, double *out) {
    double cost = running(values) + introduction(values);

    if (!(cost > 0.0) || !first_year(values, context, out)) {
        return false;
    }
    *out *= 100.0 / cost;
    return true;
}

/* Where nothing is saved in a year, the introduction is never earned back. */
static bool break_even(const double *values, const void *context, double *out) {
    double saving;

    if (!annual_saving(values, context, &saving) || !(saving > 0.0)) {
        return false;
    }
    *out = MONTHS_A_YEAR * introduction(values) / saving;
    return true;
}

#define PAIR(input) (ROI_BIT(input##_BEFORE) | ROI_BIT(input##_AFTER))
#define MEASURED    (ROI_BIT(ROI_EXPORTS) | ROI_BIT(ROI_BY_HAND))
#define LABOUR      (PAIR(ROI_HOURS) | MEASURED)
#define RUNNING     (ROI_BIT(ROI_TOOL_COST) | ROI_BIT(ROI_TOOL_HOURS) | ROI_BIT(ROI_RATE))
#define START       (ROI_BIT(ROI_START_COST) | ROI_BIT(ROI_START_HOURS) | ROI_BIT(ROI_RATE))

const struct roi_figure roi_figures[] = {
    {"time_to_certification", "Time to certification saved", "months before - months with the programme", "months",
     PAIR(ROI_CERTIFICATION), 0, certification, true, -1},
    {"time_to_certification_share", "Time to certification saved, in percent", "(before - with the programme) / before",
     "percent", PAIR(ROI_CERTIFICATION), 0, certification_share, true, ROI_CLAIM_CERTIFICATION},
    {"engineering_hours", "Engineering hours saved a year", "hours before - hours with the programme", "hours",
     PAIR(ROI_HOURS), 0, hours, true, -1},
    {"engineering_hours_share", "Engineering hours saved, in percent", "(before - with the programme) / before",
     "percent", PAIR(ROI_HOURS), 0, hours_share, true, ROI_CLAIM_HOURS},
    {"audit_cost", "Cost of the audit saved a year", "cost before - cost with the programme", "money", PAIR(ROI_AUDIT),
     0, audit, true, -1},
    {"audit_cost_share", "Cost of the audit saved, in percent", "(before - with the programme) / before", "percent",
     PAIR(ROI_AUDIT), 0, audit_share, true, ROI_CLAIM_AUDIT},
    {"audit_preparation", "Preparation of the audit saved", "working days before - working days with the programme",
     "working days", PAIR(ROI_PREPARATION), 0, preparation, true, -1},
    {"audit_preparation_share", "Preparation of the audit saved, in percent", "(before - with the programme) / before",
     "percent", PAIR(ROI_PREPARATION), 0, preparation_share, true, ROI_CLAIM_PREPARATION},
    {"collection", "Work of collecting evidence saved in the period",
     "exports collected by automation x time to collect one by hand", "hours", MEASURED, 0, collection, false, -1},
    {"labour", "Labour saved a year",
     "engineering hours saved, or where none are declared those of collecting evidence over a year of 365 days, x cost "
     "of an hour",
     "money", ROI_BIT(ROI_RATE), LABOUR, labour, false, -1},
    {"gross_saving", "Saved a year before the cost of the tools", "labour saved + cost of the audit saved", "money",
     ROI_BIT(ROI_RATE), LABOUR | PAIR(ROI_AUDIT), gross, false, -1},
    {"running_cost", "Cost of the tools a year", "cost of the tools + hours to run them x cost of an hour", "money",
     RUNNING, 0, running_cost, false, -1},
    {ROI_SAVING, "Saved a year", "saved a year before the cost of the tools - cost of the tools a year", "money",
     RUNNING, LABOUR | PAIR(ROI_AUDIT), annual_saving, false, -1},
    {"introduction", "Cost of the introduction",
     "cost of the introduction + hours of the introduction x cost of an hour", "money", START, 0, introduction_cost,
     false, -1},
    {"first_year", "Saved in the first year", "saved a year - cost of the introduction", "money", RUNNING | START,
     LABOUR | PAIR(ROI_AUDIT), first_year, false, -1},
    {"first_year_return", "Return on investment in the first year",
     "saved in the first year / (cost of the tools a year + cost of the introduction)", "percent", RUNNING | START,
     LABOUR | PAIR(ROI_AUDIT), first_year_return, false, -1},
    {"break_even", "Break-even", "cost of the introduction / (saved a year / 12)", "months", RUNNING | START,
     LABOUR | PAIR(ROI_AUDIT), break_even, false, -1},
};
const size_t roi_figures_count = sizeof roi_figures / sizeof roi_figures[0];
