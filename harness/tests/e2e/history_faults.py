"""history_faults.py BINARY: two runs at once, a run that is killed, a damaged file and a full disk lose nothing
but themselves."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

from harness import Bench, check, get

binary = sys.argv[1]
bench = Bench(binary)
bench.standin("well")
for name in ("a", "b", "c"):
    bench.scenario(name, steps=get(f"/{name}"))
runs = bench.home / "reports/runs"
RUN = [binary, "-C", str(bench.home), "run", "-t", "well"]


def listed():
    done = bench.run("history", "list", "--json")
    check(done.returncode == 0, done.stderr)
    return json.loads(done.stdout)


def parts(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


# Two at once.
both = [subprocess.Popen(RUN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
for one in both:
    out, err = one.communicate(timeout=120)
    check(one.returncode == 0, out, err)
told = listed()
check(len(told["runs"]) == 2 and not told["unreadable"] and not parts(runs), told, parts(runs))

# Killed while it runs: nothing of it is stored, and the next one works.
bench.scenario("d", steps=[{"pause": "20s"}, *get("/d")], within="30s", budget="40s")
victim = subprocess.Popen(RUN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(1.5)
check(victim.poll() is None, "it should still be running")
victim.send_signal(signal.SIGKILL)
victim.wait()
(bench.home / "scenarios/d.json").unlink()
done = bench.run("run", "-t", "well")
check(done.returncode == 0, done.stdout, done.stderr)
told = listed()
check(len(told["runs"]) == 3 and not told["unreadable"], told)

# Interrupted: kept, and never what later ones are compared with.
bench.scenario("d", steps=[{"pause": "20s"}, *get("/d")], within="30s", budget="40s")
cut = subprocess.Popen(RUN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
time.sleep(1.5)
cut.send_signal(signal.SIGINT)
out, err = cut.communicate(timeout=60)
check(cut.returncode == 130, cut.returncode, out, err)
(bench.home / "scenarios/d.json").unlink()
told = listed()
check(len(told["runs"]) == 4 and not told["runs"][-1]["complete"], told)
done = bench.run("run", "-t", "well")
last = json.loads(bench.run("diff", "--json").stdout)
check(last["baseline"]["id"] == told["runs"][2]["id"], last)

# Damaged files are skipped and told; their neighbours count.
victim_id = told["runs"][2]["id"]
path = runs / victim_id / "run.json"
path.write_bytes(path.read_bytes()[:-200])
(runs / told["runs"][1]["id"] / "timelines.jsonl").write_text("{}")
(runs / "not-a-run").mkdir()
told = listed()
check(len(told["runs"]) == 4 and len(told["unreadable"]) == 2, told)
check(any(victim_id in one for one in told["unreadable"]), told["unreadable"])
done = bench.run("run", "-t", "well")
check(done.returncode == 0, done.stdout, done.stderr)
last = bench.run("diff")
check(victim_id in last.stderr and last.returncode == 0, last.stdout, last.stderr)
check(bench.run("show", "last", "a").returncode == 0, "the others are as they were")
done = bench.run("show", told["runs"][1]["id"], "a")
check(done.returncode == 2 and "cannot be read" in done.stderr, done.stdout, done.stderr)
rebuilt = bench.run("history", "rebuild").stdout
check("5 runs indexed, 2 skipped" in rebuilt, rebuilt)

# A damaged index is made anew without a word; a copied run.json is found, and says what it has not.
(bench.home / "reports/history.sqlite").write_bytes(b"\0garbage" * 999)
check(len(listed()["runs"]) == 5, "an index of garbage")
copy = bench.home / "elsewhere/runs/copied"
copy.mkdir(parents=True)
newest = listed()["runs"][-1]
shutil.copy(newest["file"], copy / "run.json")
elsewhere = ["--history", str(bench.home / "elsewhere")]
done = bench.run("show", "last", *elsewhere)
check(done.returncode == 0 and "HOLDS" in done.stdout, done.stdout, done.stderr)
done = bench.run("show", "last", "a", *elsewhere)
check(done.returncode == 2 and "not stored here" in done.stderr, done.stdout, done.stderr)
done = bench.run("report", "last", "-o", str(bench.home / "pages"), *elsewhere)
check(done.returncode == 0 and (bench.home / "pages/index.html").exists(), done.stderr)

# No room: said, exit 3, and nothing half-written.
before = listed()


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


done = subprocess.run(RUN, capture_output=True, text=True, preexec_fn=small_files, timeout=120)
check(done.returncode == 3, done.returncode, done.stdout, done.stderr)
check("cannot store the run" in done.stderr and "make room" in done.stderr, done.stderr)
check("HOLDS" in done.stdout, "what was seen is told all the same", done.stdout)
check(listed() == before and not parts(runs), parts(runs))
full = bench.home / "full"
full.mkdir()
mounted = os.geteuid() == 0 and subprocess.run(
    ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(full)], capture_output=True).returncode == 0
if mounted:
    try:
        (full / "runs").mkdir()
        (full / "ballast").write_bytes(b"x" * 36000)
        done = bench.run("run", "-t", "well", "--history", str(full))
        check(done.returncode == 3 and "No space left on device" in done.stderr, done.stdout, done.stderr)
        check(not list((full / "runs").iterdir()), list((full / "runs").iterdir()))
        (full / "ballast").unlink()
        done = bench.run("run", "-t", "well", "--history", str(full))
        check(done.returncode == 0 and len(list((full / "runs").iterdir())) == 1, done.stdout, done.stderr)
    finally:
        subprocess.run(["umount", str(full)], check=True)

# A failing fix is exit 1 even then.
bench.scenario("e", steps=get("/e", status=404))
done = subprocess.run(RUN, capture_output=True, text=True, preexec_fn=small_files, timeout=120)
check(done.returncode == 1 and "cannot store the run" in done.stderr, done.returncode, done.stderr)
bench.remove()
print("ok" if mounted else "ok (no tmpfs could be mounted)")
