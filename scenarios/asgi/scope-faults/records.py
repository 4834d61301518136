"""Where each case of the catalogue comes from: a report that is public, or the specification.

measured.txt has what left the bare frameworks of Debian 12 (fault no-scope-guard of the targets asgi-*)
when they were called with the case: protocol and case, a tab, the frameworks with their exception. Where
none raised, it is what left trusting.py. What Channels 4.0.0 raises for lifespan and for a path without a
route is left out: it does so whatever the case is."""

import json
import pathlib

SPEC = "ASGI HTTP & WebSocket message format 2.5"
SECTIONS = {
    "websocket": (SPEC, "WebSocket Connection Scope"),
    "http": (SPEC, "HTTP Connection Scope"),
    "lifespan": ("ASGI lifespan protocol 2.0", "Scope"),
    "unknown": ("ASGI specification 3.0", "Protocol Specifications"),
}
EVENT_SECTIONS = {
    "websocket": (SPEC, "Connect, Receive and Disconnect - receive events"),
    "http": (SPEC, "Request and Disconnect - receive events"),
    "lifespan": ("ASGI lifespan protocol 2.0", "Startup and Shutdown - receive events"),
}
FRAMEWORKS = ("Starlette", "FastAPI", "Quart", "Channels")
SEEN = "2026-11-25"  # the day of measured.txt
MEASURED = dict(
    line.split("\t", 1)
    for line in pathlib.Path(__file__).with_name("measured.txt").read_text(encoding="utf-8").splitlines()
)

#: protocol or "", key, kind or "": (ref, evidence). The most exact one counts.
KNOWN = {
    ("websocket", "raw_path", "str"): (
        "uvicorn#1487", "AttributeError: 'str' object has no attribute 'decode'"),
    ("websocket", "header-value", "wrong_encoding"): (
        "uvicorn#968", "UnicodeEncodeError: 'ascii' codec can't encode character '\\udce9'"),
    ("websocket", "scheme", "missing"): ("daphne#538", "KeyError: 'scheme'"),
    ("websocket", "scheme", "http"): (
        "uvicorn#2043", "url_for() gives http:// for a WebSocket behind a proxy"),
    ("websocket", "root_path", "missing"): ("daphne#125", "wrong URLs: there is no root_path"),
    ("", "root_path", "prefixed"): ("litestar#3041", "404, and /api/api in URLs"),
    ("websocket", "root_path", "prefixed"): (
        "litestar#3041", "ValueError: No route found for path 'api/e'."),
    ("", "extensions", "missing"): ("dagster#19356", "KeyError: 'extensions'"),
    ("websocket", "http_version", "missing"): ("uvicorn#1309", "KeyError: 'http_version'"),
    ("", "client", "none"): ("uvicorn#636", "TypeError: cannot unpack non-iterable NoneType object"),
    ("", "host", "bracket"): ("starlette#3279", "ValueError: Invalid IPv6 URL"),
    ("", "host", "hostile"): ("starlette#3279", "request.url is of another host than the server"),
    ("", "header-value", "hostile-tab"): (
        "CVE-2026-44546", "(b'x-a', b'a'), (b'x-forwarded-for', b'6.6.6.6')"),
    ("", "subprotocols", "item-empty"): ("uvicorn#534", "Sec-WebSocket-Protocol is sent with an empty value"),
    ("", "state", "missing"): ("uvicorn#1903", "state is there from spec 2.0 of lifespan on, and not before"),
    ("websocket", "first", "disconnect-without-code"): ("starlette#2539", "KeyError: 'code'"),
    ("websocket", "session", "disconnect-without-code"): ("starlette#2539", "KeyError: 'code'"),
    ("websocket", "session", "disconnect-code-none"): ("starlette#1560", "WebSocketDisconnect: None"),
    ("websocket", "first", "receive"): (
        "starlette#1471",
        "RuntimeError: Expected ASGI message \"websocket.connect\", but got 'websocket.receive'"),
    ("websocket", "first", "disconnect"): (
        "uvicorn#2312",
        "RuntimeError: Expected ASGI message \"websocket.connect\", but got 'websocket.disconnect'"),
    ("websocket", "session", "receive-neither"): ("starlette#3381", "KeyError: 'bytes'"),
    ("http", "first", "disconnect"): ("starlette#2516", "RuntimeError: No response returned."),
    ("websocket", "late", "receive"): (
        "netra issue #466", "RuntimeError: WebSocket is not connected. Need to call \"accept\" first."),
}


def known(protocol, key, kind):
    """(ref, evidence) of a public report."""
    for place in ((protocol, key, kind), ("", key, kind)):
        if place in KNOWN:
            return KNOWN[place]
    return None


def raised_by_all(protocol, name):
    return all(one in MEASURED.get(f"{protocol}/{name}", "") for one in FRAMEWORKS)


def record(place, story, section):
    """place is (protocol, key, kind)."""
    protocol, key, kind = place
    where = f"{protocol}/{key}.{kind}"
    ref, evidence = known(*place) or (f"{section[0]}, {section[1]}", None)
    return {
        "ref": ref,
        "seen": SEEN,
        "story": story,
        "evidence": evidence or MEASURED.get(where, "No framework was seen to fail here."),
        "spec": f"{section[0]}, {section[1]}",
    }


def shown(value):
    text = json.dumps(value)
    return text if len(text) <= 100 else text[:97] + "..."


def of_scope(protocol, key, kind, edits):
    deed = {"set": "sets", "remove": "leaves out", "retype": "has another type for"}
    parts = []
    for word, what in edits.items():
        items = what.items() if isinstance(what, dict) else [(one, None) for one in what]
        for pointer, value in items:
            parts.append(f"{deed[word]} {pointer}" + ("" if word == "remove" else f": {shown(value)}"))
    story = f"Something before the application, a server or a middleware, {' and '.join(parts)}."
    return record((protocol, key, kind), story, SECTIONS[protocol])


def of_event(protocol, key, kind, event):
    moment = {
        "first": "The first receive() of the call gives",
        "session": "In the middle of the call, receive() gives",
        "late": "When the exchange is over, there is one event more:",
        "refused": "When the application has refused, there is one event more:",
    }[key]
    story = f"{moment} {shown(event)}."
    return record((protocol, key, kind), story, EVENT_SECTIONS[protocol])
