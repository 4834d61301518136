"""identity.py BINARY: a target that restarts itself under the same port, while every probe works, is
seen by what it calls itself; the harness does not launch it."""
import subprocess
import sys
import time

from harness import HERE, PYTHON, Bench, check, get, unused_port

bench = Bench(sys.argv[1])
port = unused_port()


def target(name, **changes):
    bench.standin("reborn", launch=None, logs=[], log_mark=None, probes={"health": get("/health")},
                  address=f"http://127.0.0.1:{port}", **changes)
    path = bench.home / "fixtures/targets"
    (path / "reborn.json").rename(path / f"{name}.json")
    return name


def judged(target, *scenarios):
    done = bench.run("run", *scenarios, "-t", target, "--retries", "0")
    found = {result["scenario"]: result for result in bench.last_run()["results"]}
    return done, [found[scenario] for scenario in scenarios]


def waits():
    return [{"pause": "500ms"}]


bench.scenario("a-plain", steps=get("/x"))
# The answer never comes: the process that was asked is no more.
poke = [{"send": {"request": {"path": "/poke"}}}, {"expect": {"end": "any"}}, *waits()]
bench.scenario("b-poke", steps=poke)
bench.scenario("b-poke-unguarded", steps=poke, guards={"liveness": False})
bench.scenario("c-later", steps=get("/later"))
bench.scenario("d-late", steps=get("/x"))
bench.scenario("e-last", steps=get("/x"))
target("unknown")
target("boot", identity={"path": "/health", "same": "/json/boot_id"})
target("uptime", identity={"request": {"path": "/health"}, "grows": "/json/uptime"})
target("mistaken", identity={"path": "/health", "same": "/json/bootid"})

server = subprocess.Popen([PYTHON, str(HERE / "standin.py"), "reborn", str(port)],
                          stderr=subprocess.DEVNULL)
try:
    time.sleep(1)
    for name, words in (("boot", "its identity was"), ("uptime", "its uptime was")):
        done, (plain,) = judged(name, "a-plain")
        check(done.returncode == 0 and plain["outcome"] == "holds", done.stdout, done.stderr)
        time.sleep(1)
        done, (poked,) = judged(name, "b-poke")
        check(done.returncode == 1, done.stdout, done.stderr)
        check("guard:liveness" in poked["reason"] and words in poked["reason"], poked["reason"])
        probes = [event for event in poked["attempts"][0]["timeline"]["events"]
                  if event["kind"] == "probed"]
        check(probes and all(probe["ok"] for probe in probes), probes)
    # Nothing else notices it.
    done, (poked,) = judged("unknown", "b-poke")
    check(poked["outcome"] == "holds", done.stdout)
    # A scenario that does not ask is not told, and neither is the next one.
    done, (poked, plain) = judged("boot", "b-poke-unguarded", "d-late")
    check(done.returncode == 0, done.stdout)
    # Between two scenarios: named, and nobody's relapse.
    done, (later, late, last) = judged("boot", "c-later", "d-late", "e-last")
    check(later["outcome"] == "holds" and last["outcome"] == "holds", done.stdout)
    check(done.returncode == 3 and late["outcome"] == "inconclusive", done.stdout)
    check(late["reason"].startswith("after the previous scenario and before this one's first step "
                                    "the target restarted: its identity was"), late["reason"])
    done, (plain,) = judged("mistaken", "a-plain")
    check(done.returncode == 3 and 'nothing at /json/bootid' in plain["reason"], plain["reason"])
finally:
    server.kill()
    server.wait()
bench.remove()
print("ok")
