#ifndef BASE_STATEMENT_H
#define BASE_STATEMENT_H

/* What everything says that goes out: whose it is, and what it is not (DESIGN, at its head). */
#define STATEMENT "Prepared by management; not a SOC 2 examination report; no opinion or assurance"

#endif
