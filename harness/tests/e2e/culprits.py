"""culprits.py BINARY: who spoils a process that several scenarios share is named, and nobody else."""
import json
import sys

from harness import Bench, check, get

BINARY = sys.argv[1]
bench = Bench(BINARY)


def run(target, code, *extra):
    done = bench.run("run", "-t", target, *extra)
    results = {one["scenario"]: one for one in bench.last_run()["results"]}
    told = [f"{name}: {one['outcome']} {one.get('reason', '')}" for name, one in results.items()]
    check(done.returncode == code, f"{target}: exit {done.returncode}", done.stdout, *told)
    return done, results, told


def culprit_is(name, victim, results, told, bystanders):
    """The culprit relapsed through its liveness, the victim holds and names it, nobody else did."""
    found = results[name]
    check(found["outcome"] == "relapsed", *told)
    check(found["reason"].startswith("guard:liveness: ") and f"probe then {victim} " in found["reason"],
          *told)
    check(results[victim]["outcome"] == "holds", *told)
    check(results[victim]["disturbed_by"] == name, *told)
    attempts = results[victim]["attempts"]
    check(not attempts[0].get("alone") and attempts[0]["verdict"]["outcome"] != "holds"
          and attempts[-1]["alone"] and attempts[-1]["verdict"]["outcome"] == "holds", attempts)
    for bystander in bystanders:
        check(results[bystander]["outcome"] == "holds", bystander, *told)
        check("disturbed_by" not in results[bystander], bystander, *told)


PROBES = {"health": get("/health")}
LETTERS = [f"b-{letter}" for letter in "defghi"]
bench.scenario("a-salt", steps=get("/salt"))
bench.scenario("b-early", steps=get("/x"))
bench.scenario("c-poison", steps=get("/poison"))
for letter in LETTERS:
    bench.scenario(letter.replace("b-", "d-"), steps=get(f"/{letter}"))
bench.scenario("e-fragile", steps=get("/fragile"))
bench.scenario("f-after", steps=get("/x"))
OTHERS = ["a-salt", "b-early", "f-after"] + [letter.replace("b-", "d-") for letter in LETTERS]

bench.standin("poisoned", probes=PROBES)
done, results, told = run("poisoned", 1)
culprit_is("c-poison", "e-fragile", results, told, OTHERS)
check("1 relapsed" in done.stdout and "disturbed by c-poison" in done.stdout, done.stdout)
page = next((bench.home / "reports/latest/s").glob("c-poison-*.html")).read_text()
check("then e-fragile" in page and "without this replay before it, it holds" in page, page)
page = next((bench.home / "reports/latest/s").glob("e-fragile-*.html")).read_text()
check("disturbed by c-poison" in page, page)
shown = bench.run("show", "last", "c-poison@poisoned")
check("then e-fragile" in shown.stdout, shown.stdout)

# Only both together. The later of the two set it off; the other is named.
bench.standin("pair", probes=PROBES)
done, results, told = run("pair", 1)
culprit_is("c-poison", "e-fragile", results, told, OTHERS)
check("with a-salt before it" in results["c-poison"]["reason"], *told)
check("with a-salt before it" in results["e-fragile"]["reason"], *told)

# Killed late: whoever runs when the process ends is not the one. Each takes a while, so that
# several run within those 300 ms, and a log that settles would be slower than that.
bench.standin("late", probes=PROBES)
file = bench.home / "fixtures/targets/late.json"
target = json.loads(file.read_text())
del target["logs"], target["log_mark"]
file.write_text(json.dumps(target))
for letter in LETTERS:
    bench.scenario(letter.replace("b-", "d-"), steps=[{"pause": "90ms"}, *get(f"/{letter}")])
done, results, told = run("late", 1)
victims = [name for name, one in results.items() if "disturbed_by" in one]
check(len(victims) == 1 and victims[0] in ("d-e", "d-f", "d-g"), victims, *told)
culprit_is("c-poison", victims[0], results, told, [one for one in [*OTHERS, "e-fragile"] if one != victims[0]])

# Nobody looks when it ends: the last scenario makes no claim of liveness, The process is
# found dead when it was to be stopped.
for path in (bench.home / "scenarios").glob("[d-f]-*.json"):
    path.unlink()
bench.scenario("d-slow", steps=[*get("/x"), {"pause": "600ms"}], guards={"liveness": False})
done, results, told = run("late", 1)
check("still running after" in results["c-poison"]["reason"], *told)
check([one for one in results if results[one]["outcome"] != "holds"] == ["c-poison"], *told)

# A culprit that makes no claim of liveness may do that: it is named, and not blamed.
bench.scenario("c-poison", steps=get("/poison"), guards={"liveness": False})
bench.scenario("e-fragile", steps=get("/fragile"))
done, results, told = run("poisoned", 0)
check(results["c-poison"]["outcome"] == "holds", *told)
check(results["e-fragile"]["disturbed_by"] == "c-poison", *told)
check("whose liveness guard is off" in results["e-fragile"]["reason"], *told)

# One that is listed as known to relapse stays known when it relapses this way.
bench.scenario("c-poison", steps=get("/poison"))
bench.standin("poisoned", probes=PROBES, known=[
    {"scenario": "c-poison", "reason": "open", "until": "2099-01-01"}])
done, results, told = run("poisoned", 0)
check(results["c-poison"]["outcome"] == "relapsed" and results["c-poison"]["known"], *told)
check(results["e-fragile"]["outcome"] == "holds", *told)

# A scenario that spoils the process for itself, seen when it is replayed twice.
for path in (bench.home / "scenarios").glob("*.json"):
    path.unlink()
bench.scenario("b-self", steps=[*get("/fragile"), *get("/poison")], repeat={"times": 2})
bench.standin("poisoned", probes=PROBES)
done, results, told = run("poisoned", 1)
check("probe then b-self " in results["b-self"]["reason"], *told)
check("disturbed_by" not in results["b-self"], *told)

# Flaky by itself: it fails now and then whoever ran before. Nobody is blamed.
(bench.home / "scenarios/b-self.json").unlink()
for name in ("a-well", "b-well"):
    bench.scenario(name, steps=get("/y"))
bench.scenario("c-flaky", steps=get("/x"))
bench.standin("sometimes", probes=PROBES)
file = bench.home / "fixtures/targets/sometimes.json"
plain = json.loads(file.read_text())
# The requests in their order: on the shared process, alone, after both others, after the last of
# them, once more alone, once more after it.
for counts, account in (("1", "did not show it again"),
                        ("1,3,4,5", "alone on a fresh process it held once and then did not"),
                        ("1,3,4", "b-well was seen to spoil the process for it once, but not again")):
    (bench.home / "count").unlink(missing_ok=True)
    plain["launch"]["command"][3:] = ["${port}", str(bench.home / "count"), counts]
    file.write_text(json.dumps(plain))
    done, results, told = run("sometimes", 0)
    check(results["c-flaky"]["outcome"] == "flaky", counts, *told)
    check(account in results["c-flaky"]["reason"], counts, *told)
    check(results["a-well"]["outcome"] == results["b-well"]["outcome"] == "holds", counts, *told)
bench.remove()
print("ok")
