"""verdicts.py BINARY: what must be inconclusive is, and exit codes say what happened."""
import sys

from harness import Bench, check, get

bench = Bench(sys.argv[1])


def outcome(name, target, code, word, *extra):
    done = bench.run("run", name, "-t", target, *extra)
    check(done.returncode == code, f"{name} on {target}: exit {done.returncode}, expected {code}",
          done.stdout, done.stderr)
    if word:
        found = bench.last_run()["results"][0]
        check(found["outcome"] == word, f"{name} on {target}: {found['outcome']}", found.get("reason"))
        return found
    return None


bench.scenario("plain", steps=get("/x"))
bench.scenario("wrong", steps=get("/x", 404))
bench.scenario("never-in-log", steps=get("/x"), never=[{"log": {"contains": "Traceback"}}])
bench.scenario("hangs", steps=get("/hang"), within="300ms")
bench.standin("well")
bench.standin("exits")
bench.standin("never-ready")
bench.standin("no-log")
bench.standin("bad-probe", probes={"probe": get("/probe")})
bench.standin("dies")
bench.standin("deaf", probes={"health": get("/health")})
(bench.home / "fixtures/targets/nobody.json").write_text(
    '{"title": "nobody", "address": "http://127.0.0.1:1"}')
(bench.home / "fixtures/targets/far.json").write_text(
    '{"title": "far", "address": "http://192.0.2.1:80"}')

outcome("plain", "well", 0, "holds")
outcome("wrong", "well", 1, "relapsed")
outcome("plain", "nobody", 3, "inconclusive")
outcome("plain", "exits", 3, "inconclusive")
outcome("plain", "bad-probe", 3, "inconclusive")
outcome("never-in-log", "no-log", 3, "inconclusive")
outcome("never-in-log", "well", 0, "holds")
outcome("never-in-log", "nobody", 4, None)
outcome("hangs", "deaf", 1, "relapsed")
found = outcome("plain", "dies", 1, "relapsed")
check("guard:liveness" in str(found), "a target that died must fail liveness too", found.get("reason"))

slow = bench.run("run", "plain", "-t", "never-ready")
check(slow.returncode == 3, slow.stdout, slow.stderr)

far = bench.run("run", "plain", "-t", "far")
check(far.returncode == 2 and "not allowed" in far.stderr, far.returncode, far.stderr)
none = bench.run("run", "tag:nothing", "-t", "well")
check(none.returncode in (2, 4), none.returncode, none.stderr)
typo = bench.run("run", "plian", "-t", "well")
check(typo.returncode == 2 and 'plain' in typo.stderr, typo.returncode, typo.stderr)
usage = bench.run("run", "--retrys", "1")
check(usage.returncode == 2, usage.returncode, usage.stderr)
check(bench.run("rnu").returncode == 2)

bench.scenario("broken", stpes=[])
bad = bench.run("run", "-t", "well")
check(bad.returncode == 2 and "broken.json:" in bad.stderr and "Nothing was sent" in bad.stderr,
      bad.returncode, bad.stderr)
bench.remove()
print("ok")
