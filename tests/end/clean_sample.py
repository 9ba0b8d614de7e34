"""The sample programme with everything that was placed in its evidence mended, so that whatever can be effective is."""
import json
import re
import shutil

from support import sample_programme

EFFECTIVE = {"CC6.2-01", "CC6.1-01", "CC6.2-03", "CC6.1-02", "CC6.1-03", "CC6.3-03", "A1.2-01", "A1.3-01", "CC8.1-01", "CC8.1-02", "CC5.3-01", "CC7.4-01"}
NO_OCCURRENCE = {"CC6.1-04", "CC7.3-01"}
SIGN_INS = ("2025-07-14T13:40:00+00:00", "2025-10-09T13:40:00+00:00")


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def save(path, content):
    """One record a line, as the sample has them."""
    def lines(items):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"
    if isinstance(content, list):
        text = lines(content)
    else:
        text = "{" + ",\n".join(json.dumps(key) + ": " + (lines(value) if isinstance(value, list) else json.dumps(value))
                                for key, value in content.items()) + "}"
    path.write_text(text + "\n", encoding="utf-8")


def edit(path, function):
    """Alters the records of a JSON export, by a function that returns the new list (or None: altered in place)."""
    content = load(path)
    if isinstance(content, list):
        content = function(content) or content
    else:
        key = next(key for key, value in content.items() if isinstance(value, list))
        content[key] = function(content[key]) or content[key]
    save(path, content)
    recount(path, len(content if isinstance(content, list) else content[key]))


def recount(path, records):
    """The sidecar says what the file holds, where it says anything."""
    sidecar = path.with_name(path.name + ".meta.yaml")
    if sidecar.exists():
        text = sidecar.read_text(encoding="utf-8")
        sidecar.write_text(re.sub(r"^records: .*$", f"records: {records}", text, flags=re.MULTILINE), encoding="utf-8")


def edit_text(path, function):
    text = path.read_text(encoding="utf-8")
    altered = function(text)
    assert altered != text, f"{path.name} was not altered"
    path.write_text(altered, encoding="utf-8")


def find(items, **wanted):
    return next(item for item in items if all(item[key] == value for key, value in wanted.items()))


def _mend_users(evidence):
    def okta(users):
        for user in users:
            if user["profile"]["login"].startswith("tomasz.wrenlow"):
                user["factors"][0]["status"] = "ACTIVE"
            if user["profile"]["login"].startswith("rafael.corbishley"):
                user["lastLogin"] = "2025-09-30T15:12:00.000Z"

    def google(users):
        find(users, primaryEmail="dmitri.sallowfield@example.com")["suspended"] = True

    for path in (evidence / "okta").iterdir():
        edit(path, okta)
    for day in ("21", "28"):
        edit(evidence / f"google/users-2025-11-{day}.json", google)
    for path in sorted((evidence / "aws").glob("credential-report-*"))[1:]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(*SIGN_INS), encoding="utf-8")


def _mend_roster(evidence):
    folder = evidence / "hr"
    edit_text(folder / "roster-2025-10-17.csv", lambda text: text.replace("2019-02-31", "2019-02-28"))
    (folder / "roster-2025-12-04.csv").rename(folder / "roster-2025-11-28.csv")
    (folder / "roster-2025-12-04.csv.meta.yaml").unlink()
    shutil.copy(folder / "roster-2025-11-07.csv", folder / "roster-2025-11-14.csv")
    for day in ("14", "28"):
        (folder / f"roster-2025-11-{day}.csv.meta.yaml").write_text(f'collected_at: "2025-11-{day}T06:20:00Z"\n')
    edit_text(evidence / "access-review/review-2025-Q4.csv", lambda text: re.sub("Accounts reviewed,.*\n", "", text))


def _mend_changes(evidence):
    def october(pulls):
        pull = find(pulls, number=409)
        pull["reviews"] = [{"id": 1, "state": "APPROVED", "user": {"login": "adaeze-h"}, "commit_id": pull["head"]["sha"],
                            "submitted_at": "2025-10-17T13:00:00Z"}]

    def november(pulls):
        find(pulls, number=94)["reviews"][0]["submitted_at"] = "2025-11-12T15:20:00Z"
        pulls.remove(find(pulls, number=425))

    def december(pulls):
        pull = find(pulls, number=437)
        pull["reviews"][0]["commit_id"] = pull["head"]["sha"]

    for month, function in (("10", october), ("11", november), ("12", december)):
        edit(evidence / f"github/pulls-2025-{month}.json", function)
    edit(evidence / "github/deployments-2025-12.json",
         lambda items: find(items, id=1880009001).update(sha=find(items, id=1880000337)["sha"]))


def _mend_operations(evidence):
    def incidents(items):
        log = find(items, id="Q22MQ7H2KD")["log_entries"]
        find(log, type="acknowledge_log_entry")["created_at"] = "2025-11-23T03:14:00Z"

    def jobs(items):
        job = find(items, State="SUSPENDED")
        job.update(State="COMPLETED", CompletionDate=job["CreationDate"] + 900)

    edit(evidence / "pagerduty/incidents-2025-11.json", incidents)
    edit(evidence / "aws/backup-jobs-2025-12.json", jobs)


def edit_programme(folder, function):
    edit_text(folder / "inputs" / "programme.yaml", function)


def without(text, *sections):
    """programme.yaml without some of its top-level sections."""
    for section in sections:
        text = re.sub(rf"^{section}:\n(?:[ #].*\n|\n)*", "", text, flags=re.MULTILINE)
    return text


def clean_sample(folder):
    sample_programme(folder)
    evidence = folder / "inputs" / "evidence"
    _mend_users(evidence)
    _mend_roster(evidence)
    _mend_changes(evidence)
    _mend_operations(evidence)
    edit_programme(folder, lambda text: without(text, "waivers", "responses", "dispositions").replace(
        "    tolerate: {invalid: 2%, reason: the sheet ends in a line that counts the others}\n", ""))
    return folder
