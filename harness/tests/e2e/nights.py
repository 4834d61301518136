"""nights.py BINARY: a week of nights on a target that behaves differently each night. What changed must
land in its group, and pages, files, console and exit code must tell the same story."""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

from harness import HERE, PYTHON, Bench, check, get

bench = Bench(sys.argv[1])
plan_file = bench.home / "plan.json"
NIGHTLY = [PYTHON, str(HERE / "nightly.py")]
bench.standin("service", version_command=[*NIGHTLY, str(plan_file)], launch={
    "command": [*NIGHTLY, "${port}", str(plan_file)],
    "ready": {"path": "/health", "status": 200, "within": "5s"},
    "stop": {"signal": "TERM", "within": "5s", "exit": [-15]},
})
QUIET = {"guards": {"log": False}}
plan = {"version": "1.0", "mute": "", "paths": {}}


def scenario(name, path=None, **more):
    bench.scenario(name, steps=get(path or f"/{name}"), **{**QUIET, **more})


def night(*arguments, **answers):
    """One run of everything; the answers by scenario are those of this night alone."""
    plan["paths"] = {f"/{name.replace('_', '-')}": told for name, told in answers.items()}
    plan_file.write_text(json.dumps(plan))
    plan_file.with_name("plan.json.seen").unlink(missing_ok=True)
    return bench.run("run", "-t", "service", *arguments)


def diff(*arguments):
    done = bench.run("diff", "--json", *arguments)
    check(done.returncode == 0, done.stderr)
    return json.loads(done.stdout)


def groups(told):
    found = {}
    for change in told["changes"]:
        found.setdefault(change["kind"], []).append(change.get("scenario", change["target"]))
    return found


def ack(*arguments):
    done = bench.run("ack", *arguments)
    check(done.returncode == 0, done.stdout, done.stderr)
    return done.stdout


for name in ("steady", "relapses", "differs", "stays-bad", "recovers", "gone", "flaky-tonight", "slow",
             "flips", "old-name", "acked", "expired"):
    scenario(name)
# The last one; without the log that follows it nothing can be said of this one.
bench.scenario("unsure", steps=get("/unsure"), never=[{"log": {"contains": "no such line"}}])
bad, worse = {"status": 404}, {"status": 403}

done = night()
check(done.returncode == 0, done.stdout, done.stderr)
first = diff()
check(first["baseline"] is None and first["changes"] == [], first)
done = night()
check(done.returncode == 0 and diff()["changes"] == [], diff())
check(bench.run("diff", "--exit-code").returncode == 0, "nothing changed")
plan["version"] = "1.1"
done = night()
check(groups(diff()) == {"target changed": ["service"]}, diff())
check(diff()["changes"][0]["text"] == "1.0 → 1.1", diff())
check(bench.run("diff", "--exit-code").returncode == 1, "a target changed")
night()

# A run of a selection is no night.
done = bench.run("run", "steady", "-t", "service")
check(done.returncode == 0, done.stderr)
night(flips=bad)
check(groups(diff()) == {"relapsed": ["flips"]}, diff())
done = night(stays_bad=bad)
check(done.returncode == 1, done.stdout)
check(groups(diff()) == {"relapsed": ["stays-bad"], "recovered": ["flips"]}, diff())

(bench.home / "scenarios/old-name.json").unlink()
scenario("new-name", aliases=["old-name"])
ack("acked@service", "-r", "ticket 7", "--until", "2999-01-01", "--owner", "chat")
done = bench.run("ack", "ackde", "-r", "x", "--until", "2999-01-01")
check(done.returncode == 2 and 'did you mean "acked"?' in done.stderr, done.stderr)
done = night(stays_bad=bad, flips=bad, acked=bad, differs=bad, recovers=bad, expired=bad)
check(done.returncode == 1, done.stdout)
check(groups(diff())["relapsed"] == ["acked", "differs", "expired", "flips", "recovers"], diff())
check("new and holding" not in groups(diff()) and "lost" not in groups(diff()), diff())

# The night that has everything.
ack("expired", "-r", "over", "--until", "2999-01-01")
ack("steady", "-r", "long mended", "--until", "2999-01-01")
book = bench.home / "reports/ack.json"
text = book.read_text()
entry = text.index('"scenario": "expired"')
book.write_text(text[:entry] + text[entry:].replace("2999-01-01", "2025-01-01", 1))
(bench.home / "scenarios/gone.json").unlink()
scenario("new-bad")
scenario("new-good")
plan["mute"] = "/unsure"
plan["version"] = "1.2"
eve = bench.last_run()["id"]
done = night("--junit", str(bench.home / "night.xml"), relapses=bad, differs=worse, stays_bad=bad,
             new_name=bad, new_bad=bad, flaky_tonight={"status": 404, "once": True}, slow={"wait": 0.6},
             acked=bad, expired=bad)
last = diff()
found = groups(last)
expected = {
    "relapsed": ["new-name", "relapses"],
    "fails differently": ["differs"],
    "new and failing": ["new-bad"],
    "lost": ["gone"],
    "inconclusive": ["unsure"],
    "flaky": ["flaky-tonight"],
    "slower": ["slow"],
    "recovered": ["flips", "recovers"],
    "new and holding": ["new-good"],
    "target changed": ["service"],
    "still failing": ["acked", "expired", "stays-bad"],
}
check(found == expected, json.dumps(found, indent=2), json.dumps(expected, indent=2), done.stdout)
check(last["baseline"]["id"] == eve, last["baseline"], eve)
by_name = {change.get("scenario"): change for change in last["changes"]}
renamed = by_name["new-name"]
check(renamed["held_nights"] == 7 and renamed["last_good"]["version"] == "1.1", renamed)
check(renamed["first_bad"]["version"] == "1.2" and renamed["last_good"]["run"] == eve, renamed)
check(by_name["stays-bad"]["failing_nights"] == 3, by_name["stays-bad"])

# One story everywhere.
run = bench.last_run()
outcomes = {result["scenario"]: result for result in run["results"]}
failing = sorted(name for name, result in outcomes.items()
                 if result["outcome"] == "relapsed" and not result.get("known"))
check(failing == ["differs", "expired", "new-bad", "new-name", "relapses", "stays-bad"], failing)
check(outcomes["acked"]["known"] and outcomes["acked"]["known_owner"] == "chat", outcomes["acked"])
headline = f"RELAPSED: {len(failing)} fixes no longer hold"
counts = f"RELAPSED  14 planned, 14 ran: 5 hold, {len(failing)} relapsed, 1 known relapse, 1 flaky, 1 inconclusive"
check(done.returncode == 1 and counts in done.stdout, done.stdout)
check("the acknowledgement of expired ended on 2025-01-01" in done.stderr, done.stderr)
check("steady holds; relapse ack --remove steady" in done.stderr, done.stderr)
check(last["run"]["headline"] == headline and last["run"]["totals"]["relapsed"] == len(failing), last["run"])
page = (bench.home / "reports/latest/index.html").read_text()
h1 = re.sub("<[^>]*>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)[1]).strip()
check(h1.startswith(headline), h1)
cases = ElementTree.parse(bench.home / "night.xml").iter("testcase")
red = sorted(case.get("name") for case in cases if case.find("failure") is not None)
check(red == failing, red, failing)
listed = json.loads(bench.run("history", "list", "--json").stdout)
check(len(listed["runs"]) == 9 and not listed["unreadable"], listed)
check([one["complete"] for one in listed["runs"]].count(False) == 1, listed)
check(listed["runs"][-1]["exit_code"] == 1 and listed["runs"][0]["exit_code"] == 0, listed)

# The index says the same when it is made anew, and an earlier night does not know what came later.
rebuilt = bench.run("history", "rebuild")
check(rebuilt.returncode == 0 and "9 runs indexed, 0 skipped" in rebuilt.stdout, rebuilt.stdout)
check(diff() == last, "made anew, the index says something else")
check(groups(diff(eve))["relapsed"] == ["acked", "differs", "expired", "flips", "recovers"], diff(eve))
text = bench.run("diff").stdout
check("Relapsed (2)" in text and "held 7 nights" in text and "1.1 → 1.2" in text, text)
done = bench.run("report", eve, "-o", str(bench.home / "again"))
check(done.returncode == 0 and "RELAPSED: 5" in (bench.home / "again/index.html").read_text(), done.stderr)
between = groups(diff(listed["runs"][0]["id"], run["id"]))
check("stays-bad" in between["relapsed"] and "recovered" not in between, between)
for arguments in (["last"], ["last", "relapses@service"]):
    done = bench.run("show", *arguments)
    check(done.returncode == 0 and "404" in done.stdout, done.stdout, done.stderr)

# What did not hold, and what changed, can be run again.
def selected(selector):
    """What a selector stands for, in order."""
    lines = bench.run("run", selector, "-t", "service", "--dry-run").stdout.splitlines()
    return sorted(line.split()[1] for line in lines if line.startswith("  run "))


failed = selected("failed@last")
check(failed == ["acked", "differs", "expired", "flaky-tonight", "new-bad", "new-name", "relapses",
                 "stays-bad", "unsure"], failed)
changed = selected("changed@last")
check(changed == ["differs", "flaky-tonight", "flips", "new-bad", "new-good", "new-name", "recovers",
                  "relapses", "slow", "unsure"], changed)
plan["mute"] = ""
plan_file.write_text(json.dumps({**plan, "paths": {}}))
done = bench.run("run", "--rerun")
check(done.returncode == 0 and "9 ran" in done.stdout, done.stdout, done.stderr)
check(not bench.last_run().get("whole"), "a rerun is no night")
check(sorted(groups(diff())["recovered"]) == ["acked", "differs", "expired", "new-bad", "new-name",
                                              "relapses", "stays-bad"], diff())
done = bench.run("run", "--rerun")
check(done.returncode == 4 and "nothing to run again" in done.stderr, done.stderr)
done = bench.run("run", "steady", "-t", "service", "--baseline", "nowhere")
check(done.returncode == 2 and "no stored run" in done.stderr, done.stderr)

# Taken back, and damaged: nothing is sent before it is understood.
ack("--remove", "steady")
check("acked@service" in ack("--list") and "EXPIRED" in ack("--list"), ack("--list"))
book.write_text(book.read_text()[:-20])
kept = book.read_text()
for command in (["run", "-t", "service"], ["ack", "steady", "-r", "x", "--until", "2999-01-01"]):
    done = bench.run(*command)
    check(done.returncode == 2 and "ack.json" in done.stderr, done.returncode, done.stderr)
check(book.read_text() == kept, "the damaged file was written over")

# All of it is older than nothing at all, and the last night stays.
book.unlink()
done = bench.run("history", "prune", "--keep", "0d", "--dry-run")
check(done.stdout.count("would remove") == 9 and "would remove " + run["id"] not in done.stdout, done.stdout)
done = bench.run("history", "prune", "--keep", "0d")
check(done.returncode == 0 and "9 runs removed, 1 kept" in done.stdout, done.stdout, done.stderr)
check(bench.last_run()["id"] == run["id"], "the last complete run")
bench.remove()
print("ok")
