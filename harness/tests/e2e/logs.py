"""logs.py BINARY: the log is read from wherever a target writes it, entry by entry, and a log that
falls silent proves nothing."""
import os
import socket
import subprocess
import sys
import time
import urllib.request

from harness import HERE, PYTHON, Bench, check, get

bench = Bench(sys.argv[1])


def outcome(name, target, code, word):
    done = bench.run("run", name, "-t", target)
    check(done.returncode == code, f"{name} on {target}: exit {done.returncode}, expected {code}",
          done.stdout, done.stderr)
    found = bench.last_run()["results"][0]
    check(found["outcome"] == word, f"{name} on {target}: {found['outcome']}", found.get("reason"))
    return found


def entries(result):
    events = result["attempts"][0]["timeline"]["events"]
    return [e for e in events if e["kind"] == "log" and e.get("lane") != "probe"]


def seen(text):
    return {"expect": {"log": {"contains": text}}}


bench.scenario("plain", steps=get("/y"))
bench.scenario("never", steps=get("/x"), never=[{"log": {"contains": "Traceback"}}])
bench.scenario("raises", steps=[*get("/raise"), seen("no such session")],
               never=[{"name": "no traceback", "log": {"matches": "Handler failed[^$]*KeyError"}}])
bench.scenario("one-entry", steps=[*get("/raise"), seen("RuntimeError: no such session")],
               count=[{"of": {"log": {"contains": "Traceback"}}, "is": 1},
                      {"of": {"log": {"contains": "Handler failed"}}, "is": 1}])
bench.scenario("rotates", steps=[*get("/a"), *get("/rotate"), *get("/b"), *get("/rotate"), *get("/c"),
                                 *get("/truncate"), *get("/d"),
                                 seen("GET /a "), seen("GET /rotate "), seen("GET /b "),
                                 seen("GET /rotate "), seen("GET /c "), seen("GET /d ")])

# A log that falls silent half-way: the mark before the steps was seen, the one behind them was not.
bench.standin("silenced")
found = outcome("never", "silenced", 3, "inconclusive")
check("log not observed" in found["reason"], found["reason"])
marks = [e.get("seen", False) for e in found["attempts"][0]["timeline"]["events"]
         if e["kind"] == "log_marked"]
check(marks == [True, False], marks)
outcome("plain", "silenced", 0, "holds")  # it was not silenced: /x was not asked for

# One entry for a record and its chained tracebacks, however it is read.
bench.standin("well")
outcome("one-entry", "well", 0, "holds")
found = outcome("raises", "well", 1, "relapsed")
check("no traceback" in found["reason"], found["reason"])

# What a target's own signature says is a fault.
outcome("plain", "well", 0, "holds")
bench.standin("well", fault_signatures=[{"name": "ours", "contains": "GET /y"}])
found = outcome("plain", "well", 1, "relapsed")
check("guard:log" in found["reason"], found["reason"])
stored = bench.home / "plain.timeline.json"
stored.write_text(bench.run("show", "last", "plain@well", "--json").stdout)
again = bench.run("judge", "plain", str(stored))
check(again.returncode == 1 and "guard:log" in again.stdout, again.returncode, again.stdout)

# Structured entries: matched by what they say, kept as they were.
bench.standin("json")
bench.scenario("said", steps=[*get("/y"), {"expect": {"log": {"matches": "^GET /y HTTP/1.1$"}}}])
found = outcome("said", "json", 0, "holds")
entry = entries(found)[0]
check(entry["text"] == "GET /y HTTP/1.1" and '"jsonPayload"' in entry["raw"], entry)

# A file: it comes late (the first request makes it), is rotated and truncated.
TO_FILE = {
    "launch": {
        "command": [PYTHON, str(HERE / "standin.py"), "to-file", "${port}", "${dir}/x.log"],
        "ready": {"path": "/health", "status": 200, "within": "5s"},
        "stop": {"signal": "TERM", "within": "5s", "exit": [-15]},
    },
}
bench.standin("to-file", **TO_FILE, logs=[{"file": "${dir}/x.log"}])
outcome("rotates", "to-file", 0, "holds")
outcome("one-entry", "to-file", 0, "holds")
outcome("never", "to-file", 0, "holds")
found = outcome("raises", "to-file", 1, "relapsed")
check(all(e["source"].endswith("/x.log") for e in entries(found)), entries(found))
# The same target with another file's name: there is nothing, and so nothing holds.
bench.standin("to-file", **TO_FILE, logs=[{"file": "${dir}/y.log"}])
outcome("never", "to-file", 3, "inconclusive")
# Through a command.
bench.standin("to-file", **TO_FILE, logs=[{"command": ["tail", "-n", "0", "-F", "${dir}/x.log"]}],
              log_mark={"path": "/health", "within": "5s"}, log_settle="1500ms")
outcome("never", "to-file", 0, "holds")
outcome("one-entry", "to-file", 0, "holds")
bench.standin("to-file", **TO_FILE, logs=[{"command": ["no-such-program-anywhere"]}])
found = outcome("never", "to-file", 3, "inconclusive")
check("the log command failed" in found["reason"], found["reason"])

# A target that runs already: an address, and where its log is.
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
file = bench.home / "running.log"
file.write_text("ERROR:    Exception in ASGI application\n")  # of the past: not this replay's
server = subprocess.Popen([PYTHON, str(HERE / "standin.py"), "to-file", str(port), str(file)])
try:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    for logs in ([{"file": str(file)}], [{"command": ["tail", "-n", "0", "-F", str(file)]}]):
        bench.standin("running", address=f"http://127.0.0.1:{port}", logs=logs, launch=None)
        path = bench.home / "fixtures/targets/running.json"
        path.write_text(path.read_text().replace('"launch": null,', ""))
        outcome("never", "running", 0, "holds")
        outcome("one-entry", "running", 0, "holds")
        outcome("raises", "running", 1, "relapsed")
    bench.standin("running", address=f"http://127.0.0.1:{port}", logs=[{"file": os.devnull}],
                  launch=None)
    path.write_text(path.read_text().replace('"launch": null,', ""))
    outcome("never", "running", 3, "inconclusive")
finally:
    server.terminate()
    server.wait()
bench.remove()
print("ok")
