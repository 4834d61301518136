"""late.py BINARY: a fault that the log tells late belongs to the run, and not to the scenario that was
being replayed when it came; unless that scenario, or one before it, shows it again."""
import sys

from harness import HERE, PYTHON, Bench, check, get

bench = Bench(sys.argv[1])
ALL = ["a-first", "b-second", "c-third"]
for name in ALL:
    bench.scenario(name, steps=get("/x" if name == "b-second" else f"/{name}"))
bench.scenario("d-claims", steps=get("/d"), guards={"log": False}, never=[
    {"name": "no task is destroyed", "log": {"contains": "Task was destroyed"}}])
STOP = {"ready": {"path": "/health", "status": 200, "within": "5s"},
        "stop": {"signal": "TERM", "within": "5s", "exit": [-15]}}
TELLS = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/x":
            sys.stderr.write("Task was destroyed but it is pending!\\n")
        sys.stderr.write(self.path + "\\n")
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def run(target, selectors):
    done = bench.run("run", *selectors, "-t", target)
    return done, {result["scenario"]: result for result in bench.last_run()["results"]}


def once(tells_at, selectors):
    remembers = bench.home / "told"
    remembers.unlink(missing_ok=True)
    bench.standin("collected", probes={"page": get("/probe")}, launch={
        "command": [PYTHON, str(HERE / "standin.py"), "collected", "${port}", str(remembers)],
        "env": {"TELLS_AT": tells_at}, **STOP})
    return run("collected", selectors)


# Told once, while b was replayed; neither b alone nor any that ran before it brings it back.
done, results = once("/x", ALL)
check([results[name]["outcome"] for name in ALL] == ["holds"] * 3, results, done.stdout)
check(done.returncode == 0, done.returncode, done.stdout)
check(results["b-second"]["late_fault"].startswith("Task was destroyed"), results["b-second"])
check(results["b-second"]["attempts"][0]["verdict"]["outcome"] == "relapsed", "the evidence is kept")
check("HOLDS, apart from 1 late fault in a log" in done.stdout, done.stdout)
check('Late in the log of collected: "Task was destroyed but it is pending!", while b-second'
      in done.stdout, done.stdout)
page = (bench.home / "reports/latest/index.html").read_text()
check("Told late by a log (1)" in page, page)

# The same words in a scenario's own claim are a claim like any other.
done, results = once("/d", ["a-first", "d-claims"])
check(results["d-claims"]["outcome"] == "flaky" and not results["d-claims"].get("late_fault"), results)

# Told while the probes ran: nobody's, and not lost.
done, results = once("/probe", ALL)
check([results[name]["outcome"] for name in ALL] == ["holds"] * 3, results, done.stdout)
check("apart from 1 late fault in a log" in done.stdout, done.stdout)

# It comes whenever b is replayed: then it is b's own.
bench.standin("tells", launch={"command": [PYTHON, "-c", TELLS, "${port}"], **STOP})
done, results = run("tells", ALL)
check([results[name]["outcome"] for name in ALL] == ["holds", "relapsed", "holds"], results, done.stdout)
check(not results["b-second"].get("late_fault"), results["b-second"]["reason"])
bench.remove()
print("ok")
