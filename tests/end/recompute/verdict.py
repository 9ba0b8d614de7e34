"""The verdict of a test: exception before insufficient before no occurrence before effective.

Evidence is sufficient when every source of every type that the control requires gave an export for every day, week, month or
quarter in which one is due, and when no item is undetermined. That nothing happened is proven where the test names a witness.
What a type's sources are is told by the systems of the sample.
"""
from .raw import DAY, span_of

SOURCES = {
    "account": ["okta/users-*.json", "google/users-*.json", "aws/credential-report-*.csv"],
    "mfa_enrolment": ["okta/users-*.json", "google/users-*.json", "aws/credential-report-*.csv"],
    "access_key": ["aws/credential-report-*.csv"],
    "person": ["hr/roster-*.csv"],
    "access_review": ["access-review/review-*.csv"],
    "access_request": ["access/requests-*.csv"],
    "account_owner": ["access/service-accounts-*.csv"],
    "permission_grant": ["aws/authorization-details-*.json"],
    "policy_rule": ["aws/authorization-details-*.json", "gate/policies-*.cedar", "kubernetes/rbac-*.yaml"],
    "role_permission": ["access/role-matrix-*.csv"],
    "role_binding": ["kubernetes/rbac-*.yaml"],
    "privilege_session": ["privilege/sessions-*.csv"],
    "privileged_command": ["sudo/bastion-*.log"],
    "audit_event": ["aws/cloudtrail-*.json"],
    "network_rule": ["aws/security-groups-*.json"],
    "change": ["github/pulls-*.json"], "approval": ["github/pulls-*.json"], "check_run": ["github/pulls-*.json"],
    "change_file": ["github/pulls-*.json"],
    "deployment": ["github/deployments-*.json"], "deployment_status": ["github/deployments-*.json"],
    "branch_commit": ["github/commits-*.json"], "commit_change": ["github/commits-*.json"],
    "branch_protection": ["github/branch-protection-*.json"], "branch_check": ["github/branch-protection-*.json"],
    "repository_event": ["github/audit-log-*.json"],
    "change_ticket": ["jira/change-tickets-*.json"], "ticket_approval": ["jira/change-tickets-*.json"],
    "technical_document": ["engineering/technical-documents-*.csv"],
    "exercise": ["exercises/rollback-rehearsals-*.csv", "exercises/exercises-*.csv"],
    "recovery_plan": ["exercises/plans-*.csv"],
    "incident": ["pagerduty/incidents-*.json"], "incident_event": ["pagerduty/incidents-*.json"],
    "incident_ticket": ["pagerduty/incidents-*.json"], "incident_report": ["incidents/reports-*.csv"],
    "alert_rule": ["prometheus/rules-*.yaml"], "alert_route": ["prometheus/alertmanager-*.yaml"],
    "alert_receiver": ["prometheus/alertmanager-*.yaml"], "log_source": ["logs/sources-*.csv"],
    "log_check": ["aws/validate-logs-*.log"],
    "alert": ["alerts/alerts-*.ndjson"], "alert_decision": ["alerts/triage-*.csv"],
    "status_notice": ["statuspage/incidents-*.json"], "service_level": ["grafana/service-levels-*.csv"],
    "security_event": ["siem/events-*.csv"], "sign_in": ["okta/system-log-*.ndjson", "bastion/sshd-*.log"],
    "backup_run": ["aws/backup-jobs-*.json", "pgbackrest/local/info-*.json"],
    "backup_copy": ["aws/copy-jobs-*.json", "pgbackrest/offsite/info-*.json"],
    "restore_test": ["restore/restore-tests-*.csv"], "asset": ["assets/inventory-*.csv"],
    "capacity": ["cloudwatch/billing-ledger-*.ndjson", "cloudwatch/bookings-main-*.ndjson", "cloudwatch/bookings-web-*.ndjson"],
    "capacity_action": ["capacity/decisions-*.csv"],
    "vendor": ["vendors/register-*.csv"], "vendor_report": ["vendors/reports-*.csv"],
    "vendor_review": ["vendors/reviews-*.csv"], "complementary_control": ["vendors/user-controls-*.csv"],
    "device": ["devices/devices-*.csv"], "malware_event": ["defender/alerts-*.json"],
    "media_disposal": ["disposal/media-*.csv"], "data_store": ["registers/data-inventory-*.csv"],
    "storage": ["aws/db-clusters-*.json", "aws/db-instances-*.json", "aws/s3-buckets-*.json"],
    "encryption_key": ["aws/kms-keys-*.json"], "key_rotation": ["aws/kms-keys-*.json"], "resource_tag": ["aws/kms-keys-*.json"],
    "certificate": ["aws/certificates-*.json"], "certificate_name": ["aws/certificates-*.json"],
    "certificate_use": ["aws/certificates-*.json"],
    "endpoint": ["registers/endpoints-*.csv"],
    **{kind: ["tls/testssl-*.json"] for kind in ("tls_protocol", "tls_cipher", "tls_weakness", "tls_problem", "served_certificate")},
    "vulnerability_scan": ["trivy/*.json"], "vulnerability": ["trivy/*.json"],
    "configuration_check": ["prowler/findings-*.csv"],
    "document": ["documents/*.md"],
    "acknowledgement": ["people/acknowledgements-*.csv"], "training": ["people/training-*.csv"],
    "background_check": ["people/background-checks-*.csv"], "evaluation": ["people/evaluations-*.csv"],
    "meeting": ["board/meetings-*.csv"], "attendance": ["board/attendance-*.csv"],
    "disposal": ["disposal/disposals-*.csv"], "consent": ["privacy/consents-*.csv"],
    "storage_node": ["aws/db-instances-*.json"], "personal_data_use": ["privacy/uses-*.csv"],
    "processing_activity": ["privacy/activities-*.csv"], "collection_point": ["privacy/collection-points-*.csv"],
    "notice_check": ["privacy/notice-checks-*.csv"], "personal_data_breach": ["privacy/breaches-*.csv"],
    "retention_check": ["privacy/retention-*.csv"], "significant_change": ["risk/significant-changes-*.csv"],
    "privacy_request": ["privacy/requests-*.csv"], "erasure": ["privacy/erasures-*.csv"],
    "disclosure": ["privacy/disclosures-*.csv"],
    "processing_run": ["processing/runs-*.ndjson"], "processing_job": ["processing/jobs-*.csv"],
    "rejected_input": ["processing/rejected-*.csv"], "data_check": ["processing/checks-*.csv"],
    "risk": ["risk/risks-*.csv"], "risk_control": ["risk/risk-controls-*.csv"], "internal_control": ["risk/controls-*.csv"],
    "assessment": ["risk/assessments-*.csv"], "deficiency": ["risk/deficiencies-*.csv"],
}


def due(quarter, cadence):
    """The spans in each of which an export is due; weeks begin on Mondays and count where they lie in the period whole."""
    if cadence == "weekly":
        return [(week, week + 7 * DAY) for week in quarter.weeks()]
    if cadence == "monthly":
        return quarter.months()
    assert cadence in ("quarterly", "period"), cadence
    return [(quarter.start, quarter.after)]


def covered(quarter, kind, cadence, grace):
    """Whether every source of a type has an export for every span that is due."""
    for pattern in SOURCES[kind]:
        spans = [span_of(path.name) for path in quarter.files(pattern)]
        for first, after in due(quarter, cadence):
            if not any(begun < after + grace and end > first for begun, end in spans):
                return False
    return True


def verdict(quarter, control, test, result):
    if not control["applicable"]:
        return "not applicable"
    if result.exceptions:
        return "exception"
    if result.undetermined or not all(covered(quarter, *requirement) for requirement in control["requires"]):
        return "insufficient"
    return "effective" if result.items else "no occurrence" if test in control["witnessed"] else "insufficient"
