"""timing.py BINARY: a slow network and a stalled machine are inconclusive, and no relapse; the same
scenario relapses on a target that does not answer."""
import os
import signal
import subprocess
import sys
import time

from harness import Bench, check, get

bench = Bench(sys.argv[1])
ready = {"path": "/health", "status": 200, "within": "10s"}


def standin(mode, **changes):
    name = bench.standin(mode, log_mark={"path": "/health", "within": "4s"}, **changes)
    path = bench.home / "fixtures/targets" / f"{mode}.json"
    path.write_text(path.read_text().replace('"within": "5s"', '"within": "10s"', 1))
    return name


def judged(scenario, target, outcome, code, *words):
    done = bench.run("run", scenario, "-t", target, "--retries", "0")
    found = bench.last_run()["results"][0]
    check(done.returncode == code and found["outcome"] == outcome,
          f"{scenario} on {target}: exit {done.returncode}, {found['outcome']}", done.stdout,
          done.stderr)
    check(all(word in found["reason"] for word in words), found["reason"])


def events(attempt):
    return attempt["timeline"]["events"]


bench.scenario("hangs", steps=get("/hang"), guards={"liveness": False})
bench.scenario("wrong", steps=get("/missing", 200))
probes = {"health": [{"send": {"request": {"path": "/health"}}},
                     {"expect": {"response": {"status": 200}}, "within": "10s"}]}
standin("well", probes=probes)
standin("deaf", probes=probes)
standin("slow", probes=probes)
standin("slow-deaf", probes=probes)

# Whether it would have answered at all cannot be told in 2 s from a target that needs 1.5 s.
judged("hangs", "deaf", "relapsed", 1)
judged("hangs", "slow-deaf", "inconclusive", 3, "shortest round trip was 1.5")
# What was seen is evidence, however slow.
judged("wrong", "slow", "relapsed", 1, "404")
# Without probes the request of the log mark is the measure.
standin("slow-deaf")
judged("hangs", "slow-deaf", "inconclusive", 3, "shortest round trip was 1.5")

# The machine stalls for 1.5 s of the 2 s in which nothing comes.
running = subprocess.Popen(
    [bench.binary, "-C", str(bench.home), "run", "hangs", "-t", "deaf", "--retries", "0"],
    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    env={k: v for k, v in os.environ.items() if k not in ("RELAPSE_HOME", "CI")})
time.sleep(1.2)
os.kill(running.pid, signal.SIGSTOP)
time.sleep(1.5)
os.kill(running.pid, signal.SIGCONT)
output, _ = running.communicate(timeout=60)
result = bench.last_run()["results"][0]
check(running.returncode == 3 and result["outcome"] == "inconclusive", running.returncode, output)
check("this machine let the harness wait 1." in result["reason"], result["reason"])

# A machine that does not stall is not on record as one that does, and the pace is.
done = bench.run("run", "wrong", "-t", "well")
found = bench.last_run()["results"][0]
kinds = [event["kind"] for attempt in found["attempts"] for event in events(attempt)]
check(kinds.count("paced") == 2 * len(found["attempts"]), kinds)
bench.remove()
print("ok")
