"""command_line.py BINARY: what a user types: exit codes, suggestions, settings, choices, help, man page,
completion, doctor."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from harness import Bench, check, get

bench = Bench(sys.argv[1])
BINARY = sys.argv[1]
WELL = bench.standin("well")
bench.scenario("a-holds", steps=get("/a"), tags=["quick"])
bench.scenario("b-relapses", steps=get("/b", 404), tags=["broken"])
bench.scenario("c-slow", steps=[{"pause": "20s"}, *get("/c")], tags=["slow"])
bench.scenario("d-needs", steps=get("/d"), requires=["teleport"], tags=["quick"])
(bench.home / "fixtures/targets/gone.json").write_text(json.dumps(
    {"title": "nobody there", "address": "http://127.0.0.1:1",
     "known": [{"scenario": "b-relapses", "reason": "r", "until": "2999-01-01"}]}))
known = json.loads((bench.home / "fixtures/targets/well.json").read_text())
known["known"] = [{"scenario": "b-relapses", "reason": "a server's bug", "until": "2999-01-01"}]
(bench.home / "fixtures/targets/lenient.json").write_text(json.dumps(known))


def relapse(*arguments, code, **environment):
    plain = {k: v for k, v in os.environ.items()
             if not k.startswith("RELAPSE_") and k not in ("CI", "XDG_CONFIG_HOME")}
    plain["HOME"] = str(bench.home)
    done = subprocess.run([BINARY, "-C", str(bench.home), *arguments], capture_output=True, text=True,
                          timeout=120, env={**plain, **environment})
    check(done.returncode == code, arguments, f"exit {done.returncode}, not {code}", done.stdout,
          done.stderr)
    return done


def run(*arguments, code, **environment):
    return relapse("run", *arguments, code=code, **environment)


# Exit codes.
done = run("a-holds", "-t", WELL, code=0)
check(done.stdout.startswith("HOLDS  1 planned, 1 ran: 1 holds"), done.stdout)
check("Report: " in done.stdout and "Next:" not in done.stdout, done.stdout)
done = run("a-holds", "b-relapses", "-t", WELL, code=1)
check("RELAPSED  2 planned, 2 ran: 1 holds, 1 relapsed" in done.stdout, done.stdout)
check("Next:   relapse run b-relapses -t well --retries 0 -v" in done.stdout, done.stdout)
check("a-holds" not in done.stdout, "what holds is not listed", done.stdout)
check("✗ Relapsed       b-relapses on well: expected" in done.stderr, done.stderr)
check("a-holds" in run("a-holds", "-t", WELL, "-v", code=0).stdout)
done = run("a-holds", "-t", "gone", code=3)
check("Next:   relapse doctor -t gone" in done.stdout, done.stdout)
run("d-needs", "-t", WELL, code=4)
run("d-needs", "-t", WELL, "--no-tests", "pass", code=0)
run("a-holds", "--exclude", "a-holds", "-t", WELL, code=4)
done = run("b-relapses", "-t", "lenient", code=0)
check("HOLDS, apart from 1 known relapse" in done.stdout, done.stdout)
done = run("b-relapses", "-t", "lenient", "--strict", code=1)
check("--strict: what is flaky or known fails this run." in done.stdout, done.stdout)
for args, bisected in ((["a-holds"], 0), (["b-relapses"], 1), (["a-holds", "-t", "gone"], 125),
                       (["no-such"], 125)):
    run(*args, *([] if "-t" in args else ["-t", WELL]), "--bisect", "--no-report", code=bisected)

# What is misspelt is suggested, in plain words, and sends nothing.
for arguments, message, hint in (
        (["run", "--retrys", "3"], "unknown flag --retrys", "did you mean --retries?"),
        (["run", "--retrys=3"], "unknown flag --retrys", "did you mean --retries?"),
        (["rnu"], 'unknown command "rnu"', "did you mean relapse run?"),
        (["run", "a-hold"], 'no scenario is selected by "a-hold"', 'did you mean "a-holds"?'),
        (["run", "tag:brokn"], 'no scenario is selected by "tag:brokn"', 'did you mean "tag:broken"?'),
        (["run", "incident:tst"], 'no scenario is selected by "incident:tst"',
         'did you mean "incident:test"?'),
        (["run", "-t", "wel"], 'no target is called "wel"', 'did you mean "well"?'),
        (["run", "-j", "x"], '--jobs takes a number from 1 to 64, not "x"', "relapse help run"),
        (["run", "--jobs", "100"], '--jobs takes a number from 1 to 64, not "100"', ""),
        (["run", "--plane", "wir"], '--plane takes wire or asgi, not "wir"; did you mean wire?', ""),
        (["run", "--shard", "5/4"], '"5/4" is no part of a whole', "write 1/4"),
        (["run", "--timeout", "soon"], '"soon" is not a duration', "write 90s"),
        (["run", "--at", "1ms"], "no scenario that is selected sweeps", ""),
        (["help", "selector"], 'there is no help on "selector"', "relapse help selectors"),
        (["check", "--dry-run"], "unknown flag --dry-run", "try: relapse run --dry-run"),
        (["completion"], "shell is missing", ""),
        (["completion", "tcsh"], 'shell takes bash, zsh or fish, not "tcsh"', "")):
    done = relapse(*arguments, code=2)
    check(f"error: " in done.stderr and message in done.stderr and hint in done.stderr, arguments,
          done.stderr)
    check(done.stdout == "", arguments, done.stdout)
done = relapse(code=2)
check("Examples" in done.stderr and done.stdout == "" and "--junit" not in done.stderr, done.stderr)

# Settings: flag, then environment, then relapse.json, then the user's own.
settings = bench.home / "relapse.json"
settings.write_text('{\n  // for all of us\n  "target": ["well"], "exclude": ["c-slow", "b-relapses"]\n}\n')
done = run("--dry-run", code=0)
check(done.stdout == "well\n  run   a-holds\n  skip  d-needs: the target does not provide \"teleport\"\n"
      "1 would run, 1 would be skipped. Nothing was sent.\n", done.stdout)
check("gone\n" in run("--dry-run", "-t", "gone", code=0).stdout)
check("gone\n" in run("--dry-run", code=0, RELAPSE_TARGET="gone").stdout)
check("well\n" in run("--dry-run", "-t", "well", code=0, RELAPSE_TARGET="gone").stdout)
done = run("--dry-run", "--json", code=0)
check([one["runs"] for one in json.loads(done.stdout)] == [True, False], done.stdout)
user = bench.home / ".config/relapse/config.json"
user.parent.mkdir(parents=True)
user.write_text('{"target": ["gone"], "jobs": 3}')
check("well\n" in run("--dry-run", code=0).stdout, "the nearest file beats the user's")
settings.unlink()
check("gone\n" in run("--dry-run", code=0).stdout)
user.unlink()
done = run("a-holds", "-t", WELL, code=2, RELAPSE_JOBS="many")
check('--jobs takes a number from 1 to 64, not "many"' in done.stderr and "RELAPSE_JOBS" in done.stderr, done.stderr)
settings.write_text('{\n  "retrys": 2\n}\n')
done = run("a-holds", "-t", WELL, code=2)
check('unknown key "retrys"' in done.stderr and "relapse.json:2:3" in done.stderr and
      'did you mean "retries"?' in done.stderr, done.stderr)
relapse("help", code=0)  # works beside a broken file
settings.write_text('{"jobs": 1, "retries": 99}')
check("relapse.json:1:" in run("a-holds", "-t", WELL, code=2).stderr)
settings.unlink()
other = bench.home / "other.json"
other.write_text('{"allow_hosts": ["192.0.2.1"], "timeout": "20s"}')
(bench.home / "fixtures/targets/far.json").write_text(json.dumps(
    {"title": "far", "address": "http://192.0.2.1:1"}))
check("192.0.2.1" in run("a-holds", "-t", "far", code=2).stderr, "refused before a byte is sent")
run("a-holds", "-t", "far", "--config", str(other), "--dry-run", code=0)

# Which of them, in which order.
seen = []
for part in (1, 2, 3):
    done = run("-t", WELL, "--dry-run", "--json", "--shard", f"{part}/3", "--no-tests", "pass",
               code=0)
    check(f"shard {part}/3: " in done.stderr, done.stderr)
    seen += [one["scenario"] for one in json.loads(done.stdout or "[]")]
check(sorted(seen) == ["a-holds", "b-relapses", "c-slow", "d-needs"], seen)
order = [json.loads(run("-t", WELL, "--dry-run", "--json", "--seed", seed, code=0).stdout)
         for seed in ("1", "1", "2", "3", "4")]
check(order[0] == order[1] and any(one != order[0] for one in order[2:]), order)
check(len({json.dumps(sorted(one["scenario"] for one in part)) for part in order}) == 1, order)

# Ended before its end: by its own rules, or by a signal; always a report, and marked.
done = run("b-relapses", "c-slow", "-t", WELL, "--fail-fast", "--retries", "0", code=1)
stopped = bench.last_run()
check(stopped["interrupted"] and stopped["stop_reason"] == "--fail-fast after 1 relapse", stopped)
check("not run: --fail-fast after 1 relapse" in json.dumps(stopped), done.stdout)
run("a-holds", "b-relapses", "-t", WELL, "--fail-fast=2", "--retries", "0", code=1)
check("stop_reason" not in bench.last_run())
began = time.monotonic()
done = run("c-slow", "-t", WELL, "--timeout", "1s", code=3)
check(time.monotonic() - began < 12, "it stopped at once")
check("STOPPED: the --timeout of 1s was over, " in done.stdout, done.stdout)
done = run("c-slow", "-t", WELL, code=3, RELAPSE_TIMEOUT="1s")

# For scripts.
done = run("a-holds", "b-relapses", "-t", WELL, "--plain", "--retries", "0", code=1)
rows = [line.split("\t") for line in done.stdout.splitlines()]
check([row[:4] for row in rows] == [["holds", "a-holds", "well", "wire"],
                                    ["relapsed", "b-relapses", "well", "wire"]], done.stdout)
done = run("b-relapses", "-t", WELL, "-qq", code=1)
check(done.stdout == "" and done.stderr == "", done.stdout, done.stderr)
done = run("b-relapses", "a-holds", "-t", WELL, "-q", code=1)
check("✗ Relapsed" in done.stdout and done.stderr == "", done.stdout, done.stderr)
check("/a HTTP/1.1" in run("a-holds", "-t", WELL, "-vv", code=0).stdout)

# Help, man page, version.
done = relapse("--help", code=0)
lines = done.stdout.splitlines()
check(len(lines) <= 60 and max(map(len, lines)) <= 80, len(lines), max(map(len, lines)))
for word in ("Examples", "Run\n", "Look\n", "Write\n", "Set up\n", "Exit codes", "--target"):
    check(word in done.stdout, word, done.stdout)
commands = ["run", "prove", "explore", "judge", "list", "show", "report", "check", "fmt", "schema",
            "doctor", "completion", "man", "help"]
for name in [*commands, "selectors", "exit-codes", "scenario", "target", "config", "environment"]:
    text = relapse("help", name, code=0).stdout
    check(text and max(map(len, text.splitlines())) <= 80, name, text)
check(relapse("run", "--help", code=0).stdout == relapse("help", "run", code=0).stdout)
check("--fail-fast[=N]" in relapse("help", "run", code=0).stdout)
check("fail_fast" in relapse("help", "config", code=0).stdout)
check("built" in relapse("--version", code=0).stdout)
json.loads(relapse("schema", "config", code=0).stdout)
page = bench.home / "relapse.1"
page.write_text(relapse("man", code=0).stdout)
if shutil.which("man"):
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(page)],
                          capture_output=True, text=True, env={**os.environ, "MANWIDTH": "80"})
    check(done.returncode == 0 and done.stderr == "", done.stderr)
if shutil.which("mandoc"):
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(page)], capture_output=True,
                          text=True)
    check(done.returncode == 0, done.stdout)

# Doctor.
done = relapse("doctor", "-t", WELL, code=1)  # the scenarios here have no proofs
for word in ("✓ scenarios", "✗ proofs", "✓ reports", "✓ program", "✓ ready", "✓ clock", "✓ log",
             "✓ stop", "– version"):
    check(word in done.stdout, word, done.stdout)
done = relapse("doctor", "-t", "gone", code=1)
check("cannot connect to 127.0.0.1:1: Connection refused" in done.stdout, done.stdout)
found = json.loads(relapse("doctor", "-t", WELL, "--json", code=1).stdout)
check({one["subject"]: one["state"] for one in found["found"]}["log"] == "good", found)
bench.standin("no-log")
done = relapse("doctor", "-t", "no-log", code=1)
check("✗ log" in done.stdout and "the mark that was sent is not in it" in done.stdout, done.stdout)
bench.standin("never-ready", launch={**known["launch"],
                                     "command": [*known["launch"]["command"][:2], "never-ready", "${port}"],
                                     "ready": {"path": "/health", "status": 200, "within": "1s"}})
check("✗ ready" in relapse("doctor", "-t", "never-ready", code=1).stdout)
bench.standin("missing", launch={**known["launch"], "command": ["/no/such/program"]})
check("/no/such/program is not there" in relapse("doctor", "-t", "missing", code=1).stdout)
for path in (bench.home / "scenarios").glob("*.json"):
    path.unlink()
check(relapse("doctor", "-t", WELL, code=0).stdout.count("✗") == 0)
bench.remove()
