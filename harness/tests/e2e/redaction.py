"""redaction.py BINARY: secrets of every kind pass between relapse and a server that tells all it
knows, and none is found in anything that relapse writes. That the search can find them is shown
with a run to which the secrets were not told."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

from harness import HERE, PYTHON, Bench, check

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQtcGVyc29uIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
SECRETS = {
    "environment": 'env"ironment/0815&<b>?',
    "file": "the-content-of-a-file-4711",
    "authorization": "authorization-header-8a6f",
    "cookie": "cookie-header-77c1",
    "set_cookie": "set-cookie-header-90de",
    "query": "query-token-5d2a",
    "userinfo": "userinfo-pass-31f0",
    "jwt": JWT,
    "bearer_in_log": "bearer-in-a-log-line-6e01",
    "two_reads": "cut-by-two-reads-1b7e",
    "two_fragments": "cut-by-two-fragments-44a9",
    "two_messages": "cut-by-two-messages-9c3d",
    "compressed": "in-a-compressed-message-f00b",
    "masked": "under-a-mask-2e8d",
    "basic": "in-a-basic-header-c0de",
    "traceback": "in-a-traceback-1337",
    "scope": "in-the-scope-beef",
}
# Told to relapse; the rules of headers, URLs and shapes have to find the others.
TOLD = {"environment": "ENVIRONMENT", "two_reads": "READS", "two_fragments": "FRAGMENTS",
        "two_messages": "MESSAGES", "compressed": "COMPRESSED", "masked": "MASKED", "basic": "BASIC",
        "traceback": "TRACEBACK", "scope": "SCOPE"}

bench = Bench(sys.argv[1])
secret_file = pathlib.Path(str(bench.home) + ".secret")
secret_file.write_text(SECRETS["file"] + "\n")
bench.standin("leaky", launch={
    "command": [PYTHON, str(HERE / "leaky.py"), "${port}"],
    "env": {"SECRETS": json.dumps(SECRETS).replace("$", "")},
    "ready": {"path": "/health", "status": 200, "within": "5s"},
    "stop": {"signal": "TERM", "within": "5s", "exit": [-15]}})
(bench.home / "fixtures/targets/app.json").write_text(json.dumps({
    "title": "app", "provides": [],
    "asgi": {"app": "leaky_app:app", "folder": str(HERE), "python": [PYTHON], "lifespan": False,
             "env": {"SECRETS": json.dumps(SECRETS), "PYTHONDONTWRITEBYTECODE": "1"}}}))
basic = base64.b64encode(("user:" + SECRETS["basic"]).encode()).decode()
hostile = {"guards": {"log": False}}
never = {"expect": {"text": "this never comes"}, "within": "200ms"}
bench.scenario("http", **hostile, steps=[
    {"send": {"request": {"path": "/say", "query": {"token": SECRETS["query"], "x": "1"}, "headers": {
        "Authorization": "Custom " + SECRETS["authorization"], "Cookie": "theme=dark; sid=" + SECRETS["cookie"],
        "Proxy-Authorization": "Basic " + basic, "X-Basic": basic,
        "Referer": "https://me:" + SECRETS["userinfo"] + "@example.org/?password=" + SECRETS["query"]}}}},
    # What is hidden later is compared and captured as it is.
    {"expect": {"response": {"status": 200, "headers": {"set-cookie": {
        "matches": "^sid=set-cookie-header-90de; Path=/"}}}, "capture": {"cookie": "/headers/set-cookie"}}},
    {"send": {"request": {"path": "/again", "headers": {"Cookie": "${cookie}"}}}},
    {"name": "fails", "expect": {"response": {"status": 404}}}])
bench.scenario("ws", **hostile, steps=[
    {"send": {"upgrade": {"path": "/ws", "deflate": True, "headers": {
        "Sec-WebSocket-Protocol": "chat.v1, bearer, " + SECRETS["query"]}}}},
    {"expect": {"upgrade": {"status": 101}}},
    {"send": {"text": "mine: " + SECRETS["environment"]}},
    {"expect": {"text": "end", "skip": True}},
    {"name": "fails", **never}])
bench.scenario("raw", **hostile, steps=[
    {"send": {"bytes": "GET /again HTTP/1.1\r\nHost: x\r\nCookie: sid=" + SECRETS["cookie"] + "\r\n\r\n",
              "split": [50]}},
    {"name": "fails", "expect": {"response": {"status": 404}}}])
bench.scenario("scope", guards={"log": False, "exception": False}, steps=[
    {"call": {"scope": "websocket", "set": {
        "/query_string": {"$bytes": "token=" + SECRETS["query"]},
        "/path": "/" + SECRETS["scope"],
        "/headers/-": [{"$bytes": "cookie"}, {"$bytes": "sid=" + SECRETS["cookie"]}]}}},
    {"receive": {"type": "websocket.connect"}},
    {"name": "fails", "expect": {"sent": {"type": "websocket.close"}, "skip": True}}])


def relapse(*arguments):
    environment = {k: v for k, v in os.environ.items() if k not in ("RELAPSE_HOME", "CI")}
    environment.update({variable: SECRETS[name] for name, variable in TOLD.items()})
    return subprocess.run([bench.binary, "-C", str(bench.home), *arguments], capture_output=True,
                          text=True, timeout=120, env=environment)


def written(*told):
    """Everything that a run with these options and the commands that look at it write."""
    out = {}
    for target, scenarios in (("leaky", ("http", "ws", "raw")), ("app", ("scope",))):
        done = relapse("run", *scenarios, "-t", target, "--retries", "1", "-vv", "--junit",
                       str(bench.home / f"{target}.xml"), *told)
        check(done.returncode == 1, done.returncode, done.stdout, done.stderr)
        out[f"stdout {target}"], out[f"stderr {target}"] = done.stdout, done.stderr
        for scenario in scenarios:
            for flag in ("--hex", "--json"):
                out[f"show {flag} {scenario}"] = relapse("show", "last", f"{scenario}@{target}", flag).stdout
        result = {r["scenario"]: r for r in bench.last_run()["results"]}
        for scenario in scenarios:  # by the step that was to fail, so nothing else went wrong
            check(result[scenario]["reason"].startswith("fails: "), result[scenario]["reason"])
        for path in (bench.home / "reports").rglob("*"):
            if path.is_file():
                out[f"{target}: {path.relative_to(bench.home)}"] = path.read_bytes().decode("latin-1")
        out[f"{target}.xml"] = (bench.home / f"{target}.xml").read_text()
    check(any(name.endswith(".html") for name in out), out.keys())
    return out


def forms(value):
    utf8 = value.encode()
    yield from (value, urllib.parse.quote(value, safe=""), urllib.parse.quote(value), json.dumps(value)[1:-1])
    yield value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    for lead in (b"", b"x", b"xx"):
        encoded = base64.b64encode(lead + utf8).decode().rstrip("=")
        yield encoded[4:-4] if lead else encoded[:-3]
    yield from (utf8.hex(), utf8.hex(" "), utf8.hex(" ")[:47], utf8[-16:].hex(" "))


def masked():
    """The octets of the frame that leaky.py masks, as far as they hold the secret."""
    text = ("masked " + SECRETS["masked"]).encode()
    return bytes(octet ^ b"\x37\xfa\x21\x3d"[i % 4] for i, octet in enumerate(text))[10:18]  # half a row of hex


def found_in(texts):
    apart = {"two_messages": SECRETS["two_messages"][len(SECRETS["two_messages"]) // 2:]}
    found = search(texts, {**SECRETS, **apart})
    found["masked"] += [place for place, text in texts.items() if masked().hex(" ") in text]
    return found


def search(texts, secrets):
    return {name: sorted({place for place, text in texts.items() for form in forms(value) if form in text})
            for name, value in secrets.items()}


told = [word for variable in TOLD.values() for word in ("--secret-env", variable)]
told += ["--secret-file", str(secret_file)]
texts = written(*told)
found = {name: places for name, places in found_in(texts).items() if places}
check(not found, json.dumps(found, indent=1))
run = json.loads(next(text for name, text in texts.items() if name.startswith("leaky:") and name.endswith("run.json")))
counts = run["redactions"]
for rule in ("known value", "authorization", "proxy-authorization", "cookie", "set-cookie", "URL query",
             "URL userinfo", "JWT", "bearer token", "subprotocol", "compressed message", "masked frame"):
    check(counts.get(rule, 0) > 0, rule, counts)
# Equal secrets are seen to be equal: the cookie that was set and the one that was sent back.
marks = {word.split("]")[0] for word in json.dumps(run).split("[redacted cookie, 22 bytes, ")[1:]}
check(len(marks) == 1, marks)

# The search is able to find: with nothing told, all that only known values can hide is there.
open_texts = written()
seen = found_in(open_texts)
for name in (*TOLD, "file"):
    check(seen[name], name, seen)
for name in ("authorization", "cookie", "set_cookie", "query", "userinfo", "jwt", "bearer_in_log"):
    check(not seen[name], name, seen[name])

# What a rule forgets is caught when everything is written: here the name of the scenario's file.
leak = bench.scenario("about-" + SECRETS["two_reads"], steps=[
    {"send": {"request": {"path": "/health"}}}, {"expect": {"response": {"status": 200}}}])
caught = relapse("run", leak.stem, "-t", "leaky", *told)
check(caught.returncode == 3, caught.returncode, caught.stdout, caught.stderr)
check("holds env:READS" in caught.stderr and "removed" in caught.stderr, caught.stderr)
check(SECRETS["two_reads"] not in caught.stdout, caught.stdout)
kept = [path for path in (bench.home / "reports").rglob("*") if path.is_file()
        and SECRETS["two_reads"] in path.read_bytes().decode("latin-1")]
kept = [path for path in kept if path.parts[-2] != "s"]
leak.unlink()

for wrong in (["--secret-env", "NOT_SET_AT_ALL"], ["--secret-file", "/not/there"]):
    refused = relapse("run", "http", "-t", "leaky", *wrong)
    check(refused.returncode == 2 and wrong[1] in refused.stderr, refused.returncode, refused.stderr)
secret_file.unlink()
bench.remove()
print("ok")
