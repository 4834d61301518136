"""healthy.py BINARY [--runs N] [--load N] [--target NAME ...]: the whole suite, again and again, on healthy
targets of a busy machine. No run may report a relapse that the target file does not list as known.

Beside the runs, `--load` processes (one for each core unless said otherwise) do nothing but compute. Every
result that is neither held, known nor skipped is printed with its reason; the last line has the counts. Not
part of CTest: 200 runs take the better part of an hour.
"""
import argparse
import collections
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[3]


def compute():
    parent = os.getppid()
    while os.getppid() == parent:  # ends with the one who asked for it
        sum(i * i for i in range(100_000))


def outcome(case):
    for child in case:
        if child.tag in ("failure", "error", "flakyFailure", "skipped"):
            words = (child.get("message") or "") + " " + (child.text or "")
            return child.tag, words.strip().split("\n")[0]
    return "held", ""


def one_run(options, folder):
    junit = folder / "junit.xml"
    command = [options.binary, "-C", str(ROOT), "run", "--no-report", "--junit", str(junit), "-qq"]
    for target in options.target:
        command += ["-t", target]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    cases = [(f"{case.get('classname')}/{case.get('name')}", *outcome(case))
             for case in xml.parse(junit).getroot().iter("testcase")]
    return done.returncode, time.monotonic() - started, cases


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--load", type=int, default=os.cpu_count())
    parser.add_argument("--target", action="append", default=None)
    options = parser.parse_args()
    options.target = options.target or ["embedded", "starlette-uvicorn-websockets"]
    burners = [multiprocessing.Process(target=compute, daemon=True) for _ in range(options.load)]
    for burner in burners:
        burner.start()
    totals, codes, walls = collections.Counter(), collections.Counter(), []
    with tempfile.TemporaryDirectory(prefix="relapse-soak-") as scratch:
        for number in range(1, options.runs + 1):
            code, wall, cases = one_run(options, pathlib.Path(scratch))
            codes[code] += 1
            walls.append(wall)
            for name, kind, words in cases:
                totals[kind] += 1
                if kind in ("failure", "error", "flakyFailure"):
                    print(f"run {number}: {kind}: {name}: {words}", flush=True)
            if number % 10 == 0:
                print(f"{number} runs, exit codes {dict(codes)}, {dict(totals)}, "
                      f"load {os.getloadavg()[0]:.1f}", flush=True)
    for burner in burners:
        burner.terminate()
    walls.sort()
    print(f"{options.runs} runs on {', '.join(options.target)} beside {options.load} busy processes: "
          f"exit codes {dict(codes)}; {totals['held']} held, {totals['failure']} relapsed, "
          f"{totals['flakyFailure']} flaky, {totals['error']} inconclusive, {totals['skipped']} skipped or known; "
          f"median {walls[len(walls) // 2]:.1f} s, longest {walls[-1]:.1f} s")
    return 1 if totals["failure"] or totals["flakyFailure"] else 0


if __name__ == "__main__":
    sys.exit(main())
