"""orphans.py BINARY: Ctrl-C, a termination and a crash of the harness leave no process behind."""
import os
import pathlib
import signal
import subprocess
import sys
import time

from harness import Bench, check, get

bench = Bench(sys.argv[1])
bench.standin("deaf")
bench.scenario("slow", steps=get("/hang"), within="25s")


def targets():
    """Processes whose command line names this bench's stand-in on a port of its own."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace")
                home = (entry / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "standin.py" in line and f"RELAPSE_E2E={bench.home}" in home:
                found.append(int(entry.name))
    return found


def wait(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
    process = subprocess.Popen(
        [bench.binary, "-C", str(bench.home), "run", "slow", "-t", "deaf"],
        env={**os.environ, "RELAPSE_E2E": str(bench.home)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    check(wait(targets, 20), f"signal {number}: the target never started")
    time.sleep(0.7)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    check(process.returncode == code, f"signal {number}: exit {process.returncode}", out, err)
    check(wait(lambda: not targets(), 6), f"signal {number}: still running", targets())
    if number == signal.SIGINT:
        run = bench.last_run()
        check(run["interrupted"] and run["results"][0]["outcome"] == "inconclusive", run["results"])
bench.remove()
print("ok")
