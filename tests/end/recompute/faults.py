"""Faults for a copy of the evidence, at least one for each test that stricter limits alone do not upset.

A line says which test its fault is for, the file, what stands there and what takes its place; a fault may upset others too.
Most are in the fourth quarter; what would leave other tests nothing to look at is in the third.
"""
import re

from .raw import DAY, MINUTE

QUARTERS = ("2025-Q3", "2025-Q4")
NOT_APPLICABLE = {"CC6.4-01.1"}
# In which span failures are counted is no limit.
KEPT = {("CC7.2-02", "within")}
WHOLE_DAYS = {("A1.2-02", "full_every")}
ALL = "everywhere"
FAULTS = [
    # Accounts and access.
    ("CC6.2-01.1", "google/users-2025-1*.json",
     r'"primaryEmail":"felix.quennell@example.com"', '"primaryEmail":"felix@example.net"'),
    ("CC6.2-02.1", "access/requests-2025-Q4.csv", r"(AQ-2238,.*),approved,", r"\1,refused,"),
    ("CC6.2-02.2", "access/requests-2025-Q4.csv", r"(AQ-2239,.*,approved,)noor.castellane@", r"\1delphine.marchbank@"),
    ("CC6.2-02.3", "aws/authorization-details-2025-12-05.json", r'("UserName": ?"elske[^\]]*\[)"staff",', r'\1"staff","it",'),
    ("CC6.2-04.1", "access/service-accounts-2025-10-06.csv", r"(backup-monitor,)sunniva.achterberg@", r"\1dmitri.sallowfield@"),
    ("CC6.1-01.2", "aws/credential-report-2025-11-14.csv", r"^(<root_account>.*not_supported,not_supported,)true", r"\1false"),
    ("CC6.2-03.2", "okta/users-2025-1[12]-*.json",
     r'("status":"DEPROVISIONED","created":"[^"]*","statusChanged":")2025-11-1[^"]*(".*dmitri)',
     r"\g<1>2025-11-18T07:00:00.000Z\2"),
    ("CC6.1-04.1", "aws/cloudtrail-2025-12.json", r'"IAMUser","arn":"arn:aws:iam::123456789012:user/noor[^"]*"',
     '"Root","arn":"arn:aws:iam::123456789012:root"'),
    ("CC6.1-04.2", "aws/cloudtrail-2025-11.json", r'"MFAUsed":"Yes"', '"MFAUsed":"No"'),
    ("CC6.3-03.1", "access-review/review-2025-Q4.csv", r"(google-workspace,)ottoline.varga@", r"\1somebody@"),
    ("CC6.3-03.2", "access-review/review-2025-Q4.csv", r"(okta,felix.quennell@.*),keep,", r"\1,remove,"),
    ("CC6.3-03.3", "access-review/review-2025-Q4.csv", r"(okta,yuki[^,]*,)[^,]*@", r"\1yuki.brandreth@"),
    ("CC6.3-01.1", "access/role-matrix-2025-10-06.csv", r"^(Engineer,.*policy/)SourceWrite", r"\1SourceRead"),
    ("CC6.3-01.2", "access/role-matrix-2025-10-06.csv", r"^Designer,okta", "Designers,okta"),
    ("CC6.3-01.3", "aws/authorization-details-2025-11-07.json", r'"iam:Get\*"', '"iam:*"'),
    ("CC6.3-01.4", "aws/authorization-details-2025-11-07.json", r"arn:aws:iam::123456789012:user/deploy-pipeline(\"\},)",
     r"arn:aws:iam::210987654321:root\1"),
    ("CC6.3-01.5", "google/users-2025-11-14.json", r'(priya\.[^}]*\}.*"isAdmin":)false', r"\1true"),
    ("CC6.3-01.6", "aws/credential-report-2025-11-*.csv", r"^felix\.quennell@example\.com,", "felix.unlisted@example.com,"),
    ("CC6.3-02.1", "gate/policies-2025-11-07.cedar", r"principal in Role::\"platform\"", "principal"),
    ("CC6.3-02.2", "kubernetes/rbac-2025-11-07.yaml", r"resources: \[pods, pods/log,", "resources: [pods, pods/exec,"),
    ("CC6.3-02.3", "aws/authorization-details-2025-12-05.json", r'("UserName": ?"imani[^\]]*\[)"staff",', r'\1"staff","platform",'),
    ("CC6.3-04.1", "privilege/sessions-2025-12.csv", r"(PS-2025-1202,.*,)callum.oyelaran@", r"\1ravi.underhay@"),
    ("CC6.3-05.1", "privilege/sessions-2025-11.csv", r"PS-2025-1101,ravi.underhay@", "PS-2025-1101,hugo.pellingham@"),
    ("CC6.3-05.2", "privilege/sessions-2025-12.csv", r"PS-2025-1201,sunniva.achterberg@", "PS-2025-1201,hugo.pellingham@"),
    ("CC6.6-01.1", "aws/security-groups-2025-11-07.json", r'"FromPort":443,"ToPort":443', '"FromPort":443,"ToPort":8443'),
    ("CC6.6-01.2", "aws/security-groups-2025-12-05.json", r'"FromPort":5432,"ToPort":5432,"IpRanges":\[\]',
     '"FromPort":5432,"ToPort":5432,"IpRanges":[{"CidrIp":"198.51.100.0/24"}]'),
    # Watching and answering.
    ("CC7.2-01.2", "prometheus/rules-2025-10-31.yaml", r"(sign_in_failures_total\[5m\]\)\)) > 5", r"\1 > 50"),
    ("CC7.2-02.1", "alerts/alerts-2025-11.ndjson", r"(\"alertname\":\"FailedSignIns\".*\"login\":\")\w", r"\1x", ALL),
    ("CC7.2-01.3", "prometheus/rules-2025-11-30.yaml", r"(database_sessions_total.*\[5m\]\)\)) > 0", r"\1 > 3"),
    ("CC7.2-01.4", "prometheus/alertmanager-2025-11-30.yaml",
     r"(- name: platform-channel\n    )slack_configs:\n.*\n.*\n", r"\1email_configs: []\n"),
    ("CC7.2-01.4", "prometheus/alertmanager-2025-11-30.yaml", r"critical\|warning", "critical"),
    ("CC7.2-01.5", "prometheus/alertmanager-2025-12-31.yaml", r"pagerduty_configs:", "email_configs:"),
    ("CC7.2-03.2", "grafana/service-levels-2025-12.csv", r"^2025-12-01,bookings-web", "2025-12-01,bookings-other"),
    ("CC7.2-04.1", "logs/sources-2025-Q4.csv", r"sign-in,failed-sign-in,factor-change", "sign-in,failed-sign-in"),
    ("CC7.2-04.2", "logs/sources-2025-Q4.csv", r"(cloudtrail,AWS.*),1200,", r"\1,200,"),
    ("CC7.2-04.3", "logs/sources-2025-Q4.csv", r"(github-audit.*,2025-12-)31", r"\g<1>11"),
    ("CC7.2-05.1", "aws/validate-logs-2025-11.log",
     r"^2257/2257 log files valid", "2256/2257 log files valid, 1/2257 log files INVALID"),
    ("CC7.3-02.1", "alerts/triage-2025-12.csv", r"^b67b4ef6da45b234", "b67b4ef6da45b235"),
    ("CC7.3-02.2", "pagerduty/incidents-2025-12.json", r'"incident_key":"1fbc22d5c8934e45"', '"incident_key":"other"'),
    ("CC7.3-03.1", "siem/events-2025-12.csv", r"5,9,45,MEDIUM,chat", "5,9,46,MEDIUM,"),
    ("CC7.3-03.2", "siem/events-2025-11.csv", r",(chat|\"chat,pager\"),", r",mail,"),
    ("CC7.3-03.3", "siem/events-2025-12.csv",
     r"7,10,70,HIGH,\"chat,pager\",SEC-134", '10,10,100,CRITICAL,"chat,pager,management",'),
    ("CC7.4-01.1", "pagerduty/incidents-2025-11.json",
     r'(Q22MQ7H2KD.*"resolved_at":"2025-11-)23(.*resolve_log_entry","created_at":"2025-11-)23', r"\g<1>29\g<2>29"),
    ("CC7.4-01.2", "pagerduty/incidents-2025-12.json", r'"annotate_log_entry"', '"notify_log_entry"'),
    ("CC7.4-01.3", "incidents/reports-2025-12.csv", r"(Q26.*),wrote to the clinics,", r"\1,,"),
    ("CC7.5-01.1", "incidents/reports-2025-12.csv", r",2025-12-08T10:00:00Z,", ",2025-12-28T10:00:00Z,"),
    ("CC7.5-01.2", "incidents/reports-2025-12.csv", r",OPS-1442,2025-12-18,2025-12-15", ",OPS-1442,2025-12-18,2025-12-25"),
    # Capacity, plans, backups and restores.
    ("A1.1-01.1", "cloudwatch/bookings-web-2025-12.ndjson", r"2025-12-15T00:00:00Z", "2025-12-16T00:30:00Z"),
    ("A1.1-01.3", "capacity/decisions-2025-12-19.csv", r"2025-09-05,2025-09-02", "2025-09-05,2025-10-09"),
    ("A1.3-02.3", "exercises/exercises-2025-Q4.csv", r"incident response,denial of service", "disaster recovery,recovery-plan"),
    ("A1.3-02.3", "exercises/exercises-2025-Q4.csv", r"exercises/ex-2025-14.md", ""),
    ("CC9.1-01.3", "exercises/plans-2025-12-19.csv", r"EX-2025-04,2025-05-14,partly", "EX-2025-15,2025-12-10,failed"),
    ("A1.2-01.1", "aws/backup-jobs-2025-12.json", r'(cluster:bookings-main".*"State":")COMPLETED', r"\1FAILED"),
    ("A1.2-01.3", "assets/inventory-2025-12-19.csv",
     r"(reporting,database,.*,)arn:aws:rds:eu-west-1:123456789012:db:reporting", r"\1"),
    ("A1.2-02.1", "pgbackrest/local/info-2025-11.json", r'("type":")full', r"\1incr"),
    ("A1.2-02.1", "pgbackrest/offsite/info-2025-11.json", r'("type":")full', r"\1diff"),
    ("A1.2-02.2", "aws/copy-jobs-2025-12.json", r'(db:reporting".*"State":")COMPLETED', r"\1FAILED"),
    ("A1.2-03.1", "aws/backup-jobs-2025-11.json", r'(marlowquay-evidence".*"State":")COMPLETED', r"\1ABORTED"),
    ("A1.2-03.2", "aws/copy-jobs-2025-12.json", r"aws:backup:eu-central-1(:123456789012:backup-vault:offsite\",\"ResourceArn\":\""
     r"arn:aws:s3:::marlowquay-evidence)", r"aws:backup:eu-west-1\1"),
    ("A1.3-01.1", "restore/restore-tests-2025-Q4.csv", r"(RT-2025-17,.*Z,)ok,", r"\1failed,"),
    ("A1.3-01.3", "restore/restore-tests-2025-Q4.csv", r"(RT-2025-16,.*,ok,)yes", r"\1no"),
    ("A1.3-01.4", "restore/restore-tests-2025-Q4.csv", r"CFE4F48D03258068AB052B4859", "19D3E57043C01B5C4155F8F392"),
    # Changes.
    ("CC8.1-04.1", "github/pulls-2025-12.json", r"CHG-1212 Show", "Show"),
    ("CC8.1-04.2", "jira/change-tickets-2025-12.json",
     r'"Justification":"The list of appointments was slow."', '"Justification":"no"'),
    ("CC8.1-04.3", "jira/change-tickets-2025-12.json", r'("key":"CHG-1209".*"Test evidence":")[^"]*', r"\1"),
    ("CC8.1-05.1", "jira/change-tickets-2025-11.json", r'("key":"CHG-1190".*"Change risk":\{"value":")Low', r"\1High"),
    ("CC8.1-05.2", "jira/change-tickets-2025-12.json", r'("key":"CHG-1210".*"Security sensitive":\{"value":")No', r"\1Yes"),
    ("CC8.1-06.1", "github/pulls-2025-12.json", r'(CHG-1213.*"filename":")app/[^"]*', r"\1db/migrations/0436.sql"),
    ("CC8.1-06.2", "github/pulls-2025-12.json", r'(CHG-1213.*"filename":")tests/[^"]*', r"\1terraform/new.tf"),
    ("CC8.1-10.1", "jira/change-tickets-2025-12.json", r"ADR-0023", "ADR-0923"),
    ("CC8.1-01.3", "github/pulls-2025-12.json",
     r'(CHG-1217.*"name":"build","head_sha":"[^"]*","conclusion":")success', r"\1failure"),
    ("CC8.1-07.1", "github/pulls-2025-12.json",
     r'(CHG-1218.*"name":"unit tests","head_sha":"[^"]*","conclusion":")success', r"\1failure"),
    ("CC8.1-07.2", "github/pulls-2025-12.json", r'(CHG-1219.*"name":"dependency scan","head_sha":"[^"]*","conclusion":")success',
     r"\1skipped"),
    ("CC8.1-03.1", "github/commits-2025-12.json", r'"6d5aa1339cd5a0302f59d919b5370ed69f5ce530(",.*)"pulls":\[\{"number":443[^]]*\]',
     r'"6d5aa1339cd5a0302f59d919b5370ed69f5ce531\1"pulls":[]'),
    ("CC8.1-03.3", "github/branch-protection-2025-12.json", r'("allow_force_pushes":\{"enabled":)false', r"\1true"),
    ("CC8.1-02.2", "github/deployments-2025-12.json", r'("production".*"state":")success', r"\1failure"),
    ("CC8.1-02.3", "github/deployments-2025-11.json", r'"environment":"staging"', '"environment":"production-eu"'),
    ("CC8.1-08.3", "jira/change-tickets-2025-12.json", r'"Planned start":"2025-12-02T20:00', '"Planned start":"2025-12-02T22:00'),
    ("CC8.1-08.4", "jira/change-tickets-2025-12.json", r'("key":"CHG-1211".*"Verified at":")2025-12-05', r"\g<1>2025-12-09"),
    ("CC8.1-09.2", "jira/change-tickets-2025-11.json", r'("key":"CHG-1192".*"Change type":\{"value":")Normal', r"\1Emergency"),
    ("CC8.1-11.1", "exercises/rollback-rehearsals-2025-Q4.csv", r"(marlowquay/platform.*),passed,", r"\1,failed,"),
    ("CC8.1-11.1", "exercises/exercises-2025-Q4.csv", r"(marlowquay/platform.*),passed,", r"\1,failed,"),
    # Data and their protection.
    ("C1.1-01.1", "registers/data-inventory-2025-12-12.csv", r"(DS-01,.*,)CONFIDENTIAL,yes", r"\1INTERNAL,yes"),
    ("C1.1-01.2", "registers/data-inventory-2025-12-12.csv", r"(DS-02,.*,)aurelio.wickstead@", r"\1nobody@"),
    ("C1.1-01.3", "registers/data-inventory-2025-12-12.csv", r"arn:aws:rds:eu-west-1:123456789012:db:reporting",
     "arn:aws:rds:eu-west-1:123456789012:db:figures"),
    ("C1.1-01.4", "registers/data-inventory-2025-12-12.csv", r",2025-12-11,", ",2025-03-11,"),
    ("C1.1-02.1", "aws/db-clusters-2025-11-07.json", r'"StorageEncrypted":true', '"StorageEncrypted":false'),
    ("C1.1-02.2", "aws/s3-buckets-2025-11-07.json", r'("marlowquay-documents".*)"aws:kms","KMSMasterKeyID":"[^"]*"', r'\1"AES256"'),
    ("C1.1-02.3", "aws/db-instances-2025-11-07.json", r'("bookings-main-1".*"PubliclyAccessible":)false', r"\1true"),
    ("C1.2-01.2", "disposal/disposals-2025-Q4.csv", r"(2025-10-24,)2025-10-18", r"\g<1>2025-10-26"),
    ("CC6.5-01.2", "disposal/media-2025-Q4.csv", r"(paper,.*),shredded,", r"\1,factory reset,"),
    ("CC6.1-05.2", "aws/kms-keys-2025-12-05.json", r'"Enabled":true(,"Description":"documents".*"KeyState":")Enabled',
     r'"Enabled":false\1Disabled'),
    ("CC6.1-07.2", "aws/kms-keys-2025-12-05.json", r'"TagKey":"custodian","TagValue":"hugo.pellingham@',
     '"TagKey":"custodian","TagValue":"nobody@'),
    ("CC6.7-01.1", "registers/endpoints-2025-10-03.csv", r",8443,office,", ",8443,internet,"),
    ("CC6.7-01.2", "tls/testssl-2025-11-07.json", r'(\{"id":"TLS1_1".*"finding":")not offered', r"\1offered (deprecated)"),
    ("CC6.7-01.3", "tls/testssl-2025-11-07.json", r"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-DES-CBC3-SHA"),
    ("CC6.7-01.4", "tls/testssl-2025-12-05.json", r'(\{"id":"ROBOT".*"severity":")OK', r"\1CRITICAL"),
    ("CC6.7-01.5", "aws/certificates-2025-11-07.json", r'"SubjectAlternativeNames": ?\[\s*"status.example.com"',
     '"SubjectAlternativeNames":["old.status.example.com"'),
    ("CC6.7-02.1", "aws/certificates-2025-12-05.json", r'"NotAfter": ?"2026-08-12', '"NotAfter":"2025-12-06'),
    ("CC6.7-02.2", "tls/testssl-2025-12-05.json", r"2026-08-12 23:59", "2025-12-06 23:59"),
    ("CC6.8-01.2", "devices/devices-2025-11-30.csv", r"^(\w+,)imani.thorsby@", r"\1nobody@"),
    ("CC6.8-02.2", "defender/alerts-2025-12.json", r'"assignedTo":"[^"]*"', '"assignedTo":null'),
    ("CC6.8-03.1", "devices/devices-2025-12-31.csv", r"^(1F2F4E98CE,.*,in use,)yes", r"\1no"),
    ("CC6.8-03.2", "devices/devices-2025-12-31.csv", r"^(93EF971F88,.*),yes,in use", r"\1,no,in use"),
    ("CC6.8-03.4", "devices/devices-2025-12-31.csv", r"^1F2F4E98CE,", "1F2F4E98CF,"),
    ("CC2.1-01.1", "assets/inventory-2025-12-19.csv", r"(A-07,.*,)CONFIDENTIAL", r"\1"),
    ("CC2.1-01.2", "assets/inventory-2025-12-19.csv", r"(A-08,.*,)bastian.fairwell@", r"\1nobody@"),
    ("CC7.1-02.1", "prowler/findings-2025-1[12]-*.csv", r"(rds_instance_no_public_access;[^;]*;[^;]*;)PASS", r"\1FAIL"),
    ("CC7.1-02.2", "prowler/findings-2025-12-31.csv", r"PASS;;False(;cloudtrail;;high)", r"FAIL;;True\1"),
    # Personal data.
    ("P6.1-01.1", "privacy/disclosures-2025-Q4.csv", r"(DI-2025-065,.*),AG-2023-04,", r"\1,,"),
    ("P6.2-01.1", "privacy/disclosures-2025-Q4.csv", r"(DI-2025-064,.*,)Harbour Lane Clinic", r"\1Fernhill Animal Hospital"),
    ("P6.2-01.2", "privacy/disclosures-2025-Q4.csv", r"(DI-2025-066,2025-12-16T09:49:00Z,)2025-12-16", r"\g<1>2025-12-23"),
    ("P6.3-01.2", "privacy/disclosures-2025-Q4.csv", r"(DI-2025-063,.*),benedikt.szarvas@example.com,2023-04-03,", r"\1,,,"),
    ("P6.3-01.1", "privacy/breaches-2025-Q4.csv", r"BR-2025-02,loss,2025-08-06(T17:15:00Z),2025-08-06(T19:15:00Z),none,2025-08-07",
     r"BR-2025-02,loss,2025-11-06\1,2025-11-09\2,high,2025-11-10"),
    ("P6.4-01.1", "vendors/register-2025-12-19.csv", r"(Amazon Web Services,.*,yes,yes,yes,)yes,yes", r"\1no,no"),
    ("P6.4-01.3", "vendors/register-2025-12-19.csv", r"^(Quillpost,.*\d,)yes", r"\1no"),
    ("P4.3-01.2", "privacy/erasures-2025-Q4.csv", r"(PR-2025-04\d,mailer,.*),[^,\n]*$", r"\1,"),
    ("P5.1-01.2", "privacy/requests-2025-Q4.csv", r"(PR-2025-04\d,access,[^,]*,[^,]*,2025-1\d-\d\d[^,]*,[^,]*,)[^,]+", r"\1"),
    ("P5.1-01.3", "privacy/requests-2025-Q4.csv", r"(PR-2025-045,access,.*,)fulfilled,", r"\1refused,"),
    ("P5.2-01.2", "privacy/requests-2025-Q4.csv", r"(PR-2025-0[45]\d,correction,.*),told,", r"\1,not told,"),
    ("P5.2-01.3", "privacy/requests-2025-Q4.csv", r"(PR-2025-047,correction,.*,)fulfilled,", r"\1refused,"),
    ("P8.1-01.1", "privacy/requests-2025-Q4.csv",
     r"(PR-2025-0[45]\d,(?:complaint|objection|question),[^,]*,[^,]*,[^,]*,)[^,]+", r"\1"),
    ("P1.1-01.2", "privacy/notice-checks-2025-12.csv", r"(booking-form,.*,yes,)6.0", r"\g<1>5.0"),
    ("P1.1-01.3", "privacy/notice-checks-2025-11.csv", r"^sign-up,", "sign-in,"),
    ("P2.1-01.1", "privacy/uses-2025-12.csv", r"^(US-\d+,[^,]*,newsletter,.*,)own-\d+", r"\1own-9999"),
    ("P2.1-01.2", "privacy/consents-2025-Q4.csv", r"(2025-11-25T14:14:00Z),2025-11-25T14:25:00Z", r"\1,2025-11-29T14:25:00Z"),
    ("P2.1-01.3", "privacy/consents-2025-Q4.csv", r"(CN-0121,.*,)opt-in,", r"\1implied,"),
    ("P3.1-01.1", "privacy/collection-points-2025-Q4.csv", r"^sign-up,name,contact", "sign-up,name,birthday"),
    ("P3.2-01.1", "privacy/collection-points-2025-Q4.csv", r"yes,explicit", "yes,opt-in"),
    ("P3.2-01.2", "privacy/consents-2025-Q4.csv", r"(,access-needs,.*,)explicit(,[^,]*,2025-1[012])", r"\1opt-in\2"),
    ("P4.1-01.1", "privacy/uses-2025-12.csv", r"figures of use for clinics", "figures for a newspaper"),
    ("P4.2-01.1", "privacy/retention-2025-12.csv", r"^(support,.*),0,0", r"\1,4,0"),
    ("P6.7-01.2", "privacy/requests-2025-Q4.csv", r"(PR-2025-048,.*,)1,", r"\g<1>2,"),
    # Processing.
    ("PI1.1-01.2", "processing/jobs-2025-Q4.csv", r"^imports,", "import,"),
    ("PI1.2-01.2", "processing/rejected-2025-12.csv", r",imp-1204-2,", ",imp-1204-3,"),
    ("PI1.2-01.1", "processing/rejected-2025-12.csv", r",2025-12-04T13:48:00Z,", ",2025-12-24T13:48:00Z,"),
    ("PI1.3-01.2", "processing/runs-2025-12.ndjson", r'("run_id":"inv-1202-1".*"business_date":")2025-12-02', r"\g<1>2025-12-01"),
    ("PI1.4-01.2", "processing/runs-2025-11.ndjson", r'"processed":(\d)', r'"processed":9\1'),
    ("PI1.5-01.2", "processing/checks-2025-12.csv", r"(invoice-sum-of-lines,.*),pass,(\d+),0,", r"\1,fail,\2,2,"),
    ("PI1.5-01.1", "processing/checks-2025-11.csv", r",integrity,documents,", ",quality,documents,", ALL),
    ("P7.1-01.1", "processing/checks-2025-11.csv", r",quality,contacts,", ",quality,others,", ALL),
    ("P8.1-01.3", "documents/privacy-report-2025-Q3.md.meta.yaml", r'"privacy-report"', '"privacy-account"'),
    # Leadership and people.
    ("CC1.2-01.1", "board/meetings-2025-Q3.csv", r",board,", ",committee,", ALL),
    ("CC3.1-01.1", "documents/objectives-2025-2025-Q3.md.meta.yaml", r'(approved_at: "202)\d', r"\g<1>3"),
    ("CC1.2-01.2", "board/attendance-2025-Q4.csv", r"^(B-2025-4,.*Tavistock,independent,)yes", r"\1no"),
    ("CC1.2-01.4", "board/attendance-2025-Q4.csv", r"(B-2025-5,[^,]*,)Philippa Merewether", r"\1Imani Thorsby"),
    ("CC2.3-01.2", "documents/terms-of-service-7.0-2025-Q4.md.meta.yaml", r"2025-07-01", "2025-10-01"),
    ("CC2.3-01.2", "documents/terms-of-service-7.0-2025-Q4.md.meta.yaml", r"2025-06-09", "2025-09-29"),
    ("CC3.1-01.2", "documents/objectives-2026-2025-Q4.md.meta.yaml",
     r"(?s)(owner: \")[^\"]*(\".*approved_by: \")([^\"]*)", r"\1\3\2\3"),
    ("CC4.1-01.2", "risk/assessments-2025-Q4.csv", r"(PT-2025,.*),external,", r"\1,internal,"),
    ("CC4.2-01.2", "risk/deficiencies-2025-Q4.csv", r"(2025-11-06,)2025-11-07", r"\g<1>2025-11-27"),
    ("CC4.2-01.3", "risk/deficiencies-2025-Q4.csv", r"(,2025-11-20,)kofi.branscombe@", r"\1callum.oyelaran@"),
    ("CC4.2-01.4", "risk/assessments-2025-Q4.csv", r"(IA-2025,.*,)2025-09-22,\d", r"\g<1>2025-10-02,9"),
    ("CC5.2-01.2", "risk/controls-2025-Q4.csv", r",devices,", ",gadgets,"),
    ("CC5.2-01.2", "risk/controls-2025-Q4.csv", r",devices,(.*),operating,", r",devices,\1,planned,"),
    ("CC5.3-01.2", "documents/data-policy-2.1-2025-Q4.md.meta.yaml",
     r"(?s)(owner: \")[^\"]*(\".*approved_by: \")([^\"]*)", r"\1\3\2\3"),
    ("CC5.3-01.3", "documents/risk-policy-1.3-2025-Q4.md.meta.yaml", r"document: \"risk-policy\"", 'document: "risks-policy"'),
    ("CC1.1-02.1", "people/background-checks-2025-Q4.csv", r"(Idris Penhallow,identity,[^,]*,)[^,]*,clear", r"\1,"),
    ("CC1.1-02.2", "people/background-checks-2025-Q4.csv", r"E1001,Ottoline Varga,references,2017-01-30,2017-02-13,clear",
     "E1001,Ottoline Varga,references,2017-01-30,2017-02-13,concern"),
    ("CC1.3-01.1", "hr/roster-2025-12-19.csv", r"(Head of Engineering,)E1001", r"\1E1003"),
    ("CC1.5-01.2", "people/evaluations-2025-Q4.csv", r"2025-12-08,yes", "2025-12-08,no"),
    ("CC3.2-02.1", "documents/attestation-risk-review-2025-Q4.md.meta.yaml", r"\"no exceptions\"", '"exceptions"'),
    ("CC3.2-01.1", "risk/risks-2025-Q4.csv", r"(R-01,.*,3,3,)9", r"\g<1>8"),
    ("CC3.2-01.3", "risk/risks-2025-Q4.csv", r"(R-02,.*,)ottoline.varga@example.com", r"\1"),
    ("CC3.3-01.1", "risk/risks-2025-Q4.csv", r"(R-12,.*,)2025-12-08", r"\g<1>2024-12-08"),
    ("CC3.4-01.1", "risk/significant-changes-2025-Q4.csv", r"2025-10-27,2025-10-27", "2025-10-27,2025-10-28"),
    ("CC3.4-01.2", "risk/assessments-2025-Q4.csv", r"(SR-2025-4,.*,)2025-1\d-\d\d(,\d)$", r"\g<1>2025-09-30\2"),
    ("CC5.1-01.1", "risk/risk-controls-2025-Q4.csv", r"^(R-04,).*", r"\1CC0.0-00,", ALL),
    ("CC5.1-01.3", "risk/controls-2025-Q4.csv", r"^(CC1.1-01,.*,)petra.lindqvale@", r"\1dmitri.sallowfield@"),
    ("CC9.2-01.2", "vendors/register-2025-12-19.csv", r"^(Okta,.*,)noor.castellane@", r"\1nobody@"),
    ("CC9.2-02.1", "vendors/reviews-2025-Q4.csv", r"^(VR-2025-Q4-02,)Okta", r"\1Oktas"),
    ("CC9.2-02.2", "vendors/reviews-2025-Q4.csv", r"^(VR-2025-Q4-01,.*,)satisfactory,", r"\1concerns,"),
    ("CC9.2-03.2", "vendors/reports-2025-12-19.csv", r"^(Amazon Web Services,AWS-2025,.*,)2024-10-01", r"\g<1>2024-11-01"),
    ("CC9.2-04.2", "vendors/user-controls-2025-12-19.csv",
     r"^Amazon Web Services,AWS-2025,CUEC-01", "Amazon Web Services,AWS-2024,CUEC-01"),
]


def quarter_of(name):
    """The quarter of a file, or of the files of a pattern."""
    year, quarter, month = re.search(r"(\d{4})-(?:Q(\d)|(\d\d|1\[\d+\]|1\*))", name).groups()
    return f"{year}-Q{quarter or (4 if not month.isdigit() else (int(month) + 2) // 3)}"


def tests_of(quarter):
    return {test for test, name, *_ in FAULTS if quarter_of(name) == quarter}


def plant(evidence):
    """Plants all of them below a folder of evidence: once in each file of a pattern, or wherever it fits where so said."""
    for test, name, pattern, replacement, *everywhere in FAULTS:
        found = 0
        for path in evidence.glob(name):
            text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=0 if everywhere else 1,
                                  flags=re.MULTILINE)
            if count:
                path.write_text(text, encoding="utf-8")
                found += 1
        assert found, f"the fault for {test} finds nothing in {name}"


def tighten(programme, controls):
    """Overrides every limit of time with a fifth of it, but for those that are overridden already."""
    text = programme.read_text(encoding="utf-8")
    lines = []
    for ident, control in controls.items():
        for name, value in control["parameters"].items():
            if isinstance(value, int) and (ident, name) not in KEPT and f"control: {ident}\n    parameter: {name}\n" not in text:
                unit, length = ("day", DAY) if (ident, name) in WHOLE_DAYS else ("minute", MINUTE)
                number = value // length // 5
                lines.append(f"  - {{control: {ident}, parameter: {name}, value: {number} {unit}{'s' * (number != 1)},\n"
                             "     approver: Ottoline Varga, date: 2024-12-01, reason: a trial of stricter limits}\n")
    programme.write_text(text.replace("\noverrides:\n", "\noverrides:\n" + "".join(lines)), encoding="utf-8")
