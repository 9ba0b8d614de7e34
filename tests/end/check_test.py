#!/usr/bin/env python3
"""`check` as a whole: what it raises on the sample in each month of 2025, what it tells to whom over HTTP, and what becomes
of an alert that nobody took."""
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import threading
import time

from support import ENVIRONMENT, ROOT, TICKMARK, Folder, main, sample_programme, small_programme, test, tickmark, tool

SECRET = "a-secret-of-the-pager"
PERIOD = "2025-11"
# Each fault that inputs/README.md lists, with the months in whose check it is found, and the tests that find it.
PLACED = {
    "2025-02": {"CC8.1-03.2"},
    "2025-05": {"CC6.3-01.1", "CC6.7-01.2", "CC7.1-01.2"},
    "2025-06": {"CC1.4-01.1", "CC6.3-01.1", "CC7.1-01.2", "CC8.1-04.2"},
    "2025-08": {"CC6.1-06.1", "CC6.3-04.1", "CC7.2-03.1"},
    "2025-09": {"CC6.1-06.1", "CC9.2-02.1", "P5.1-01.1"},
    "2025-10": {"CC6.1-02.1", "CC8.1-01.1", "CC8.1-02.1", "CC8.1-03.2", "CC8.1-08.1"},
    "2025-11": {"CC6.1-01.1", "CC6.1-02.1", "CC6.2-03.1", "CC7.3-01.1", "CC8.1-01.1", "CC8.1-02.1", "CC8.1-03.2",
                "CC8.1-08.1"},
    "2025-12": {"A1.2-01.1", "CC4.2-01.1", "CC6.1-02.1", "CC6.2-03.1", "CC8.1-01.2", "CC8.1-02.1", "CC8.1-08.1",
                "CC8.1-08.2"},
}
CHECKS = ROOT / "tests" / "regress" / "check" / "checks.py"


@contextlib.contextmanager
def programme(broken=True):
    """The small programme with checks; `broken`: an account is without a second factor in November."""
    with Folder() as folder:
        small_programme(folder)
        tool("python3", "-B", str(CHECKS), cwd=folder)
        if broken:
            lose_factor(folder, "bob")
        yield folder


def lose_factor(folder, login):
    path = folder / "inputs/evidence/directory/factors-2025-11-28.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(f"{login}@example.com,on", f"{login}@example.com,off"),
                    encoding="utf-8")


class Receiver:
    """A server on loopback that answers each POST with the next of `answers`: a status, or a number of seconds of silence."""

    def __init__(self, answers, certificate=None):
        self.answers, self.requests = list(answers), []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((self.path, dict(self.headers), body))
                answer = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                if isinstance(answer, float):
                    time.sleep(answer)
                    answer = 200
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *ignored):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *ignored):
        self.server.shutdown()
        self.server.server_close()

    def url(self, scheme="http", path="/hook?token=in-the-path"):
        return f"{scheme}://127.0.0.1:{self.port}{path}"


def check(folder, *words, secret=None, status=None, period=PERIOD):
    """One check of the group access; the secret goes over a pipe."""
    words = ["check", "--period", period, "--group", "access", *words]
    if secret is None:
        return tickmark(*words, cwd=folder, status=status)
    reading, writing = os.pipe()
    os.write(writing, secret.encode())
    os.close(writing)
    done = subprocess.run([TICKMARK, *words, "--webhook-secret-fd", str(reading)], cwd=folder, env=ENVIRONMENT,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, pass_fds=[reading],
                          check=False)
    os.close(reading)
    assert status is None or done.returncode == status, f"status {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def alerts_file(folder, period=PERIOD):
    return json.loads((folder / "out/check" / period / "alerts.json").read_text(encoding="utf-8"))


def has_state(folder):
    return (folder / "out/check/state.json").exists()


@test
def every_placed_fault_is_alerted_in_its_month_and_nothing_else():
    with Folder() as folder:
        sample_programme(folder)
        critical = 0
        for month in range(1, 13):
            period = f"2025-{month:02}"
            expected = PLACED.get(period, set())
            done = tickmark("check", "--period", period, "--format", "json", cwd=folder, status=1 if expected else 0)
            report = json.loads(done.stdout)
            found = {failure["test"] for alert in report["alerts"] for failure in alert["failures"]}
            assert found == expected, f"{period}: {sorted(found)} instead of {sorted(expected)}"
            critical += sum(alert["severity"] == "critical" for alert in report["alerts"])
            # Whatever is not alerted was looked at, waits for evidence that is due later, or does not apply.
            for one in report["checks"]:
                for seen in one["tests"]:
                    assert seen["outcome"] != "passed" or seen["population"] > 0, f"{period}: {seen['test']} saw nothing"
                    assert (seen["due"] is not None) == (seen["outcome"] == "awaited"), f"{period}: {seen['test']}"
            if month % 3 == 0:
                waits = [seen["test"] for one in report["checks"] for seen in one["tests"] if seen["due"]]
                assert not waits, f"{period}: at the end of a quarter nothing is awaited, but {waits}"
            for alert in report["alerts"]:
                for failure in alert["failures"][:1]:
                    if failure["show"] and period in ("2025-05", "2025-12"):
                        words = failure["show"].split()
                        assert words.pop(0) == "tickmark"
                        shown = tickmark(*words, cwd=folder)
                        assert shown.returncode == 0 and failure["evidence"] in shown.stdout, \
                            f"{failure['show']}: {shown.stdout}{shown.stderr}"
        assert critical == 0, "nothing of the sample is worth a pager"


@test
def every_test_of_the_schema_is_in_some_check():
    text = (ROOT / "schema/checks.yaml").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:CC|A|C|PI|P)\d\.\d-\d\d(?:\.\d)?\b", text))
    tests = json.loads(tickmark("show", "tests", "--format", "json", cwd=ROOT, status=0).stdout)
    ids = {row["test"] for row in tests}
    left = sorted(i for i in ids if i not in named and i.rsplit(".", 1)[0] not in named)
    assert len(ids) > 200 and not left, f"in no check: {left}"


@test
def a_webhook_gets_what_is_new_once():
    with programme() as folder, Receiver([204]) as receiver:
        done = check(folder, "--webhook", receiver.url(), secret=SECRET + "\n", status=1)
        (path, headers, body), = receiver.requests
        assert path == "/hook?token=in-the-path" and headers["Authorization"] == f"Bearer {SECRET}", headers
        assert headers["Content-Type"].startswith("application/json") and "Expect" not in headers, headers
        sent, kept = json.loads(body), alerts_file(folder)
        assert sent["alerts"] == kept["alerts"] and sent["alerts"][0]["change"] == "new", sent
        assert sent["alerts"][0]["channels"] == ["pager", "chat"] and "checks" not in sent, sent
        assert SECRET not in done.stdout + done.stderr and "in-the-path" not in done.stdout + done.stderr
        for path in folder.rglob("*"):
            assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
        check(folder, "--webhook", receiver.url(), status=1)
        assert len(receiver.requests) == 1, "what was told is not told again, and the status stays"
        lose_factor(folder, "ann")
        check(folder, "--webhook", receiver.url(), status=1)
        again = json.loads(receiver.requests[1][2])["alerts"][0]
        assert again["change"] == "worse" and [f["fresh"] for f in again["failures"]] == [True, False], again
        assert "Authorization" not in receiver.requests[1][1]
        check(folder, "--webhook", receiver.url(), status=0, period="2025-12")
        over = json.loads(receiver.requests[2][2])
        assert over["alerts"] == [] and len(over["resolved"]) == 2, over
        check(folder, "--webhook", receiver.url(), status=0, period="2025-12")
        assert len(receiver.requests) == 3, "that it is over is said once"


@test
def a_signature_answers_for_the_body():
    with programme() as folder, Receiver([200]) as receiver:
        check(folder, "--webhook", receiver.url(), "--webhook-auth", "hmac", secret=SECRET, status=1)
        _, headers, body = receiver.requests[0]
        expected = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Tickmark-Signature"] == expected and "Authorization" not in headers, headers


@test
def a_server_that_stumbles_is_tried_again():
    with programme() as folder, Receiver([500, 429, 200]) as receiver:
        begin = time.monotonic()
        check(folder, "--webhook", receiver.url(), status=1)
        assert len(receiver.requests) == 3 and len({body for _, _, body in receiver.requests}) == 1
        assert time.monotonic() - begin >= 3, "one second before the second attempt, two before the third"
        assert has_state(folder)


def refused(folder, receiver, phrase, attempts, *words, url=None):
    done = check(folder, "--webhook", url or receiver.url(), *words, status=3)
    assert phrase in done.stderr and "[check-webhook]" in done.stderr, done.stderr
    assert "in-the-path" not in done.stderr, done.stderr
    assert len(receiver.requests) == attempts, f"{len(receiver.requests)} attempts"
    assert not has_state(folder), "what nobody took is alerted again"
    assert alerts_file(folder)["alerts"], "the file is there all the same"


@test
def what_the_server_refuses_is_said():
    with programme() as folder, Receiver([403]) as receiver:
        refused(folder, receiver, "it answered with status 403", 1)


@test
def a_redirect_is_not_followed():
    for status in (302, 307):
        with programme() as folder, Receiver([status]) as receiver:
            refused(folder, receiver, "a redirect, which is not followed", 1)


@test
def a_server_that_never_recovers_is_given_up():
    with programme() as folder, Receiver([503]) as receiver:
        refused(folder, receiver, "it answered with status 503, at the last of 4 attempts", 4)


@test
def a_silent_server_is_given_up_after_its_time():
    with programme() as folder, Receiver([30.0]) as receiver:
        begin = time.monotonic()
        refused(folder, receiver, "Timeout was reached", 4, "--timeout", "1")
        assert time.monotonic() - begin < 25
        receiver.answers = [200]
        check(folder, "--webhook", receiver.url(), status=1)
        assert json.loads(receiver.requests[-1][2])["alerts"][0]["change"] == "new"


@test
def a_certificate_is_verified():
    with programme() as folder:
        tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem",
             cwd=folder)
        with Receiver([200], (folder / "cert.pem", folder / "key.pem")) as receiver:
            refused(folder, receiver, "certificate", 0, url=receiver.url("https"))
            check(folder, "--webhook", receiver.url("https"), "--anchor", "cert.pem", status=1)
            assert len(receiver.requests) == 1


@test
def a_notifier_and_a_webhook_are_both_told():
    with programme() as folder, Receiver([200]) as receiver:
        script = folder / "keep.sh"
        script.write_text('#!/bin/sh\ncat > "$1"; echo told; exec 3>&-\n', encoding="utf-8")
        script.chmod(0o755)
        check(folder, "--notify", "./keep.sh kept.json", "--webhook", receiver.url(), status=1)
        assert (folder / "kept.json").read_bytes() == receiver.requests[0][2]
        # Where one of them fails the other is told, and both again the next time.
        (folder / "out/check/state.json").unlink()
        check(folder, "--notify", "false", "--webhook", receiver.url(), status=3)
        assert len(receiver.requests) == 2 and not has_state(folder)


@test
def a_notifier_has_no_shell():
    with programme() as folder:
        script = folder / "keep.sh"
        script.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > words\n', encoding="utf-8")
        script.chmod(0o755)
        check(folder, "--notify", "./keep.sh $HOME ; touch hacked `id` 'a b'", status=1)
        assert (folder / "words").read_text(encoding="utf-8").split("\n") == \
            ["$HOME", ";", "touch", "hacked", "`id`", "'a", "b'", ""]


@test
def the_same_evidence_gives_the_same_file():
    with programme() as folder:
        check(folder, status=1)
        first = (folder / "out/check" / PERIOD / "alerts.json").read_bytes()
        state = (folder / "out/check/state.json").read_bytes()
        (folder / "out/check/state.json").unlink()
        check(folder, status=1)
        assert (folder / "out/check" / PERIOD / "alerts.json").read_bytes() == first
        assert (folder / "out/check/state.json").read_bytes() == state


@test
def somebody_elses_folder_is_not_replaced():
    with programme() as folder:
        own = folder / "out/check" / PERIOD / "notes.txt"
        own.parent.mkdir(parents=True)
        own.write_text("mine", encoding="utf-8")
        done = check(folder, status=3)
        assert own.read_text(encoding="utf-8") == "mine" and "[file-write]" in done.stderr, done.stderr


@test
def hostile_items_do_not_reach_the_terminal_or_break_the_json():
    with programme(broken=False) as folder:
        for path, row in (("directory/accounts-2025-11-28.csv", "{},true,2025-11-20T08:00:00Z"),
                          ("directory/factors-2025-11-28.csv", "{},off,2025-11-28"),
                          ("people/roster-2025-11-28.csv", None)):
            file = folder / "inputs/evidence" / path
            if row:
                file.write_text(file.read_text(encoding="utf-8") + row.format('"\x1b[31m<b>"" \u202e\\n"') + "\n",
                                encoding="utf-8")
        done = check(folder, status=1)
        assert "\x1b" not in done.stdout and "\u202e" not in done.stdout, done.stdout
        items = {f["item"] for a in alerts_file(folder)["alerts"] for f in a["failures"]}
        assert any("\x1b[31m<b>\" \u202e\\n" in (item or "") for item in items), items
        before = json.loads((folder / "out/check/state.json").read_text(encoding="utf-8"))
        done = check(folder, status=1)
        assert "check-state" not in done.stderr and before["checks"], done.stderr
        assert all(a["change"] == "repeated" for a in alerts_file(folder)["alerts"])


@test
def the_examples_call_options_that_exist():
    told = tickmark("check", "--help", status=0).stdout
    for path in sorted((ROOT / "examples/check").iterdir()):
        text = path.read_text(encoding="utf-8")
        calls = re.findall(r"tickmark check (--?[^\n;&|]*)", text.replace("\\\n", " "))
        assert calls or path.suffix in (".timer", ".service") or path.name == "page.sh", path.name
        for call in calls:
            for option in re.findall(r"(?<= )(?:--[a-z-]+|-q)", " " + call):
                assert re.search(rf"^  {option}\b", told, re.MULTILINE), f"{path.name}: {option}"
        if path.suffix == ".sh":
            tool("sh", "-n", str(path))
        if path.suffix == ".service":
            assert "check-months.sh" in text, path.name


@test
def the_example_of_two_months_tells_both():
    with programme(broken=False) as folder:
        stub = folder / "stub"
        stub.mkdir()
        (stub / "tickmark").write_text('#!/bin/sh\necho "$@" >> calls; cat <&3 >> secrets 2>/dev/null\nexit 1\n', encoding="utf-8")
        (stub / "tickmark").chmod(0o755)
        (folder / "secret").write_text("word", encoding="utf-8")
        done = subprocess.run([str(ROOT / "examples/check/check-months.sh"), "--group", "access"], cwd=folder, check=False,
                              env={"PATH": f"{stub}:/usr/bin:/bin", "WEBHOOK": "https://a.example.com/", "SECRET_FILE": "secret"})
        calls = (folder / "calls").read_text(encoding="utf-8").splitlines()
        assert done.returncode == 1 and len(calls) == 2 and "--group access" in calls[0], calls
        assert (folder / "secrets").read_text(encoding="utf-8") == "wordword"


@test
def the_example_of_a_notifier_mails_by_channel():
    with programme() as folder:
        stub = folder / "stub"
        stub.mkdir()
        (stub / "mail").write_text('#!/bin/sh\ncat > "$3.mail"\n', encoding="utf-8")
        (stub / "mail").chmod(0o755)
        tool("jq", "--version")
        done = tickmark("check", "--period", PERIOD, "--group", "access", "--notify", str(ROOT / "examples/check/page.sh"),
                        cwd=folder, environment={"PATH": f"{stub}:" + ENVIRONMENT["PATH"]}, status=1)
        text = (folder / "oncall@example.com.mail").read_text(encoding="utf-8")
        assert "bob@example.com @ 2025-11-28: no second factor" in text, text + done.stderr
        assert not (folder / "security@example.com.mail").exists()


if __name__ == "__main__":
    main()
