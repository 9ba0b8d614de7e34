-- A small assessment as the stages before document/ and write/ leave one behind. Every organisation and person is invented.
-- 2025-10-01 is 1759276800, 2025-12-31 is 1767139200, 2026-01-01 is 1767225600.
INSERT INTO tm_meta (key, value) VALUES
    ('organisation', 'Examplar Cloud Ltd'), ('system', 'Examplar Ledger'),
    ('description', 'Examplar Ledger keeps **accounts** for small firms. It runs in one region of a public cloud.'),
    ('contact', 'compliance@example.com'), ('period', '2025-Q4'), ('period_from', '2025-10-01'),
    ('period_until', '2025-12-31'), ('through', '2025-12-31'), ('complete', '1'), ('as_of', '2025-12-31T23:59:59Z'),
    ('profile', 'portfolio'), ('report_type', 'II'), ('version', '1.0.0'), ('development_key', '1'),
    ('signer', 'CN=Examplar Cloud compliance');
INSERT INTO tm_criterion (id, category, title, in_scope, position) VALUES
    ('CC6.1', 'security', 'Logical access to information is restricted to those who need it', 1, 0),
    ('CC6.2', 'security', 'Accounts are issued and withdrawn under authorisation', 1, 1),
    ('CC7.4', 'security', 'Incidents are answered by a defined programme', 1, 2),
    ('CC8.1', 'security', 'Changes are authorised, tested and approved', 1, 3),
    ('A1.2', 'availability', 'Recovery infrastructure is run and watched', 1, 4),
    ('A1.3', 'availability', 'Recovery plans are tested', 1, 5),
    ('P1.1', 'privacy', 'Notice is given of privacy practices', 0, 6);
INSERT INTO tm_control (id, title, owner, narrative, frequency, effective_from, superseded, applicable,
                        not_applicable_reason, position) VALUES
    ('AC-02', 'Multi-factor authentication', 'Head of IT',
     'Every person signs in through the identity provider with a **second factor**.' || char(10) || char(10)
     || '- The provider refuses a sign-in without one.' || char(10) || '- IT reviews enrolment each week.',
     'continuous', NULL, NULL, 1, NULL, 0),
    ('CM-01', 'Change approval', 'Head of Engineering', 'A change is merged once another engineer has approved it.',
     'each change', NULL, NULL, 1, NULL, 1),
    ('BC-03', 'Backups', 'Head of Operations', 'The database is backed up every night, and restores are rehearsed.',
     'daily', NULL, NULL, 1, NULL, 2),
    ('IR-01', 'Incident response', 'Head of Operations', 'An incident is assessed within four hours.', 'each incident',
     NULL, NULL, 1, NULL, 3),
    ('VR-02', 'Vendor reviews', 'Finance director', 'Critical vendors are reviewed once a year.', 'annual', NULL, NULL, 1,
     NULL, 4),
    ('PE-09', 'Data centre access', 'Head of Operations', NULL, NULL, NULL, NULL, 0,
     'The system runs in a public cloud; the control is carved out to its provider', 5);
INSERT INTO tm_control_criterion (control, criterion) VALUES
    ('AC-02', 'CC6.1'), ('AC-02', 'CC6.2'), ('CM-01', 'CC8.1'), ('BC-03', 'A1.2'), ('IR-01', 'CC7.4'), ('PE-09', 'CC6.1');
INSERT INTO tm_control_alias (control, alias) VALUES ('AC-02', 'IAC-06');
INSERT INTO tm_control_compensating (control, compensating) VALUES ('AC-02', 'IR-01');
INSERT INTO tm_parameter (control, name, value, text, meaning, default_text, overridden, approver, date, reason) VALUES
    ('IR-01', 'assess_within', 28800, '8 hours', 'how soon an incident is assessed', '4 hours', 1, 'Ines Marlow',
     1758844800, 'One engineer is on call at night'),
    ('CM-01', 'approvals', 1, '1', 'approvals a change needs', '1', 0, NULL, NULL, NULL);
INSERT INTO tm_type (id, title, meaning, shape, high_volume, may_shrink, stands) VALUES
    ('account', 'Accounts', 'Who can sign in', 'snapshot', 0, 0, 0), ('change', 'Changes', 'Merged changes', 'event', 0, 0, 0),
    ('backup_run', 'Backup runs', 'Each run of a backup', 'event', 0, 0, 0), ('incident', 'Incidents', 'Incidents', 'event', 0, 0, 0);
INSERT INTO tm_requirement (id, control, type, cadence, grace, automated, produced_by) VALUES
    (1, 'AC-02', 'account', 'weekly', 86400, 1, 'the weekly export of the identity provider'),
    (2, 'CM-01', 'change', 'monthly', 432000, 1, 'the export of merged pull requests'),
    (3, 'BC-03', 'backup_run', 'monthly', 432000, 0, 'a console download'),
    (4, 'IR-01', 'incident', 'quarterly', 432000, 1, 'the incident tracker');
INSERT INTO tm_test (id, control, title, method, query, manual, tolerable, severity, remediation, latest_reason, position)
VALUES
    ('AC-02.1', 'AC-02', 'Every active person account was enrolled in a second factor', 'inspection',
     'SELECT ref, login AS item,' || char(10) || '       CASE WHEN mfa = 0 THEN ''not enrolled'' END AS exception'
     || char(10) || '  FROM account_mfa WHERE active', NULL, 0.0, 'high', 'Enrol the account or disable it.', NULL, 0),
    ('CM-01.1', 'CM-01', 'Every merged change was approved by someone other than its author', 'inspection',
     'SELECT ref, id AS item FROM change', NULL, 0.02, 'medium', NULL, NULL, 1),
    ('BC-03.1', 'BC-03', 'Every night had a backup that succeeded', 'inspection', 'SELECT day AS item FROM calendar', NULL,
     0.0, 'high', 'Repeat the backup.', NULL, 2),
    ('IR-01.1', 'IR-01', 'Every incident was assessed in time', 'inspection', 'SELECT ref, id AS item FROM incident', NULL,
     0.0, 'medium', NULL, NULL, 3),
    ('VR-02.1', 'VR-02', 'The review of each critical vendor was signed off', 'observation', NULL,
     'The Finance director attests the signed minutes', 0.0, 'low', NULL, NULL, 4);
INSERT INTO tm_commitment (id, text, position) VALUES
    ('SC-1', 'Customer data is open to authorised people only.', 0), ('SC-2', 'The service is up 99.9 % of each month.', 1);
INSERT INTO tm_scope (name, kind, description, position) VALUES
    ('Ledger API', 'service', 'The public interface', 1), ('ledger-db', 'system', 'The database', 2),
    ('Cloud provider', 'subservice', 'Carved out: physical security', 3), ('Marketing site', 'exclusion', 'Holds no data', 4);
INSERT INTO tm_identity (login, person) VALUES ('ann', 'Ann Ames');
INSERT INTO tm_source (id, kind, kind_title, vendor, produced_by, path, system, query, collected_by, zone_offset,
                       expected_from, expected_until, empty_reason, tolerated_invalid, tolerance_reason, position) VALUES
    ('idp-accounts', 'idp-users', 'Accounts of the identity provider', 'Idport', 'idport users export',
     'accounts/{date}.csv', 'Idport', 'all users, all states', 'Ann Ames', 0, NULL, NULL, NULL, 0.0, NULL, 0),
    ('repo-changes', 'pull-requests', 'Merged pull requests', 'Repohub', 'repohub pr list', 'changes/{period}.json',
     'Repohub', 'merged, base main', 'the build robot', 0, NULL, NULL, NULL, 0.0, NULL, 1),
    ('backups', 'backup-log', 'Backup runs', 'Cloudex', 'console download', 'backups/{period}.csv', 'ledger-db', NULL,
     'Bo Birch', NULL, NULL, NULL, NULL, 0.01, 'A known header line', 2),
    ('incidents', 'incident-list', 'Incidents', 'Trackle', 'trackle export', 'incidents/{period}.json', 'Trackle',
     'all incidents', 'Bo Birch', 0, NULL, NULL, 'There may be no incident', 0.0, NULL, 3);
INSERT INTO tm_source_type (source, type, may_be_empty) VALUES
    ('idp-accounts', 'account', 0), ('repo-changes', 'change', 0), ('backups', 'backup_run', 0), ('incidents', 'incident', 1);
INSERT INTO tm_evidence (id, path, source, kind, sha256, bytes, records, loaded, passed_over, rejected, row_count, invalid,
                         unknown_values, duplicates, superseded, folded, dispositioned, truncated, wrong_shape, list_seen,
                         span_from, span_until, effective_at, effective_by, first_at, last_at, collected_by, collected_at,
                         claimed_records, accepted, problem) VALUES
    (1, 'accounts/2025-10-06.csv', 'idp-accounts', 'idp-users',
     'a3a5e715f0cc574a73c3f9bebb6bc24f32ffd5b67b387244c2c909da779a1478', 4123, 40, 38, 2, 0, 38, 0, 0, 0, 0, 0, 0, 0, 0, 1,
     1759708800, 1759795200, 1759708800, 'name', NULL, NULL, NULL, NULL, NULL, 1, NULL),
    (2, 'accounts/2025-10-13.csv', 'idp-accounts', 'idp-users',
     '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 4190, 41, 39, 2, 0, 39, 0, 0, 0, 0, 0, 0, 0, 0, 1,
     1760313600, 1760400000, 1760313600, 'name', NULL, NULL, NULL, NULL, NULL, 1, NULL),
    (3, 'backups/2025-Q4.csv', 'backups', 'backup-log',
     '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae', 9000, 92, 89, 0, 3, 89, 1, 0, 1, 0, 0, 0, 0, 0, 1,
     1759276800, 1767225600, 1767225600, 'name', 1759283999, 1766800000, NULL, NULL, NULL, 1,
     'three records could not be read'),
    (4, 'changes/2025-Q4.json', 'repo-changes', 'pull-requests',
     'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9', 120034, 120, 120, 0, 0, 120, 0, 0, 0, 0, 0, 0, 0, 0, 1,
     1759276800, 1767225600, 1767225600, 'name', 1759300000, 1767000000, 'the build robot', 1767229200, 120, 1, NULL),
    (5, 'notes/read me | first.txt', NULL, NULL,
     'baa5a0964d3320fbc0c6a922140453c8513ea24ab8fd0577034804a967248096', 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 'no source claims this file');
INSERT INTO tm_evidence_type (evidence, type, row_count, invalid, unknown_values, duplicates, superseded, folded,
                              dispositioned) VALUES
    (1, 'account', 38, 0, 0, 0, 0, 0, 0), (2, 'account', 39, 0, 0, 0, 0, 0, 0), (3, 'backup_run', 89, 1, 0, 1, 0, 0, 0),
    (4, 'change', 120, 0, 0, 0, 0, 0, 0);
INSERT INTO tm_diagnostic (position, path, line, column_number, record, level, id, text, more) VALUES
    (1, 'backups/2025-Q4.csv', 17, NULL, 16, 'error', 'record-rejected', 'a row with 3 fields where the header has 5', 2),
    (2, 'templates/portfolio.md', 3, 4, NULL, 'warning', 'schema-file', 'not about evidence', 0);
INSERT INTO tm_coverage (requirement, source, expected, met, late, missing, unusable, longest_gap) VALUES
    (1, 'idp-accounts', 13, 13, 0, 0, 0, 604800), (2, 'repo-changes', 3, 3, 0, 0, 0, 2678400),
    (3, 'backups', 3, 1, 1, 1, 0, 5356800), (4, 'incidents', 1, 1, 0, 0, 0, 0);
INSERT INTO tm_test_result (test, verdict, printed, population, exceptions, undetermined, population_digest) VALUES
    ('AC-02.1', 'exception', '2 exceptions in 77', 77, 2, 1,
     '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
    ('CM-01.1', 'effective', 'effective with deviations, 1 of 120', 120, 1, 0,
     '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752'),
    ('BC-03.1', 'insufficient', 'insufficient evidence', 92, 0, 3,
     'fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13'),
    ('IR-01.1', 'no occurrence', 'no occurrence in the period', 0, 0, 0,
     '0000000000000000000000000000000000000000000000000000000000000000'),
    ('VR-02.1', 'pending', 'manual evidence awaited', 0, 0, 0,
     '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO tm_test_type (test, type) VALUES
    ('AC-02.1', 'account'), ('CM-01.1', 'change'), ('BC-03.1', 'backup_run'), ('IR-01.1', 'incident');
INSERT INTO tm_test_state (test, number, verdict, reason) VALUES
    ('AC-02.1', 1, 'exception', '2 of 77 items deviate, and none may'),
    ('AC-02.1', 2, 'insufficient', '1 item could not be determined'),
    ('CM-01.1', 1, 'effective', '1 of 120 items deviates, within the tolerable 2 %'),
    ('BC-03.1', 1, 'insufficient', 'backup_run of backups: 1 of 3 exports is missing, 1 late'),
    ('BC-03.1', 2, 'insufficient', '3 records of backups/2025-Q4.csv were rejected'),
    ('IR-01.1', 1, 'no occurrence', 'the export of incidents is complete and has no incident'),
    ('VR-02.1', 1, 'pending', 'the attestation has not come in');
INSERT INTO tm_exception (id, test, item, subject, state, text, ref, detail, waiver) VALUES
    (1, 'AC-02.1', 'eve @ 2025-10-06', 'eve', 'exception', 'not enrolled in MFA', 4294967303, NULL, NULL),
    (2, 'AC-02.1', 'svc|build *bot* @ 2025-10-13', 'svc|build *bot*', 'exception', 'not enrolled in MFA', 8589934594, NULL, 'W-1'),
    (3, 'AC-02.1', 'max @ 2025-10-13', 'max', 'undetermined', 'enrolment unknown', 8589934600, NULL, NULL),
    (4, 'CM-01.1', '#4711', '#4711', 'exception', 'approved by its author', 17179869230, NULL, NULL),
    (5, 'BC-03.1', '2025-11-02', '2025-11-02', 'undetermined', 'no export covers the night', NULL, NULL, NULL),
    (6, 'BC-03.1', '2025-11-03', '2025-11-03', 'undetermined', 'no export covers the night', NULL, NULL, NULL),
    (7, 'BC-03.1', '2025-11-04', '2025-11-04', 'undetermined', 'no export covers the night', NULL, NULL, NULL);
INSERT INTO tm_control_result (control, verdict, printed, tests, exceptions, undetermined) VALUES
    ('AC-02', 'exception', 'exceptions noted', 1, 2, 1), ('CM-01', 'effective', 'effective with deviations', 1, 1, 0),
    ('BC-03', 'insufficient', 'insufficient evidence', 1, 0, 3), ('IR-01', 'no occurrence', 'no occurrence in the period', 1, 0, 0),
    ('VR-02', 'pending', 'manual evidence awaited', 1, 0, 0), ('PE-09', 'not applicable', 'not applicable', 0, 0, 0);
INSERT INTO tm_control_state (control, verdict, tests) VALUES
    ('AC-02', 'exception', 1), ('AC-02', 'insufficient', 1), ('CM-01', 'effective', 1), ('BC-03', 'insufficient', 1),
    ('IR-01', 'no occurrence', 1), ('VR-02', 'pending', 1);
INSERT INTO tm_criterion_result (criterion, controls, with_exceptions, insufficient, pending, effective, printed) VALUES
    ('CC6.1', 1, 1, 0, 0, 0, '1 control mapped, 1 with exceptions'),
    ('CC6.2', 1, 1, 0, 0, 0, '1 control mapped, 1 with exceptions'),
    ('CC7.4', 1, 0, 0, 0, 0, '1 control mapped, 0 with exceptions'),
    ('CC8.1', 1, 0, 0, 0, 1, '1 control mapped, 0 with exceptions'),
    ('A1.2', 1, 0, 1, 0, 0, '1 control mapped, 0 with exceptions, 1 with insufficient evidence'),
    ('A1.3', 0, 0, 0, 0, 0, 'no control'), ('P1.1', 0, 0, 0, 0, 0, 'no control');
INSERT INTO tm_waiver (id, test, item, reason, approver, approved, expires, expired, matched) VALUES
    ('W-1', 'AC-02.1', 'svc|build *bot* @ 2025-10-13', 'The build account cannot hold a factor until the move in January',
     'Ines Marlow', 1759276800, 1769904000, 0, 1);
INSERT INTO tm_finding (id, origin, control, test, item, severity, state, reason, text, exception, occurrences, source,
                        waiver, cause, response, owner, due, due_by, first_period, found, age_days, overdue) VALUES
    ('F-1a2b3c', 'test', 'AC-02', 'AC-02.1', 'eve', 'high', 'open', 'found in this period', 'not enrolled in MFA', 1, 1,
     'okta-users', NULL, 'The account was made by hand',
     'Enrolled on 8 October; accounts are now made by the provider only', 'Ann Ames', 1769817600, 'response', '2025-Q4',
     1767225599, 0, 0),
    ('F-4d5e6f', 'test', 'AC-02', 'AC-02.1', 'svc|build *bot*', 'high', 'accepted', 'accepted by waiver W-1',
     'not enrolled in MFA', 2, 1, 'okta-users', 'W-1', NULL, NULL, NULL, NULL, NULL, '2025-Q4', 1767225599, 0, 0),
    ('F-7a8b9c', 'test', 'CM-01', 'CM-01.1', '#4711', 'medium', 'open', 'found in this period', 'approved by its author',
     4, 1, 'github', NULL, NULL, NULL, NULL, NULL, NULL, '2025-Q4', 1767225599, 0, 0);
INSERT INTO tm_finding_exception (finding, exception) VALUES ('F-1a2b3c', 1), ('F-4d5e6f', 2), ('F-7a8b9c', 4);
INSERT INTO tm_metric (id, title, value, printed, unit, formula, position) VALUES
    ('controls', 'Controls in the programme', 6, '6', 'controls', 'number of controls', 1),
    ('compliance_score', 'Compliance score', 40.0, '40.0 %', 'percent', 'controls "effective" or "no occurrence" / controls that apply', 2),
    ('uptime', 'Uptime', NULL, 'none', 'percent', 'minutes up / minutes in the period', 3);
