"""A1.2 and A1.3: backups, their copies, restores and exercises."""
from .raw import DAY, date_of, midnight, seconds
from .results import recomputes
from .words import listed

AWS_ENDED = {"COMPLETED": True, "PARTIAL": False, "FAILED": False, "ABORTED": False, "EXPIRED": False}


def runs(quarter):
    """Every run: what was saved, when it began and ended, whether well (None: the state is not known), whether in full."""
    for job in quarter.items("aws/backup-jobs-*.json", "BackupJobs"):
        told = job.get("CompletionDate", job["CreationDate"]) >= job["CreationDate"] and job.get("BackupSizeInBytes") != 0
        yield {"id": job["BackupJobId"], "resource": job["ResourceArn"], "begun": job["CreationDate"],
               "ended": job.get("CompletionDate"), "good": AWS_ENDED.get(job["State"]) if told else None, "full": True}
    # The repository on site holds the nightly backups.
    for stanza in quarter.items("pgbackrest/local/info-*.json"):
        for backup in stanza["backup"]:
            yield {"id": f"{stanza['name']} repository {backup['database']['repo-key']} {backup['label']}",
                   "resource": stanza["name"], "begun": backup["timestamp"]["start"], "ended": backup["timestamp"]["stop"],
                   "good": not backup["error"], "full": backup["type"] == "full"}


def within(quarter):
    return [run for run in runs(quarter) if run["begun"] in quarter]


def day_by_day(quarter, result, resources):
    """`resources`: what is backed up, with the word that an item has for it."""
    all_of = within(quarter)
    for resource, name in resources.items():
        for day in quarter.days():
            of_day = [run for run in all_of if run["resource"] == resource and midnight(run["begun"]) == day]
            good = any(run["good"] for run in of_day)
            unknown = not good and any(run["good"] is None for run in of_day)
            result.add((resource, day), not good and not unknown, unknown, words=(name, date_of(day)))


@recomputes("A1.2-01.1")
def backups_of_every_day(quarter, parameters, result):
    day_by_day(quarter, result, {run["resource"]: run["resource"] for run in within(quarter)})


def followed(quarter, runs_of_all, limit, result):
    for run in runs_of_all:
        if run["good"] is False:
            after = run["ended"] or run["begun"]
            good = [other for other in runs_of_all if other["resource"] == run["resource"] and other["good"]
                    and other["begun"] >= run["begun"] and other["ended"] <= after + limit]
            result.add((run["resource"], run["begun"]), not good and after + limit < quarter.after, words=(run["resource"],))


@recomputes("A1.2-01.2")
def failed_backups_were_followed(quarter, parameters, result):
    followed(quarter, within(quarter), parameters["retried_within"], result)


def assets(quarter):
    """The newest inventory, with its day."""
    return quarter.tables("assets/inventory-*.csv")[-1]


@recomputes("A1.2-01.3")
def what_holds_data_is_backed_up(quarter, parameters, result):
    at, rows = assets(quarter)
    for row in rows:
        if row["status"] == "in use" and row["category"].replace(" ", "-") in listed(parameters["backed_up"]):
            newest = max([run["ended"] for run in runs(quarter) if run["resource"] == row["backed_up_as"] and run["good"]
                          and run["ended"] <= at + DAY], default=0)
            result.add(row["asset_id"], newest < at - parameters["fresh_for"])


@recomputes("A1.2-02.1")
def full_backups_of_every_week(quarter, parameters, result):
    # A full backup in the repository off site is one as well.
    all_of = within(quarter) + [copy for copy in copies(quarter) if copy["begun"] in quarter and copy["full"] is not None]
    for resource in {run["resource"] for run in all_of}:
        for week in quarter.weeks(parameters["full_every"]):
            ends = [run["good"] for run in all_of if run["resource"] == resource and run["full"]
                    and week <= run["begun"] < week + parameters["full_every"]]
            good, unknown = True in ends, None in ends
            result.add((resource, week), not good and not unknown, not good and unknown, words=(resource, date_of(week)))


def copies(quarter):
    for job in quarter.items("aws/copy-jobs-*.json", "CopyJobs"):
        region = [job[key].split(":")[3] for key in ("SourceBackupVaultArn", "DestinationBackupVaultArn")]
        yield {"resource": job["ResourceArn"], "begun": job["CreationDate"], "ended": job.get("CompletionDate"),
               "good": AWS_ENDED.get(job["State"]), "full": None, "away": region[0] != region[1]}
    for stanza in quarter.items("pgbackrest/offsite/info-*.json"):
        for backup in stanza["backup"]:
            yield {"resource": stanza["name"], "begun": backup["timestamp"]["start"], "ended": backup["timestamp"]["stop"],
                   "good": not backup["error"], "full": backup["type"] == "full", "away": True}


def copied_every_month(quarter, result, resources):
    for resource, name in resources.items():
        for first, after in quarter.months():
            good = [copy for copy in copies(quarter) if copy["resource"] == resource and copy["good"] and copy["away"]
                    and first <= copy["begun"] < after]
            result.add((resource, first), not good, words=(name, date_of(first)[:7]))


@recomputes("A1.2-02.2")
def copies_of_every_month(quarter, parameters, result):
    copied_every_month(quarter, result, {run["resource"]: run["resource"] for run in within(quarter)})


@recomputes("A1.2-02.3")
def failed_copies_were_followed(quarter, parameters, result):
    followed(quarter, [copy for copy in copies(quarter) if copy["begun"] in quarter], parameters["copied_within"], result)


def stores_of_evidence(quarter):
    return {row["backed_up_as"]: row["asset_id"] for row in assets(quarter)[1]
            if row["category"] == "evidence store" and row["status"] == "in use"}


@recomputes("A1.2-03.1")
def evidence_is_backed_up(quarter, parameters, result):
    day_by_day(quarter, result, stores_of_evidence(quarter))


@recomputes("A1.2-03.2")
def evidence_is_copied(quarter, parameters, result):
    copied_every_month(quarter, result, stores_of_evidence(quarter))


def restores(quarter):
    return [row for row in quarter.rows("restore/restore-tests-*.csv") if seconds(row["started_at"]) in quarter]


@recomputes("A1.3-01.1")
def every_resource_was_restored(quarter, parameters, result):
    for resource in {run["resource"] for run in within(quarter)}:
        good = [row for row in restores(quarter) if row["resource"] == resource and row["integrity"] == "ok"]
        result.add(resource, not good)


@recomputes("A1.3-01.2")
def restores_fit_into_the_recovery_time(quarter, parameters, result):
    for row in restores(quarter):
        end = seconds(row["finished_at"])
        length = (end or quarter.after) - seconds(row["started_at"])
        result.add(row["test_id"], not 0 <= length <= parameters["recovery_time"])


@recomputes("A1.3-01.3")
def restores_were_isolated(quarter, parameters, result):
    for row in restores(quarter):
        result.add(row["test_id"], row["isolated"] != "yes" or row["functionality"] != "ok")


@recomputes("A1.3-01.4")
def restores_are_of_good_backups(quarter, parameters, result):
    known = {run["id"]: run for run in runs(quarter)}
    for row in restores(quarter):
        run = known.get(row["backup_job_id"])
        result.add(row["test_id"], run and (not run["good"] or run["resource"] != row["resource"]), not run)
