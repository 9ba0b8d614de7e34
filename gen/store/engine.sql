-- The engine's tables. Times are UTC seconds; booleans 0 and 1; positions keep the order of the schema's files.
-- name: engine_tables

CREATE TABLE tm_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE tm_criterion (
    id TEXT PRIMARY KEY, category TEXT NOT NULL, title TEXT NOT NULL, in_scope INTEGER NOT NULL,
    position INTEGER NOT NULL) STRICT;
CREATE TABLE tm_control (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, owner TEXT, narrative TEXT, frequency TEXT,
    effective_from INTEGER, superseded INTEGER, applicable INTEGER NOT NULL, not_applicable_reason TEXT,
    position INTEGER NOT NULL) STRICT;
CREATE TABLE tm_control_criterion (
    control TEXT NOT NULL, criterion TEXT NOT NULL, PRIMARY KEY (control, criterion)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_control_alias (
    control TEXT NOT NULL, alias TEXT NOT NULL, PRIMARY KEY (control, alias)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_control_compensating (
    control TEXT NOT NULL, compensating TEXT NOT NULL, PRIMARY KEY (control, compensating)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_parameter (
    control TEXT NOT NULL, name TEXT NOT NULL, value ANY NOT NULL, text TEXT NOT NULL, meaning TEXT,
    default_text TEXT NOT NULL, overridden INTEGER NOT NULL, approver TEXT, date INTEGER, reason TEXT,
    PRIMARY KEY (control, name)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_type (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, meaning TEXT, shape TEXT NOT NULL, high_volume INTEGER NOT NULL,
    may_shrink INTEGER NOT NULL,
    stands INTEGER NOT NULL) STRICT;             -- a snapshot from before the period may serve it
CREATE TABLE tm_requirement (
    id INTEGER PRIMARY KEY, control TEXT NOT NULL, type TEXT NOT NULL, cadence TEXT NOT NULL, grace INTEGER NOT NULL,
    automated INTEGER NOT NULL, produced_by TEXT) STRICT;
CREATE INDEX tm_requirement_order ON tm_requirement (control);
CREATE TABLE tm_test (
    id TEXT PRIMARY KEY, control TEXT NOT NULL, title TEXT NOT NULL, method TEXT NOT NULL, query TEXT,
    manual TEXT, manual_by TEXT, manual_document TEXT, manual_each TEXT, -- of a test that a person makes
    tolerable REAL NOT NULL, severity TEXT NOT NULL, remediation TEXT, latest_reason TEXT,
    standing TEXT,                               -- why what is not in the population any more is gone
    position INTEGER NOT NULL) STRICT;
CREATE INDEX tm_test_order ON tm_test (control, position);
CREATE TABLE tm_commitment (id TEXT PRIMARY KEY, text TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
CREATE TABLE tm_scope (
    name TEXT NOT NULL, kind TEXT NOT NULL, description TEXT, position INTEGER PRIMARY KEY) STRICT;
CREATE TABLE tm_identity (login TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (login, person)) STRICT, WITHOUT ROWID;
-- For tests: whose login it is, as the programme's `people` say. Logins are in lower case.
CREATE VIEW identity AS SELECT DISTINCT lower(login) AS login, person FROM tm_identity;

-- Evidence: sources, files, and what became of every record.
CREATE TABLE tm_source (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, kind_title TEXT, vendor TEXT, produced_by TEXT, path TEXT NOT NULL,
    system TEXT, query TEXT, collected_by TEXT, zone_offset INTEGER, expected_from INTEGER, expected_until INTEGER,
    empty_reason TEXT, tolerated_invalid REAL NOT NULL, tolerance_reason TEXT, silence INTEGER,
    sequence TEXT,                               -- the column that is numbered without gaps
    position INTEGER NOT NULL) STRICT;
-- For tests: the system that the exports of a source come from; several sources may tell of one.
CREATE VIEW source_system AS SELECT id AS source, system FROM tm_source WHERE system IS NOT NULL;
CREATE TABLE tm_source_type (
    source TEXT NOT NULL, type TEXT NOT NULL, may_be_empty INTEGER NOT NULL,
    PRIMARY KEY (source, type)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_evidence (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, source TEXT, kind TEXT, sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    records INTEGER NOT NULL, loaded INTEGER NOT NULL, passed_over INTEGER NOT NULL, rejected INTEGER NOT NULL,
    row_count INTEGER NOT NULL, invalid INTEGER NOT NULL, unknown_values INTEGER NOT NULL,
    duplicates INTEGER NOT NULL, superseded INTEGER NOT NULL, folded INTEGER NOT NULL, dispositioned INTEGER NOT NULL,
    truncated INTEGER NOT NULL, wrong_shape INTEGER NOT NULL, list_seen INTEGER NOT NULL,
    span_from INTEGER, span_until INTEGER,       -- what the file's name says it covers
    effective_at INTEGER,                        -- snapshots: when it was taken; events: the end of what it covers
    effective_by TEXT,                           -- 'content', 'sidecar', 'name' or 'period'
    before_period INTEGER NOT NULL DEFAULT 0,    -- it serves the period, though it is from before it
    first_at INTEGER, last_at INTEGER,           -- of the records' own times
    silent_from INTEGER, silent_for INTEGER,     -- events: the longest stretch without any, to the hour
    collected_by TEXT, collected_at INTEGER, claimed_records INTEGER,
    accepted INTEGER NOT NULL,                   -- 0: counts for no coverage at all
    problem TEXT                                 -- why it is not accepted, or what caps it
    ) STRICT;
CREATE INDEX tm_evidence_order ON tm_evidence (source);
-- What was read out of archives and compressed files: the records from first_record on stand in the member. The name is
-- NULL for the one content of a compressed file.
CREATE TABLE tm_member (
    evidence INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT, first_record INTEGER NOT NULL,
    records INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (evidence, position)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_evidence_type (
    evidence INTEGER NOT NULL, type TEXT NOT NULL, row_count INTEGER NOT NULL, invalid INTEGER NOT NULL,
    unknown_values INTEGER NOT NULL, duplicates INTEGER NOT NULL, superseded INTEGER NOT NULL,
    folded INTEGER NOT NULL,
    dispositioned INTEGER NOT NULL,              -- rows (and rejected records) that somebody has looked at
    PRIMARY KEY (evidence, type)) STRICT, WITHOUT ROWID;
CREATE INDEX tm_evidence_type_order ON tm_evidence_type (type);
-- One per evidence file and type; `until` is when the next one of the same source and type takes over. `accepted` is that
-- of the evidence; `latest` marks the newest of the source, every page of it, where all of its pages are accepted. One
-- from before the period that serves it, since the source has none in it, stands at the period's beginning for the tests,
-- one from behind it that serves it, within the grace or late, at its end.
CREATE TABLE tm_snapshot (
    id INTEGER PRIMARY KEY, evidence INTEGER NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL,
    effective_at INTEGER NOT NULL, until INTEGER, accepted INTEGER NOT NULL, latest INTEGER NOT NULL,
    stands_at INTEGER NOT NULL) STRICT;
CREATE INDEX tm_snapshot_order ON tm_snapshot (source, type, effective_at, accepted);
-- What is missing in the numbers of a source that declares a sequence.
CREATE TABLE tm_sequence (
    source TEXT PRIMARY KEY, name TEXT NOT NULL, -- "type.column"
    records INTEGER NOT NULL,                    -- rows that were looked at
    unnumbered INTEGER NOT NULL,                 -- of them: without a number
    sequences INTEGER NOT NULL,                  -- prefixes
    numbers INTEGER NOT NULL, missing INTEGER NOT NULL, gaps INTEGER NOT NULL, -- unexplained
    known INTEGER NOT NULL,                      -- missing with a reason
    missing_text TEXT, unnumbered_text TEXT,     -- some of them
    scattered INTEGER NOT NULL,                  -- hardly any number follows another: none can be seen to be missing
    complete INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tm_sequence_run (
    position INTEGER PRIMARY KEY, source TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, numbers INTEGER NOT NULL,
    missing INTEGER NOT NULL, known INTEGER NOT NULL) STRICT;
CREATE TABLE tm_sequence_gap (
    position INTEGER PRIMARY KEY, source TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, numbers INTEGER NOT NULL,
    after_ref INTEGER NOT NULL, before_ref INTEGER NOT NULL, -- the records beside it
    reason TEXT) STRICT;                         -- NULL: nobody says why
-- Rejected, invalid or duplicate records that management has looked at; `evidence` and `found` say what they were met by.
CREATE TABLE tm_reconciliation (
    position INTEGER PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, other TEXT NOT NULL, other_name TEXT NOT NULL,
    meaning TEXT NOT NULL, at INTEGER,           -- of the source's export; NULL: events, all of the period
    other_at INTEGER,                            -- of the export it is compared with
    both INTEGER, only_here INTEGER, only_there INTEGER, -- values, each counted once; NULL: nothing to compare with
    here_examples TEXT, there_examples TEXT) STRICT;
CREATE TABLE tm_disposition (
    position INTEGER PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, record INTEGER NOT NULL,
    reason TEXT NOT NULL, approver TEXT, date INTEGER, evidence INTEGER, found INTEGER NOT NULL) STRICT;
CREATE TABLE tm_diagnostic (
    position INTEGER PRIMARY KEY, path TEXT, line INTEGER, column_number INTEGER, record INTEGER, level TEXT NOT NULL,
    id TEXT NOT NULL, text TEXT NOT NULL, more INTEGER NOT NULL) STRICT;

-- For tests: the days of the period, and what was expected when.
CREATE TABLE calendar (
    day INTEGER PRIMARY KEY, date TEXT NOT NULL, weekday INTEGER NOT NULL, business_day INTEGER NOT NULL,
    week TEXT NOT NULL, month TEXT NOT NULL, quarter TEXT NOT NULL) STRICT;
CREATE TABLE occurrence (
    id INTEGER PRIMARY KEY, requirement INTEGER NOT NULL, control TEXT NOT NULL, type TEXT NOT NULL,
    source TEXT NOT NULL, due_from INTEGER NOT NULL, due_until INTEGER NOT NULL, grace INTEGER NOT NULL,
    status TEXT NOT NULL,                        -- 'met', 'late', 'missing', 'invalid', 'empty' or 'future'
    evidence INTEGER, effective_at INTEGER) STRICT;
CREATE INDEX tm_occurrence_order ON occurrence (control, type);
CREATE TABLE tm_coverage (
    requirement INTEGER NOT NULL, source TEXT NOT NULL, expected INTEGER NOT NULL, met INTEGER NOT NULL,
    late INTEGER NOT NULL, missing INTEGER NOT NULL, unusable INTEGER NOT NULL, longest_gap INTEGER NOT NULL,
    PRIMARY KEY (requirement, source)) STRICT, WITHOUT ROWID;

-- Judgement.
CREATE TABLE tm_challenge_result (
    test TEXT NOT NULL, number INTEGER NOT NULL, expected TEXT NOT NULL, found TEXT NOT NULL, passed INTEGER NOT NULL,
    PRIMARY KEY (test, number)) STRICT, WITHOUT ROWID;
-- Altered records of challenges, where the run was asked for them.
CREATE TABLE tm_mutation (
    test TEXT PRIMARY KEY, mutants INTEGER NOT NULL, caught INTEGER NOT NULL, left_population INTEGER NOT NULL,
    unjudged TEXT NOT NULL                       -- columns that the test reads and that decide nothing; '' for none
    ) STRICT;
CREATE TABLE tm_test_type (
    test TEXT NOT NULL, type TEXT NOT NULL, PRIMARY KEY (test, type)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_test_column (
    test TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (test, type, name)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_test_result (
    test TEXT PRIMARY KEY, verdict TEXT NOT NULL, printed TEXT NOT NULL, population INTEGER NOT NULL,
    exceptions INTEGER NOT NULL, undetermined INTEGER NOT NULL, population_digest TEXT NOT NULL) STRICT;
-- Every state present, each with its reasons; the verdict is the weightiest.
CREATE TABLE tm_test_state (
    test TEXT NOT NULL, number INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (test, number)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_exception (
    id INTEGER PRIMARY KEY, test TEXT NOT NULL, item TEXT NOT NULL, state TEXT NOT NULL, -- 'exception', 'undetermined'
    subject TEXT NOT NULL,                       -- what the item is about, without the time at its end
    text TEXT NOT NULL, ref INTEGER, detail TEXT, waiver TEXT) STRICT;
CREATE TABLE tm_exception_ref (
    exception INTEGER NOT NULL, name TEXT NOT NULL, ref INTEGER NOT NULL,
    PRIMARY KEY (exception, name)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_control_result (
    control TEXT PRIMARY KEY, verdict TEXT NOT NULL, printed TEXT NOT NULL, tests INTEGER NOT NULL,
    exceptions INTEGER NOT NULL, undetermined INTEGER NOT NULL) STRICT;
CREATE TABLE tm_control_state (
    control TEXT NOT NULL, verdict TEXT NOT NULL, tests INTEGER NOT NULL,
    PRIMARY KEY (control, verdict)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_criterion_result (
    criterion TEXT PRIMARY KEY, controls INTEGER NOT NULL, with_exceptions INTEGER NOT NULL,
    insufficient INTEGER NOT NULL, pending INTEGER NOT NULL, effective INTEGER NOT NULL, printed TEXT NOT NULL) STRICT;
CREATE TABLE tm_waiver (
    id TEXT PRIMARY KEY, test TEXT NOT NULL, item TEXT, reason TEXT NOT NULL, approver TEXT NOT NULL,
    approved INTEGER NOT NULL, expires INTEGER NOT NULL,
    expired INTEGER NOT NULL,                    -- or not approved yet, as of the assessment
    matched INTEGER NOT NULL) STRICT;
-- One problem: what the exceptions of one test on one subject have in common (a login at several exports), or an entry
-- of management's own register. It keeps its id from period to period.
CREATE TABLE tm_finding (
    id TEXT PRIMARY KEY, origin TEXT NOT NULL,   -- 'test', 'register'
    control TEXT,                                -- NULL where the register, or this schema, names none
    test TEXT,                                   -- of the register: NULL
    item TEXT NOT NULL,                          -- the subject
    severity TEXT NOT NULL,
    state TEXT NOT NULL,                         -- 'new', 'open', 'reopened', 'accepted', 'remediated'
    reason TEXT NOT NULL,                        -- why this state
    prior_state TEXT,                            -- in the newest prior assessment that has it
    text TEXT NOT NULL, exception INTEGER,       -- the first of this period; NULL: none in it
    occurrences INTEGER NOT NULL,                -- exceptions of this period
    source TEXT,                                 -- whose evidence showed it
    waiver TEXT, cause TEXT, extent TEXT, response TEXT, action TEXT, owner TEXT, evidence TEXT,
    due INTEGER, due_by TEXT,                    -- 'response', 'register' or 'severity'
    first_period TEXT NOT NULL, found INTEGER NOT NULL, -- the day through which the assessment went that made it
    completed INTEGER,                           -- the corrective action, as management states
    closed INTEGER, closed_period TEXT,          -- when it was seen to be remediated
    age_days INTEGER NOT NULL,                   -- from found to closed, or to the date of this assessment
    overdue INTEGER NOT NULL) STRICT;
CREATE INDEX tm_finding_order ON tm_finding (test, item);
CREATE TABLE tm_finding_exception (
    finding TEXT NOT NULL, exception INTEGER NOT NULL, PRIMARY KEY (finding, exception)) STRICT, WITHOUT ROWID;

-- Assessments of earlier periods, read as hostile input: in time order, the newest last.
CREATE TABLE tm_prior (
    position INTEGER PRIMARY KEY, period TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL,
    as_of INTEGER NOT NULL, profile TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, version TEXT NOT NULL,
    report_type TEXT NOT NULL, signature TEXT NOT NULL, signer TEXT) STRICT;
CREATE TABLE tm_prior_control (
    prior INTEGER NOT NULL, control TEXT NOT NULL, title TEXT NOT NULL, verdict TEXT NOT NULL, printed TEXT NOT NULL,
    exceptions INTEGER NOT NULL, undetermined INTEGER NOT NULL,
    PRIMARY KEY (prior, control)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_prior_test (
    prior INTEGER NOT NULL, test TEXT NOT NULL, control TEXT NOT NULL, verdict TEXT NOT NULL,
    population INTEGER NOT NULL, exceptions INTEGER NOT NULL, undetermined INTEGER NOT NULL,
    population_digest TEXT NOT NULL,
    same INTEGER NOT NULL,                       -- it asks what this assessment's asks, with the same thresholds
    PRIMARY KEY (prior, test)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_prior_finding (
    prior INTEGER NOT NULL, id TEXT NOT NULL, origin TEXT NOT NULL, control TEXT, test TEXT,
    item TEXT NOT NULL, severity TEXT NOT NULL, state TEXT NOT NULL, text TEXT NOT NULL, source TEXT, owner TEXT,
    due INTEGER, due_by TEXT, first_period TEXT NOT NULL, found INTEGER NOT NULL, completed INTEGER, closed INTEGER,
    closed_period TEXT, occurrences INTEGER NOT NULL, cause TEXT, extent TEXT, response TEXT, action TEXT, waiver TEXT,
    evidence TEXT, PRIMARY KEY (prior, id)) STRICT, WITHOUT ROWID;
CREATE INDEX tm_prior_finding_order ON tm_prior_finding (test, item, prior);
CREATE INDEX tm_prior_finding_register ON tm_prior_finding (item, prior) WHERE origin = 'register';
CREATE TABLE tm_prior_metric (
    prior INTEGER NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, value REAL, printed TEXT NOT NULL, unit TEXT,
    formula TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (prior, id)) STRICT, WITHOUT ROWID;
-- Findings of tests in the prior assessments, each in the newest that has it, and how many items of this period's
-- population are about its subject.
CREATE TABLE tm_retest (
    test TEXT NOT NULL, item TEXT NOT NULL, prior INTEGER NOT NULL, seen INTEGER NOT NULL,
    PRIMARY KEY (test, item)) STRICT, WITHOUT ROWID;
-- What happened after the period, as management states it.
CREATE TABLE tm_event (
    position INTEGER PRIMARY KEY, date INTEGER NOT NULL, text TEXT NOT NULL, effect TEXT NOT NULL,
    material INTEGER NOT NULL,
    standing TEXT NOT NULL) STRICT;              -- 'in the period', 'subsequent', 'after the report'
-- Each period against the next one, the assessed period last.
CREATE TABLE tm_continuity (
    position INTEGER PRIMARY KEY, earlier TEXT NOT NULL, later TEXT NOT NULL, -- periods
    state TEXT NOT NULL,                         -- 'contiguous', 'hole', 'overlap', 'within', 'interim' or 'none'
    days INTEGER NOT NULL,                       -- of the hole or overlap
    text TEXT NOT NULL) STRICT;
CREATE TABLE tm_metric (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, value REAL, printed TEXT NOT NULL, unit TEXT, formula TEXT NOT NULL,
    position INTEGER NOT NULL,
    section TEXT NOT NULL DEFAULT 'Programme',   -- the heading that it stands under
    meaning TEXT,
    state TEXT NOT NULL DEFAULT 'determined',    -- or 'partial', 'none' (nothing to divide by), 'undetermined'
    note TEXT,                                   -- what the value lacks, or why there is none
    better TEXT NOT NULL DEFAULT 'neither',      -- 'higher', 'lower'
    decimals INTEGER NOT NULL DEFAULT -1,
    target REAL, target_printed TEXT,
    on_target INTEGER,                           -- NULL: no target, or not all of it is known
    test TEXT, query TEXT,                       -- what its rows come from
    population INTEGER, population_digest TEXT,  -- of its rows
    challenges INTEGER NOT NULL DEFAULT 0,       -- that the query met
    chart INTEGER                                -- its place among those that reports draw; NULL: none
    ) STRICT;
-- What a value is worked out from; with the formula enough to do it again.
CREATE TABLE tm_metric_input (
    metric TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, printed TEXT NOT NULL,
    PRIMARY KEY (metric, position)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_metric_parameter (
    metric TEXT NOT NULL, name TEXT NOT NULL, value ANY NOT NULL, of_control TEXT, of_parameter TEXT, meaning TEXT,
    PRIMARY KEY (metric, name)) STRICT, WITHOUT ROWID;
-- Its records: those left open, then the worst, up to a limit; the query or the test gives them all.
CREATE TABLE tm_metric_item (
    metric TEXT NOT NULL, position INTEGER NOT NULL, item TEXT NOT NULL, printed TEXT NOT NULL, ref INTEGER,
    PRIMARY KEY (metric, position)) STRICT, WITHOUT ROWID;
-- Each metric in this period (the last position) and in those before it that are known.
CREATE TABLE tm_metric_trend (
    metric TEXT NOT NULL, position INTEGER NOT NULL, period TEXT NOT NULL, value REAL, printed TEXT NOT NULL,
    difference REAL, difference_printed TEXT,    -- from the period before
    direction TEXT,                              -- 'better', 'worse', 'same', 'higher', 'lower', 'not comparable'
    PRIMARY KEY (metric, position)) STRICT, WITHOUT ROWID;

-- What management declares of cost and effort, and what it comes to. Of an input `text` is as it was written.
CREATE TABLE tm_roi_input (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, unit TEXT NOT NULL, low REAL NOT NULL,
    mid REAL NOT NULL, high REAL NOT NULL, printed TEXT NOT NULL, origin TEXT NOT NULL, -- 'programme', 'measured'
    position INTEGER NOT NULL) STRICT;
CREATE TABLE tm_roi (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, formula TEXT NOT NULL, unit TEXT NOT NULL,
    low REAL, mid REAL, high REAL,               -- over every combination of the inputs' ends; NULL: see the note
    low_printed TEXT, mid_printed TEXT, high_printed TEXT,
    paired_low REAL, paired_high REAL,           -- all inputs at their low ends, and all at their high ends
    paired_printed TEXT,
    claim REAL, claim_printed TEXT, claim_note TEXT, -- a figure that was published elsewhere, held against the range
    note TEXT, position INTEGER NOT NULL) STRICT;
CREATE TABLE tm_roi_sensitivity (
    position INTEGER PRIMARY KEY, input TEXT NOT NULL, title TEXT NOT NULL, low_printed TEXT NOT NULL,
    high_printed TEXT NOT NULL, at_low REAL NOT NULL, at_high REAL NOT NULL, effect REAL NOT NULL,
    at_low_printed TEXT NOT NULL, at_high_printed TEXT NOT NULL, effect_printed TEXT NOT NULL) STRICT;
CREATE TABLE tm_package_file (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
