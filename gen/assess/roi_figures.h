#ifndef ASSESS_ROI_FIGURES_H
#define ASSESS_ROI_FIGURES_H

#include "assess/corners.h"
#include "config/programme.h"

/* The inputs of the figures: those of the programme, and behind them what the assessment measured. */
enum roi_measured {
    ROI_EXPORTS = ROI_INPUT_COUNT, /* collected by automation in the period */
    ROI_ALL_INPUTS
};
#define ROI_BIT(input) (UINT32_C(1) << (input))

struct roi_context {
    uint32_t declared; /* a bit for each input that is there */
    double days;       /* of the period, as far as it is known */
};

struct roi_figure {
    const char *id;
    const char *title;
    const char *formula;
    const char *unit; /* "months", "hours", "money", "working days", "percent" */
    uint32_t needs;   /* inputs without which there is no figure */
    uint32_t may;     /* and those that count where they are declared */
    corners_figure *work_out;
    bool paired; /* a comparison of before and after: like ends are shown beside any ends */
    int claim;   /* enum programme_roi_claim, or -1 */
};
extern const struct roi_figure roi_figures[];
extern const size_t roi_figures_count;
/* The saving that the inputs are tried on, one after the other. */
#define ROI_SAVING "annual_saving"

#endif
