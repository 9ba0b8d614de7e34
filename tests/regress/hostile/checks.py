"""Declares checks for the small programme: schema/checks.yaml."""
import pathlib

pathlib.Path("schema/checks.yaml").write_text("""\
channels:
  critical: [pager]
  high: [pager, chat]
  medium: [chat]
  low: [mail]
insufficient:
  severity: medium
  message: Evidence is short
  action: Collect it again
thresholds:
  - id: long_list
    title: The directory lists no more accounts than it may
    parameters:
      most: {value: 3, meaning: How many accounts an export may list}
    query: |
      SELECT min(ref) AS ref, source || ' @ ' || date_of(at) AS item,
             CASE WHEN count(*) > :most THEN count(*) || ' accounts' END AS exception
      FROM account GROUP BY source, at
    challenges:
      - {given: {account: [{login: ann}, {login: bob}]}, parameters: {most: 1}, expect: exception}
      - {given: {account: [{login: ann}]}, expect: effective}
checks:
  - id: second-factor
    group: access
    title: Second factors
    frequency: monthly
    controls: [AC-1]
    alerts:
      - when: any_violations
        message: An account was without a second factor
        action: Enrol the account or disable it
  - id: leavers
    group: access
    title: Leavers
    frequency: weekly
    tests: [AC-2.1]
    alerts:
      - when: any_violations
        severity: critical
        message: A leaver could sign in
        action: Disable the account
      - when: 31_days_stale
        severity: low
        message: Exports have stopped
        action: Collect them
      - when: long_list
        severity: low
        message: The list grows
        action: Look at it
  - id: changes
    group: change
    title: Changes
    frequency: monthly
    controls: [CM-1]
    alerts:
      - when: any_violations
        message: A change was not approved
        action: Review it
  - id: policy
    group: governance
    title: The policy
    frequency: quarterly
    controls: [GV-1]
    alerts:
      - when: any_violations
        message: The policy is not approved
        action: Have it approved
""", encoding="utf-8")
