"""sweeps.py BINARY: replays at many points and many times, and what they amount to."""
import json
import sys

from harness import PYTHON, HERE, Bench, check, get

bench = Bench(sys.argv[1])
SWEEP = {"pause": {"from": "0ms", "to": "1s", "points": 6}}


def run(name, target, code, *extra):
    done = bench.run("run", name, "-t", target, *extra)
    check(done.returncode == code, f"{name}: exit {done.returncode}", done.stdout, done.stderr)
    return done, bench.last_run()["results"][0]


def on(lane, steps):
    return [{"on": lane, **step} for step in steps]


def sometimes(mode="sometimes"):
    """The stand-in with a count of its own, that outlives its processes."""
    count = bench.home / f"count-{len(list(bench.home.glob('count-*')))}"
    path = bench.home / "fixtures/targets" / f"{bench.standin(mode)}.json"
    target = json.loads(path.read_text())
    target["launch"]["command"] = [PYTHON, str(HERE / "standin.py"), mode, "${port}", str(count), "2,5"]
    path.write_text(json.dumps(target))
    return mode


bench.standin("window")
swept = on("a", get("/begin")) + [SWEEP] + on("b", get("/end"))
bench.scenario("swept", steps=swept)
bench.scenario("calm", steps=on("a", get("/begin")) + [SWEEP] + on("b", get("/x")))

done, found = run("calm", "window", 0)
check(found["outcome"] == "holds" and len(found["attempts"]) == 6, found["outcome"])
points = [one["swept_ns"] // 1_000_000 for one in found["attempts"]]
check(points == [0, 200, 400, 600, 800, 1000], points)

done, found = run("swept", "window", 1)
check(found["outcome"] == "relapsed", found["outcome"])
check(found["reason"].startswith("relapsed at 2 of 6 points: 400 ms to 600 ms; at 400 ms: step 5: "),
      found["reason"])
check("0 ms ✓✓✗✗✓✓ 1000 ms" in done.stdout, done.stdout)
# Each relapse was looked at twice, the second time alone.
check([one.get("alone", False) for one in found["attempts"]]
      == [False, False, False, True, False, True, False, False], found["attempts"])
shown = bench.run("show", "last", "swept@window")
check("0 ms ✓✓✗✗✓✓ 1000 ms" in shown.stdout and "The replay at 400 ms:" in shown.stdout, shown.stdout)
pages = list((bench.home / "reports/latest/s").glob("swept-*.html"))
page = pages[0].read_text()
for part in ("<polyline points=", "4 of 6 points hold, 2 relapsed", "<details>", 'role="img"',
             "<tr><th scope=\"row\" class=\"number\">400 ms</th>"):
    check(part in page, part, page)
check("style=" not in page and "<script>" not in page, page)

# Of several. The second and the fifth of ten requests fail.
bench.scenario("rare", steps=get("/x"), repeat={"times": 10, "at_least": 8})
bench.scenario("strict", steps=get("/x"), repeat={"times": 10, "at_least": 9})
bench.scenario("plain", steps=get("/x"))
done, found = run("rare", sometimes(), 0)
check(found["outcome"] == "flaky" and len(found["attempts"]) == 10, found["outcome"], found["reason"])
check(found["reason"].startswith("held 8 of 10, needs 8: "), found["reason"])
done, found = run("strict", sometimes(), 1)
check(found["outcome"] == "relapsed" and len(found["attempts"]) == 5, found["outcome"], found["reason"])
check(found["reason"].startswith("held 3 of 5, needs 9 of 10 (the others could not change that"),
      found["reason"])
check("held 3 of 5, needs 9 of 10" in done.stdout, done.stdout)
done, found = run("plain", sometimes(), 1, "--repeat", "4")
check(found["outcome"] == "relapsed" and found["repeat"] == {"times": 4, "at_least": 4}, found)
done, found = run("calm", "window", 0, "--repeat", "2")
check(len(found["attempts"]) == 12, len(found["attempts"]))
check(bench.run("run", "plain", "-t", "window", "--repeat", "0").returncode == 2)

# A target that does not start is not tried for every replay.
bench.standin("exits")
done, found = run("rare", "exits", 3)
check(len(found["attempts"]) == 1, found["attempts"])
bench.remove()
print("ok")
