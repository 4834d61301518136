#!/usr/bin/env python3
"""The catalogue of scope faults: what no server should ever give an application, and some do.

    catalogue.py             writes the scenario files beside it
    catalogue.py --check     is anything else there than would be written?
    catalogue.py --list      every case with the class of its answer

Each file has the cases of one class, since served and denied are claimed with other steps; those that
all four bare frameworks raise for are in a file of their own, with the proof on each of them. A case is one
fault: KEY.KIND. Its tables are in faults.py, what is recorded about it in records.py.

    served      the specification allows it: the exchange goes on as ever
    denied      websocket.close (or a denial response) before accept; HTTP 400
    answered    served or denied: the specification leaves it open
    rejected    an exception, which the specification asks for (only where nobody knows the protocol)
    ended       the client has gone, or no message could answer: it returns and sends nothing

In every class but rejected no exception leaves the application, it ends, and what it sends is in order:
that is what the guards `exception` and `protocol` claim. trusting.py breaks every case.
"""

import json
import pathlib
import sys

import faults
import records

HERE = pathlib.Path(__file__).resolve().parent
ORIGIN = [faults.b("origin"), faults.b("http://testserver")]
CLOSES = ["websocket.close", "websocket.http.response.start"]
STATUSES = [200, 400, 404, 405, 411, 413, 414, 421, 431, 501, 505]


def receive(value):
    return {"receive": value}


def sent(pattern, **more):
    return {**more, "expect": {"sent": pattern}}


CALL = {"call": "${call}"}
CONNECT = receive({"type": "websocket.connect"})
REQUEST = receive({"type": "http.request", "body": {"$bytes": ""}, "more_body": False})
STARTUP = receive({"type": "lifespan.startup"})
SHUTDOWN = receive({"type": "lifespan.shutdown"})
THE_EVENT = receive("${event}")
ACCEPTED = sent({"type": "websocket.accept"})
CLOSED = sent({"type": {"in": CLOSES}}, name="refused before accept")
STARTED = sent({"type": "lifespan.startup.complete"})
STOPPED = sent({"type": "lifespan.shutdown.complete"})
ENDED = {"name": "it ends", "expect": {"returned": True, "skip": True}}
NOTHING_SENT = {"name": "it ends without a word", "expect": {"returned": True}}
ECHO = [receive({"type": "websocket.receive", "text": "hi"}), sent({"text": "hi"})]
LEAVES = {"disconnect": {"code": 1000}}
ANY_EXCEPTION = {"type": {"present": True}}


def status(pattern):
    return sent({"type": "http.response.start", "status": pattern})


#: (file, protocol, class, steps)
SCOPE_FILES = [
    ("websocket-served", "websocket", "served", [CALL, CONNECT, ACCEPTED, *ECHO, LEAVES, NOTHING_SENT]),
    ("websocket-denied", "websocket", "denied", [CALL, CONNECT, CLOSED, LEAVES, ENDED]),
    ("websocket-answered", "websocket", "answered",
     [CALL, CONNECT, sent({"type": {"in": ["websocket.accept", *CLOSES]}}), LEAVES, ENDED]),
    ("http-served", "http", "served", [CALL, REQUEST, status(200), ENDED]),
    ("http-denied", "http", "denied", [CALL, REQUEST, status(400), ENDED]),
    ("http-answered", "http", "answered", [CALL, REQUEST, status({"in": STATUSES}), ENDED]),
    ("lifespan-served", "lifespan", "served", [CALL, STARTUP, STARTED, SHUTDOWN, STOPPED, NOTHING_SENT]),
    ("lifespan-answered", "lifespan", "answered",
     [CALL, STARTUP, sent({"type": {"in": ["lifespan.startup.complete", "lifespan.startup.failed"]}}),
      SHUTDOWN, ENDED]),
    ("unknown-rejected", "unknown", "rejected",
     [CALL, CONNECT, {"name": "the protocol is rejected", "expect": {"raised": ANY_EXCEPTION}}]),
]

NOT_CONNECT = [row for row in faults.WEBSOCKET_EVENTS if row[0] != "connect"]
NOT_REQUEST = [row for row in faults.HTTP_EVENTS if row[0] not in ("request", "request-more", "disconnect")]
NOT_STARTUP = [row for row in faults.LIFESPAN_EVENTS if row[0] != "startup"]
NOT_SHUTDOWN = [row for row in faults.LIFESPAN_EVENTS if row[0] != "shutdown"]
HTTP_GONE = [("disconnect", {"type": "http.disconnect"})]
LATE = faults.WEBSOCKET_EVENTS + faults.DISCONNECTS + faults.BAD_RECEIVES + faults.NO_EVENTS

#: (file, protocol, key, class, events, steps)
EVENT_FILES = [
    ("websocket-first-denied", "websocket", "first", "denied", NOT_CONNECT + faults.NO_EVENTS,
     [CALL, THE_EVENT, CLOSED, LEAVES, ENDED]),
    ("websocket-first-ended", "websocket", "first", "ended", faults.DISCONNECTS,
     [CALL, THE_EVENT, NOTHING_SENT]),
    ("http-first-denied", "http", "first", "denied", NOT_REQUEST + faults.BAD_REQUESTS + faults.NO_EVENTS,
     [CALL, THE_EVENT, status(400), ENDED]),
    ("http-first-served", "http", "first", "served", faults.LEGAL_REQUESTS,
     [CALL, THE_EVENT, status(200), ENDED]),
    ("http-first-ended", "http", "first", "ended", HTTP_GONE, [CALL, THE_EVENT, NOTHING_SENT]),
    ("lifespan-first-ended", "lifespan", "first", "ended", NOT_STARTUP + faults.NO_EVENTS,
     [CALL, THE_EVENT, NOTHING_SENT]),
    ("websocket-session-answered", "websocket", "session", "answered",
     faults.WEBSOCKET_EVENTS[:1] + faults.WEBSOCKET_EVENTS[3:] + faults.BAD_RECEIVES + faults.DISCONNECTS[1:]
     + faults.NO_EVENTS, [CALL, CONNECT, ACCEPTED, *ECHO, THE_EVENT, LEAVES, ENDED]),
    ("lifespan-session-served", "lifespan", "session", "served", NOT_SHUTDOWN + faults.NO_EVENTS,
     [CALL, STARTUP, STARTED, THE_EVENT, SHUTDOWN, STOPPED, NOTHING_SENT]),
    ("websocket-late-ended", "websocket", "late", "ended", LATE,
     [CALL, CONNECT, ACCEPTED, *ECHO, LEAVES, THE_EVENT, NOTHING_SENT]),
    ("websocket-refused-denied", "websocket", "refused", "denied", LATE,
     [CALL, CONNECT, CLOSED, THE_EVENT, LEAVES, ENDED]),
    ("http-late-served", "http", "late", "served",
     faults.HTTP_EVENTS + faults.BAD_REQUESTS + faults.NO_EVENTS,
     [CALL, REQUEST, status(200), THE_EVENT, ENDED]),
    ("lifespan-late-ended", "lifespan", "late", "ended", faults.LIFESPAN_EVENTS + faults.NO_EVENTS,
     [CALL, STARTUP, STARTED, SHUTDOWN, STOPPED, THE_EVENT, NOTHING_SENT]),
]

TITLES = {
    "served": "is served, as the specification says",
    "denied": "is denied, and nothing is raised",
    "answered": "is served or denied, and nothing is raised",
    "rejected": "is rejected with an exception, as the specification says",
    "ended": "ends, and nothing is raised",
}
MOMENTS = {
    "first": "as its first event",
    "session": "in its middle",
    "late": "behind its end",
    "refused": "behind its refusal",
}
NAMES = {
    "websocket": "A WebSocket",
    "http": "An HTTP",
    "lifespan": "A lifespan",
    "unknown": "A WebSocket",
}
PLAIN = {"websocket": {}, "http": {"/method": "POST"}, "lifespan": {}}  # what the events are given to


def call_of(protocol, edits):
    """The valid call of the protocol, a WebSocket as from a browser, with these edits behind it."""
    basis = "websocket" if protocol == "unknown" else protocol
    changes = {}
    if basis == "websocket":
        changes = {"/path": "/e", "/raw_path": faults.b("/e"), faults.ORIGIN: ORIGIN}
    call = {"scope": basis, "set": {**changes, **edits.get("set", {})}}
    for key in ("remove", "retype"):
        if key in edits:
            call[key] = edits[key]
    if not call["set"]:
        del call["set"]
    return call


def words(name):
    return name.replace("_", " ").replace("-", " ")


def scope_cases(protocol, wanted):
    table = {"websocket": faults.WEBSOCKET, "http": faults.HTTP, "lifespan": faults.LIFESPAN,
             "unknown": faults.UNKNOWN}[protocol]
    for key, kind, answer, edits in table:
        if answer == wanted:
            yield f"{key}.{kind}", {
                "title": f"{NAMES[protocol]} scope with {key} {words(kind)} {TITLES[answer]}",
                "incident": records.of_scope(protocol, key, kind, edits),
                "call": call_of(protocol, edits),
            }


def event_cases(protocol, key, answer, events):
    for kind, event in events:
        edits = {"set": dict(PLAIN[protocol])}
        if key == "refused":
            edits["set"]["/path"] = "/nosuch"
        yield f"{key}.{kind}", {
            "title": f"{NAMES[protocol]} call with {words(kind)} {MOMENTS[key]} {TITLES[answer]}",
            "incident": records.of_event(protocol, key, kind, event),
            "call": call_of(protocol, edits),
            "event": event,
        }


def scenario(protocol, answer, steps, cases, faults_shown):
    claim = "the protocol is rejected" if answer == "rejected" else "guard:exception"
    fault = {"fault": "trusts-the-scope", "claim": claim}
    if protocol == "lifespan" and claim == "guard:exception":
        fault = "trusts-the-scope"  # an exception there may mean that lifespan is not supported
    return {
        "$schema": "../../scenario.schema.json",
        "title": "${title}",
        "incident": "${incident}",
        "tags": ["asgi", "scope-fault", protocol, answer],
        "requires": ["asgi-echo"],
        "clock": "virtual",
        "cases": cases,
        "steps": steps,
        "proof": {"relapses_on": [fault, *faults_shown]},
    }


def all_files():
    files = {}
    for file, protocol, answer, steps in SCOPE_FILES:
        add(files, file, protocol, answer, steps, distinct(scope_cases(protocol, answer)))
    for file, protocol, key, answer, events, steps in EVENT_FILES:
        add(files, file, protocol, answer, steps, distinct(event_cases(protocol, key, answer, events)))
    return files


def add(files, file, protocol, answer, steps, cases):
    """What every bare framework raises for is proved on every one of them, so it has a file of its own."""
    everywhere = {name for name in cases if records.raised_by_all(protocol, name)}
    for suffix, names, shown in (("", cases.keys() - everywhere, []),
                                 ("-everywhere", everywhere, ["no-scope-guard"])):
        part = {name: case for name, case in cases.items() if name in names}
        if part:
            files[file + suffix] = scenario(protocol, answer, steps, part, shown)


def distinct(pairs):
    cases = {}
    for name, case in pairs:
        if name in cases:
            raise ValueError(f"{name} stands twice")
        cases[name] = case
    return cases


def written(value):
    """JSON with one line for each case and each step."""
    def one(part):
        return json.dumps(part, ensure_ascii=True)

    lines = []
    for key, part in value.items():
        if key == "cases":
            inner = ",\n".join(f"    {one(name)}: {one(case)}" for name, case in part.items())
            lines.append(f'  "cases": {{\n{inner}\n  }}')
        elif key == "steps":
            inner = ",\n".join(f"    {one(step)}" for step in part)
            lines.append(f'  "steps": [\n{inner}\n  ]')
        else:
            lines.append(f"  {one(key)}: {one(part)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def problems(files):
    texts = {f"{name}.json": written(value) for name, value in files.items()}
    there = {path.name for path in HERE.glob("*.json") if not path.name.endswith(".proof.json")}
    found = [f"{name}: nothing generates it" for name in sorted(there - set(texts))]
    for name, text in texts.items():
        if name not in there:
            found.append(f"{name}: is missing")
        elif (HERE / name).read_text(encoding="utf-8") != text:
            found.append(f"{name}: is not what catalogue.py writes")
    return found


def main():
    files = all_files()
    count = sum(len(value["cases"]) for value in files.values())
    if sys.argv[1:] == ["--check"]:
        found = problems(files)
        print("\n".join(found + [f"{count} cases in {len(files)} files checked, {len(found)} problems"]))
        return 1 if found or count < 200 else 0
    for name, value in files.items():
        if sys.argv[1:] == ["--list"]:
            for case in value["cases"]:
                print(f"{name}/{case}  {value['tags'][-1]}")
        else:
            (HERE / f"{name}.json").write_text(written(value), encoding="utf-8")
    print(f"{count} cases in {len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
