"""deflate.py BINARY: permessage-deflate against servers that share no code with relapse: every offer is agreed
on or not, what is sent compressed comes back, and bombs cost neither side more than the bounds say."""
import json
import sys

from harness import PYTHON, ROOT, Bench, check

bench = Bench(sys.argv[1])

SERVERS = {
    "websockets": ["uvicorn", "lab:app", "--ws", "websockets", "--host", "127.0.0.1", "--port", "${port}"],
    "wsproto": ["uvicorn", "lab:app", "--ws", "wsproto", "--host", "127.0.0.1", "--port", "${port}"],
    "hypercorn": ["hypercorn", "lab:app", "--access-logfile", "-", "--access-logformat", '%(h)s "%(R)s" %(s)s', "--bind", "127.0.0.1:${port}"],
}
for name, command in SERVERS.items():
    (bench.home / "fixtures/targets" / f"{name}.json").write_text(json.dumps({
        "title": name,
        "address": "ws://127.0.0.1:${port}",
        "launch": {
            "command": [PYTHON, "-m", *command],
            "cwd": str(ROOT / "fixtures/apps"),
            "env": {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"},
            "ready": {"path": "/health", "within": "15s"},
        },
        "logs": [{"process": True}],
        "log_mark": {"path": "/health"},
    }))

LONG = "a text that is long enough to be worth its compression, again and again; " * 40
OFFERS = {"plain": True, "keeps-nothing": {"server_no_context_takeover": True, "client_no_context_takeover": True},
          "server-keeps-nothing": {"server_no_context_takeover": True},
          "bits": {"server_max_window_bits": 10, "client_max_window_bits": 9},
          "may-set-bits": {"client_max_window_bits": True}}


def session(offer, **upgrade):
    steps = [{"send": {"upgrade": {"path": "/e", "deflate": offer, **upgrade}}},
             {"expect": {"upgrade": {"status": 101, "extensions": {"contains": "permessage-deflate"}}}}]
    for text in (LONG, LONG, "short", "", LONG):
        steps += [{"send": {"text": text, "compress": True}}, {"expect": {"text": text}, "within": "5s"}]
    steps += [{"send": {"binary": {"repeat": {"hex": "00 01 ff"}, "times": 100000}, "compress": True}},
              {"expect": {"binary": {"size": 300000}}, "within": "5s"},
              {"send": {"text": "not compressed"}}, {"expect": {"text": "not compressed"}},
              {"send": {"close": {"code": 1000}}}, {"expect": {"close": {"code": 1000}}}]
    return steps


for name, offer in OFFERS.items():
    bench.scenario(name, steps=session(offer), count=[
        {"name": "answers are compressed", "of": {"frame": {"rsv": 4}}, "is": {"more": 4}}])
bench.scenario("own-header", steps=session(
    False, headers={"Sec-WebSocket-Extensions": "permessage-deflate; client_no_context_takeover"}))

problems = []
for server in SERVERS:
    done = bench.run("run", "-t", server, "--retries", "0")
    results = bench.last_run()["results"]
    check(len(results) == len(OFFERS) + 1, done.stdout, done.stderr)
    for result in results:
        print(f"{server:12} {result['scenario']:22} {result['outcome']}", flush=True)
        if result["outcome"] != "holds":
            problems.append(f"{server} {result['scenario']}: {result['outcome']}: {result.get('reason')}")
        sent = [event for event in result["attempts"][0]["timeline"]["events"]
                if event["kind"] == "frame" and event["direction"] == "sent" and event.get("deflated")]
        sizes = [event["length"] for event in sent[:2]]
        extensions = next(
            value for event in result["attempts"][0]["timeline"]["events"] if event.get("status") == 101
            for header, value in event["headers"] if header.lower() == "sec-websocket-extensions")
        alone = "client_no_context_takeover" in extensions
        if (sizes[0] == sizes[1]) != alone:
            problems.append(f"{server} {result['scenario']}: sizes {sizes} with {extensions}")

check(not problems, *problems)
bench.remove()
print("ok")
