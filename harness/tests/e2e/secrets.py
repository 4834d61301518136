"""secrets.py BINARY: a secret reaches the target as it is, and no file or stream that relapse writes."""
import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

from harness import HERE, PYTHON, Bench, check

bench = Bench(sys.argv[1])
HEADER, USER, KEY, SIGNING = "h3ader/one?&two", 'us"er-nine', "launch-key-0815", "signing-secret-" + "x" * 30
SECRETS = {"HEADER": HEADER, "USER": USER, "KEY": KEY, "SIGNING": SIGNING}
bench.standin(
    "mirror",
    headers={"X-Staging": "${secret:HEADER}", "X-Region": "${env:REGION}"},
    tokens={"real": {"secret": "${secret:SIGNING}", "claims": {"sub": "u"}},
            "test": {"secret": "a-secret-for-tests-0123456789", "claims": {"sub": "u"}}},
    launch={"command": [PYTHON, str(HERE / "standin.py"), "mirror", "${port}"],
            "env": {"KEY": "${secret:KEY}"},
            "ready": {"path": "/health", "status": 200, "within": "5s"},
            "stop": {"signal": "TERM", "within": "5s", "exit": [-15]}},
    probes={"health": [{"send": {"request": {"path": "/health"}}},
                       {"expect": {"response": {"status": 200}}}]})


def basic(user):
    return "Basic " + base64.b64encode((user + ":pw").encode()).decode()


bench.scenario("shown", steps=[
    {"send": {"request": {"path": "/x", "query": {"key": "${secret:USER}"}, "headers": {
        "Authorization": "Bearer ${token:real}", "X-Test": "${token:test}", "X-User": "${secret:USER}"}}}},
    {"expect": {"response": {"status": 200, "json": {"seen": {
        # Compared although it is never shown: the stand-in for it is what both sides hold.
        "X-User": "${secret:USER}", "X-Region": "north", "KEY": "${secret:KEY}"}}},
        "capture": {"echoed": "/json/seen/X-User", "user": "/json/hashes/X-User", "key": "/json/hashes/KEY",
                    "staging": "/json/hashes/X-Staging"}}},
    {"send": {"request": {"path": "/again", "headers": {"X-Captured": "${echoed}",
                                                        "Cookie": basic(USER)}}}},
    {"name": "the hash", "expect": {"response": {"json": {"hashes": {
        "X-Captured": hashlib.sha256(USER.encode()).hexdigest()}}}}},
    {"name": "the hash of the key", "expect": {"response": {"status": 200}}, "within": "100ms"},
])
# A wrong value must relapse: the stand-ins are compared, not waved through.
bench.scenario("other", steps=[
    {"send": {"request": {"path": "/x", "headers": {"X-User": "somebody else"}}}},
    {"name": "the user", "expect": {"response": {"json": {"seen": {"X-User": "${secret:USER}"}}}}}])


def run(*arguments):
    environment = {**os.environ, **SECRETS, "REGION": "north"}
    environment.pop("RELAPSE_HOME", None)
    return subprocess.run([bench.binary, "-C", str(bench.home), *arguments], capture_output=True,
                          text=True, timeout=60, env=environment)


done = run("run", "-t", "mirror", "--retries", "0", "-vv", "--junit", str(bench.home / "junit.xml"))
results = {r["scenario"]: r for r in bench.last_run()["results"]}
# The last step of "shown" asks for an answer that never comes: so its page and block are written.
check(results["shown"]["reason"].startswith("the hash of the key"), results["shown"]["reason"])
check(results["other"]["reason"].startswith("the user: expected"), results["other"]["reason"])
variables = dict(results["shown"]["attempts"][0]["timeline"]["variables"])
for name, hashed in {"user": USER, "key": KEY, "staging": HEADER}.items():
    sent = [e["body"] for e in results["shown"]["attempts"][0]["timeline"]["events"]
            if e["kind"] == "http" and e["direction"] == "received" and e.get("lane") == "main"]
    check(hashlib.sha256(hashed.encode()).hexdigest() in sent[0], name, sent)
check(variables["secret:USER"].startswith("[redacted secret:USER, 10 bytes, #"), variables)
for token in ("token:real", "token:test"):
    check(variables[token].startswith(f"[redacted {token}, "), variables)

shown = run("show", "last", "shown@mirror", "--hex")
timeline = bench.home / "timeline.json"
timeline.write_text(run("show", "last", "shown@mirror", "--json").stdout)
judged = run("judge", "shown", str(timeline))
check("expected" in judged.stdout, judged.stdout, judged.stderr)
written = {"stdout": done.stdout, "stderr": done.stderr, "show": shown.stdout, "judge": judged.stdout}
for path in bench.home.rglob("*"):
    if path.is_file() and path.suffix != ".py" and "fixtures" not in path.parts:
        written[str(path.relative_to(bench.home))] = path.read_bytes().decode("latin-1")
check(any(name.endswith(".html") for name in written), written.keys())


def forms(value):
    yield value
    yield urllib.parse.quote(value, safe="")
    yield json.dumps(value)[1:-1]
    yield base64.b64encode(value.encode()).decode().rstrip("=")
    yield value.encode().hex(" ")[:44]


found = [f"{value!r} as {form!r} in {name}" for value in [*SECRETS.values(), basic(USER)[6:]]
         for form in forms(value) for name, text in written.items()
         if form in text and not name.startswith("scenarios")]
check(not found, *found)

missing = subprocess.run(
    [bench.binary, "-C", str(bench.home), "run", "-t", "mirror"], capture_output=True, text=True,
    timeout=60, env={k: v for k, v in os.environ.items() if k != "RELAPSE_HOME"})
check(missing.returncode == 3, missing.returncode, missing.stdout, missing.stderr)
check("needs the environment variable" in missing.stdout, missing.stdout)
bench.remove()
print("ok")
