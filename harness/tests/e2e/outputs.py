"""outputs.py BINARY: what a run writes for other tools, at which place, and under GitHub Actions."""
import json
import os
import subprocess
import sys
import xml.etree.ElementTree

from harness import Bench, check, get

bench = Bench(sys.argv[1])
bench.standin("well")
bench.standin("poisoned")
bench.scenario("holds", steps=get("/x"))
bench.scenario("poison", steps=get("/poison") + get("/fragile"))
out = bench.home / "out"


def run(*arguments, **environment):
    inherited = {k: v for k, v in os.environ.items() if k not in ("RELAPSE_HOME", "CI", "GITHUB_ACTIONS")}
    return subprocess.run([sys.argv[1], "-C", str(bench.home), *arguments], capture_output=True, text=True,
                          timeout=120, cwd=bench.home, env={**inherited, **environment})


poisoned = ("run", "-t", "poisoned", "--retries", "0")

# All at once, folders made on the way, and the same story in each.
done = run(*poisoned, "--junit", "out/a/junit.xml", "--tap", "out/run.tap", "--ctrf", "out/ctrf.json", "--sarif",
           "out/run.sarif", "--summary", "out/summary.md", "--prometheus", "out/relapse.prom")
check(done.returncode == 1, done.stdout, done.stderr)
junit = xml.etree.ElementTree.parse(out / "a/junit.xml").getroot()
check(len(list(junit.iter("testcase"))) == 2 and len(list(junit.iter("failure"))) == 1, (out / "a/junit.xml").read_text())
check("not ok 2 - poison" in (out / "run.tap").read_text(), (out / "run.tap").read_text())
check(json.loads((out / "ctrf.json").read_text())["results"]["summary"]["failed"] == 1, "ctrf")
sarif = json.loads((out / "run.sarif").read_text())["runs"][0]["results"]
check([result["ruleId"] for result in sarif] == ["poison"], sarif)
check("| ✗ Relapsed | `poison` |" in (out / "summary.md").read_text(), (out / "summary.md").read_text())
check('relapse_results{target="poisoned",verdict="relapsed"} 1' in (out / "relapse.prom").read_text(), "metrics")
check(not [path for path in out.rglob("*") if "tmp" in path.name], list(out.rglob("*")))

# One of them on standard output, alone; what people read goes to standard error.
done = run(*poisoned, "--tap", "-", "--junit-dialect", "gitlab", "--junit", "out/gitlab.xml")
check(done.stdout.startswith("TAP version 14\n") and "not ok 2 - poison" in done.stdout, done.stdout)
check("RELAPSED" in done.stderr, done.stderr)
check('classname="poisoned: scenarios"' in (out / "gitlab.xml").read_text(), (out / "gitlab.xml").read_text())
done = run(*poisoned, "--tap", "-", "--junit", "-")
check(done.returncode == 2 and "only one output may be" in done.stderr, done.stdout, done.stderr)
# Events while it runs, one a line, and nothing else there.
done = run(*poisoned, "--json")
events = [json.loads(line) for line in done.stdout.splitlines()]
check([event["event"] for event in events] == ["run_started", "result", "result", "run_finished"], done.stdout)
check([event.get("outcome") for event in events[1:3]] == ["holds", "relapsed"], done.stdout)
check(events[-1]["exit"] == done.returncode == 1 and "RELAPSED" in done.stderr, done.stdout, done.stderr)
done = run(*poisoned, "--json", "--tap", "-")
check(done.returncode == 2 and "both ask for standard output" in done.stderr, done.stdout, done.stderr)
done = run(*poisoned, "--junit", "/proc/no/such/junit.xml")
check(done.returncode == 1 and "junit.xml" in done.stderr, done.stdout, done.stderr)
done = run("run", "holds", "-t", "well", "--junit", "/proc/no/such/junit.xml")
check(done.returncode == 3, done.returncode, done.stdout, done.stderr)

# A stored run gives the same files again.
run(*poisoned, "--ctrf", "out/first.json")
done = run("report", "last", "--ctrf", "out/again.json", "--summary", "-")
check(done.returncode == 0 and done.stdout.startswith("## ✗ RELAPSED: 1 fix no longer holds"), done.stdout, done.stderr)
check((out / "first.json").read_text() == (out / "again.json").read_text(), "the stored run differs")

# An archive of what was exchanged.
done = run("show", "last", "poison@poisoned", "--har")
entries = json.loads(done.stdout)["log"]["entries"]
check([(entry["request"]["url"].split("/", 3)[3], entry["response"]["status"]) for entry in entries]
      == [("poison", 200), ("fragile", 500)], done.stdout)
check(len(json.loads(run("show", "last", "--har").stdout)["log"]["pages"]) == 2, "two results")

# GitHub Actions: the words of the target are folded away and guarded; the file is below the workspace.
summary = bench.home / "step-summary.md"
summary.write_text("before\n")
done = run(*poisoned, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary), GITHUB_WORKSPACE=str(bench.home.parent))
lines = done.stdout.splitlines()
check(lines[0].startswith("::group::relapse: ") and lines[1].startswith("::stop-commands::"), done.stdout)
token = lines[1].rsplit("::", 1)[1]
check(len(token) == 32 and lines.count(f"::{token}::") == 2, done.stdout)
errors = [line for line in lines if line.startswith("::error ")]
check(len(errors) == 1 and errors[0].startswith(f"::error file={bench.home.name}/scenarios/poison.json,line="), done.stdout)
check(summary.read_text().startswith("before\n## ✗ RELAPSED"), summary.read_text())
again = run(*poisoned, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
check(token not in again.stdout, "the token is not new")
done = run("run", "holds", "-t", "well", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY="/proc/no/such")
check(done.returncode == 3 and "summary" in done.stderr, done.returncode, done.stderr)
bench.remove()
print("ok")
