"""process_plane.py BINARY: start, signal and stop with changed environment, files and arguments, and
what the exit looks like from outside."""
import sys

from harness import Bench, check, get

bench = Bench(sys.argv[1])
bench.standin("well")
bench.standin("exits")
STOPPED = [{"stop": {}}, {"expect": {"exit": {"signal": 15, "code": None}}}]


def outcome(name, target, code):
    done = bench.run("run", name, "-t", target, "--retries", "0")
    check(done.returncode == code, f"{name} on {target}: exit {done.returncode}, expected {code}",
          done.stdout, done.stderr)
    return bench.last_run()["results"][0]


bench.scenario("stops", steps=[{"start": {}}, *get("/x"), *STOPPED])
bench.scenario("killed", steps=[{"start": {}}, {"signal": "KILL"},
                                {"expect": {"exit": {"signal": 9}}}])
bench.scenario("wrong-exit", steps=[{"start": {}}, {"stop": {}},
                                    {"name": "ends with 0", "expect": {"exit": {"code": 0}}}])
bench.scenario("restarts", steps=[{"start": {}}, *STOPPED, {"start": {}}, *get("/x"), *STOPPED])
bench.scenario("dies-unasked", steps=[{"start": {}}, *get("/x"), {"signal": "STOP"}, *get("/x")],
               within="300ms", budget="5s")
bench.standin("stubborn")
bench.scenario("ignores-stop", steps=[{"start": {}},
                                      {"name": "ends", "stop": {}, "within": "500ms"}])
check(outcome("stops", "well", 0)["outcome"] == "holds")
check(outcome("killed", "well", 0)["outcome"] == "holds")
check("ends with 0" in outcome("wrong-exit", "well", 1)["reason"])
check(outcome("restarts", "well", 0)["outcome"] == "holds")
check(outcome("dies-unasked", "well", 1)["outcome"] == "relapsed")
check("ends" in outcome("ignores-stop", "stubborn", 1)["reason"])
# The target's own settings do not work: what a changed start does says nothing.
check(outcome("stops", "exits", 3)["outcome"] == "inconclusive")

# Environment set and removed, a file under ${dir} and an argument, seen in the target's own words.
(bench.home / "fixtures/targets/shell.json").write_text("""{
  "title": "a shell", "address": "http://127.0.0.1:${port}",
  "launch": {
    "command": ["/bin/sh", "-c", "echo A=$A B=$(printenv B || echo unset) file=$(cat ${dir}/conf) last=$1; %s", "sh"],
    "env": {"A": "old", "B": "old"}, "files": {"conf": "old"},
    "ready": {"path": "/health", "status": 200, "within": "10s"},
    "stop": {"signal": "TERM", "within": "5s", "exit": [-15]}
  },
  "logs": [{"process": true}], "log_mark": {"path": "/health", "within": "2s"}
}""" % f"exec /usr/bin/python3 {sys.path[0]}/standin.py well ${{port}}")
bench.scenario("changed", steps=[
    {"start": {"env": {"A": "new", "B": None}, "files": {"conf": "port ${port}"}, "args": ["extra"]}},
    {"expect": {"log": {"matches": "^A=new B=unset file=port [0-9]+ last=extra$"}}}, *STOPPED])
check(outcome("changed", "shell", 0)["outcome"] == "holds")
bench.remove()
print("ok")
