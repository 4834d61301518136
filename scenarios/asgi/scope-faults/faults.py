"""The tables of catalogue.py: what can be wrong with each key of a scope, and with each event.

A row of a scope table is (key, kind, class, edits): the call with these edits must get an answer of this
class. Edits are the keys of a `call` step: set, remove, retype. Values that JSON does not have are written
as in scenarios/FORMAT.md ({"$bytes": ...} and so on).

    served      the specification allows it: the default counts, and the exchange goes on as ever
    denied      nobody can tell what was asked for: a refusal before anything was accepted
    answered    served or denied. The specification leaves it open, or says what a server has to write there,
                and no word of what an application does when it does not
"""

NULL = None
ORIGIN = "/headers/3"  # where the valid WebSocket scope has its connection header, which nobody reads


def b(text):
    return {"$bytes": text}


def hexed(octets):
    return {"$hex": octets}


def many(value, times):
    return {"$repeat": value, "times": times}


SURROGATE = {"$str_hex": "ed b3 bf"}  # a lone \udcff: what os.fsdecode() makes of an octet ff


def put(pointer, value):
    return {"set": {pointer: value}}


def gone(pointer):
    return {"remove": [pointer]}


def retyped(pointer, kind):
    return {"retype": {pointer: kind}}


def wrong(key, kinds, answer, pointer=None):
    """(key, kind, answer, edits) for the value as each of these types."""
    return [(key, kind, answer, retyped(pointer or "/" + key, kind)) for kind in kinds.split()]


def header(key, kind, answer, name, value):
    """One header more."""
    return (key, kind, answer, put("/headers/-", [name, value]))


def asgi_rows():
    return [
        ("asgi", "missing", "answered", gone("/asgi")),
        ("asgi", "empty", "answered", put("/asgi", {})),
        ("asgi", "list", "answered", put("/asgi", ["3.0", "2.5"])),
        *wrong("asgi", "none str int", "answered"),
        ("asgi-version", "missing", "answered", gone("/asgi/version")),
        ("asgi-version", "empty", "answered", put("/asgi/version", "")),
        ("asgi-version", "unknown", "answered", put("/asgi/version", "99.0")),
        *wrong("asgi-version", "none float bytes", "answered", "/asgi/version"),
        ("asgi-spec-version", "missing", "served", gone("/asgi/spec_version")),
        ("asgi-spec-version", "empty", "answered", put("/asgi/spec_version", "")),
        ("asgi-spec-version", "unknown", "answered", put("/asgi/spec_version", "2.99")),
        ("asgi-spec-version", "hostile", "answered", put("/asgi/spec_version", "two point five")),
        *wrong("asgi-spec-version", "none float bytes", "answered", "/asgi/spec_version"),
    ]


def state_rows():
    return [
        ("state", "missing", "served", gone("/state")),
        ("state", "list", "answered", put("/state", [])),
        *wrong("state", "none str int", "answered"),
    ]


def path_rows(path):
    return [
        ("path", "missing", "denied", gone("/path")),
        ("path", "empty", "denied", put("/path", "")),
        ("path", "relative", "denied", put("/path", "e")),
        *wrong("path", "none bytes int list", "denied"),
        ("path", "wrong_encoding", "answered", put("/path", {"$str_hex": "2f 65 ed b3 bf"})),
        ("path", "upper_case", "answered", put("/path", "/E")),
        ("path", "duplicate", "answered", put("/path", "//e")),
        ("path", "oversized", "answered", put("/path", many("/e", 50000))),
        ("path", "hostile-nul", "answered", put("/path", path + "\0")),
        ("path", "hostile-line", "answered", put("/path", path + "\r\nx-injected: 1")),
        ("path", "hostile-dots", "answered", put("/path", "/../../etc/passwd")),
        ("path", "absolute", "answered", put("/path", "http://[::1/e")),
        ("raw_path", "missing", "served", gone("/raw_path")),
        *wrong("raw_path", "none", "served"),
        ("raw_path", "empty", "answered", put("/raw_path", b(""))),
        *wrong("raw_path", "str int list", "answered"),
        ("raw_path", "wrong_encoding", "answered", put("/raw_path", hexed("2f ff"))),
        ("raw_path", "upper_case", "answered", put("/raw_path", b("/%45"))),
        ("raw_path", "different", "answered", put("/raw_path", b("/admin"))),
        ("raw_path", "oversized", "answered", put("/raw_path", many(b("/e"), 50000))),
        ("raw_path", "hostile", "answered", put("/raw_path", b(path + "\r\nx-injected: 1"))),
        ("root_path", "missing", "served", gone("/root_path")),
        *wrong("root_path", "none bytes int list", "answered"),
        ("root_path", "wrong_encoding", "answered", put("/root_path", SURROGATE)),
        ("root_path", "elsewhere", "answered", put("/root_path", "/api")),
        ("root_path", "prefixed", "answered", {"set": {"/root_path": "/api", "/path": "/api" + path}}),
        ("root_path", "oversized", "answered", put("/root_path", many("/r", 50000))),
        ("root_path", "hostile", "answered", put("/root_path", "/..\r\n")),
    ]


def query_rows(absent):
    return [
        ("query_string", "missing", absent, gone("/query_string")),
        *wrong("query_string", "none", absent),
        *wrong("query_string", "str int list", "denied"),
        ("query_string", "wrong_encoding", "answered", put("/query_string", hexed("61 3d ff fe"))),
        ("query_string", "percent_encoding", "answered", put("/query_string", b("a=%ff%zz&%=&&="))),
        ("query_string", "upper_case", "served", put("/query_string", b("A=B"))),
        ("query_string", "duplicate", "served", put("/query_string", b("a=1&a=2"))),
        ("query_string", "oversized", "answered", put("/query_string", many(b("a=b&"), 50000))),
        ("query_string", "hostile", "answered", put("/query_string", b("a=\u0000\r\nx-injected: 1"))),
    ]


def peer_rows():
    rows = []
    for key in ("client", "server"):
        at = "/" + key
        rows += [
            (key, "missing", "served", gone(at)),
            *wrong(key, "none tuple", "served"),
            (key, "empty", "answered", put(at, [])),
            (key, "one", "answered", put(at, ["127.0.0.1"])),
            (key, "duplicate", "answered", put(at, ["127.0.0.1", 80, 80])),
            *wrong(key, "str int", "answered"),
            (key, "host-none", "answered", put(at, [NULL, 80])),
            (key, "host-bytes", "answered", put(at, [b("127.0.0.1"), 80])),
            (key, "host-empty", "answered", put(at, ["", 80])),
            (key, "port-str", "answered", put(at, ["127.0.0.1", "80"])),
            (key, "port-negative", "answered", put(at, ["127.0.0.1", -1])),
            (key, "oversized", "answered", put(at, [many("1.", 50000), 80])),
            (key, "hostile", "answered", put(at, ["127.0.0.1\r\nx", 80])),
            (key, "wrong_encoding", "answered", put(at, [SURROGATE, 80])),
        ]
    rows.append(("client", "port-none", "answered", put("/client", ["/run/app.sock", NULL])))
    rows.append(("server", "port-none", "served", put("/server", ["/run/app.sock", NULL])))
    return rows


def header_rows():
    return [
        ("headers", "missing", "denied", gone("/headers")),
        *wrong("headers", "none dict str bytes int", "denied"),
        ("headers", "empty", "answered", put("/headers", [])),
        *wrong("headers", "tuple", "served"),
        *wrong("header-pair", "tuple", "served", "/headers/1"),
        ("header-pair", "none", "denied", put("/headers/-", NULL)),
        ("header-pair", "empty", "denied", put("/headers/-", [])),
        ("header-pair", "one", "denied", put("/headers/-", [b("x-one")])),
        ("header-pair", "three", "denied", put("/headers/-", [b("x-a"), b("1"), b("2")])),
        ("header-pair", "str", "denied", put("/headers/-", "x-a: 1")),
        ("header-pair", "oversized", "answered", put("/headers/-", [many(b("x"), 70000)] * 2)),
        header("header-name", "str", "denied", "x-name", b("1")),
        header("header-name", "none", "denied", NULL, b("1")),
        header("header-name", "int", "denied", 7, b("1")),
        header("header-name", "empty", "answered", b(""), b("1")),
        ("header-name", "upper_case", "served", put("/headers/0/0", b("Host"))),
        header("header-name", "wrong_encoding", "answered", hexed("78 2d ff"), b("1")),
        header("header-name", "duplicate", "served", b("user-agent"), b("again")),
        header("header-name", "oversized", "answered", many(b("x"), 70000), b("1")),
        header("header-name", "hostile", "answered", b("x y\r\nz"), b("1")),
        header("header-value", "str", "denied", b("x-name"), "1"),
        header("header-value", "none", "denied", b("x-name"), NULL),
        header("header-value", "int", "denied", b("content-length"), 7),
        header("header-value", "empty", "served", b("x-name"), b("")),
        header("header-value", "wrong_encoding", "served", b("x-name"), hexed("63 61 66 e9")),
        header("header-value", "oversized", "answered", b("x-name"), many(b("y"), 70000)),
        header("header-value", "hostile-line", "answered", b("x-name"), b("1\r\nx-injected: 1")),
        header("header-value", "hostile-nul", "answered", b("x-name"), b("1\0")),
        header("header-value", "hostile-tab", "answered", b("x-name"), b("a\u000bx-forwarded-for: 6.6.6.6")),
        ("host", "missing", "answered", gone("/headers/0")),
        ("host", "empty", "answered", put("/headers/0/1", b(""))),
        header("host", "duplicate", "answered", b("host"), b("other.example")),
        ("host", "oversized", "answered", put("/headers/0/1", many(b("h"), 70000))),
        ("host", "wrong_encoding", "answered", put("/headers/0/1", hexed("68 ff"))),
        ("host", "bracket", "answered", put("/headers/0/1", b("[::1"))),
        ("host", "hostile", "answered", put("/headers/0/1", b("a/b@c?d#e"))),
        ("host", "port", "answered", put("/headers/0/1", b("testserver:99999999"))),
        header("cookie", "empty", "served", b("cookie"), b("")),
        header("cookie", "duplicate", "served", b("cookie"), b("a=1; a=2; b=x=y")),
        header("cookie", "wrong_encoding", "answered", b("cookie"), hexed("61 3d ff")),
        header("cookie", "hostile", "answered", b("cookie"), b("; =;;=;a")),
        header("cookie", "oversized", "answered", b("cookie"), many(b("a=b; "), 20000)),
    ]


def shared_rows(path, scheme):
    return [
        *asgi_rows(),
        *path_rows(path),
        *header_rows(),
        *wrong("scheme", "none bytes int", "answered"),
        ("scheme", "missing", "served", gone("/scheme")),
        ("scheme", "empty", "answered", put("/scheme", "")),
        ("scheme", "upper_case", "answered", put("/scheme", scheme.upper())),
        ("scheme", "wrong_encoding", "answered", put("/scheme", SURROGATE)),
        ("scheme", "oversized", "answered", put("/scheme", many("s", 50000))),
        ("scheme", "hostile", "answered", put("/scheme", "javascript:alert(1)//")),
        *wrong("http_version", "none float bytes int", "answered"),
        ("http_version", "empty", "answered", put("/http_version", "")),
        ("http_version", "unknown", "answered", put("/http_version", "1.2.3")),
        ("http_version", "oversized", "answered", put("/http_version", many("1.", 50000))),
        *peer_rows(),
        *state_rows(),
        ("extensions", "missing", "served", gone("/extensions")),
        ("extensions", "unknown", "served", put("/extensions/example.unknown", {})),
        ("extensions", "list", "answered", put("/extensions", [])),
        ("extensions", "hostile", "answered", put("/extensions/websocket.http.response", NULL)),
        *wrong("extensions", "none str int", "answered"),
        ("other", "unknown", "served", put("/example", {"key": "of another server"})),
    ]


WEBSOCKET = [
    *shared_rows("/e", "ws"),
    *query_rows("served"),
    ("http_version", "missing", "served", gone("/http_version")),
    ("scheme", "http", "answered", put("/scheme", "http")),
    ("origin", "missing", "answered", gone(ORIGIN)),
    ("origin", "null", "answered", put(ORIGIN + "/1", b("null"))),
    ("origin", "bracket", "answered", put(ORIGIN + "/1", b("http://[::1"))),
    ("origin", "wrong_encoding", "answered", put(ORIGIN + "/1", hexed("68 ff"))),
    ("origin", "oversized", "answered", put(ORIGIN + "/1", many(b("o"), 70000))),
    header("origin", "duplicate", "answered", b("origin"), b("http://other.example")),
    ("origin", "upper_case", "answered", put(ORIGIN + "/0", b("Origin"))),
    ("origin", "str", "denied", put(ORIGIN + "/0", "origin")),
    ("subprotocols", "missing", "served", gone("/subprotocols")),
    ("subprotocols", "upper_case", "served", put("/subprotocols", ["JWT-Auth"])),
    ("subprotocols", "tuple", "served", put("/subprotocols", {"$tuple": ["chat"]})),
    ("subprotocols", "str", "answered", put("/subprotocols", "Jwt.1")),
    ("subprotocols", "dict", "answered", put("/subprotocols", {"Chat": 1})),
    *wrong("subprotocols", "none int", "answered"),
    ("subprotocols", "item-bytes", "answered", put("/subprotocols", [b("chat")])),
    ("subprotocols", "item-none", "answered", put("/subprotocols", [NULL])),
    ("subprotocols", "item-empty", "answered", put("/subprotocols", [""])),
    ("subprotocols", "duplicate", "answered", put("/subprotocols", ["chat", "chat"])),
    ("subprotocols", "oversized", "answered", put("/subprotocols", many(["chat"], 20000))),
    ("subprotocols", "wrong_encoding", "answered", put("/subprotocols", [SURROGATE])),
    ("subprotocols", "hostile", "answered", put("/subprotocols", ["chat\r\nx-injected: 1"])),
    ("method", "surprising", "served", put("/method", "GET")),
]

HTTP = [
    *shared_rows("/", "http"),
    *query_rows("answered"),
    ("http_version", "missing", "answered", gone("/http_version")),
    ("method", "missing", "denied", gone("/method")),
    *wrong("method", "none bytes int", "denied"),
    ("method", "empty", "denied", put("/method", "")),
    ("method", "upper_case", "answered", put("/method", "get")),
    ("method", "unknown", "answered", put("/method", "BREW")),
    ("method", "wrong_encoding", "answered", put("/method", SURROGATE)),
    ("method", "oversized", "answered", put("/method", many("G", 50000))),
    ("method", "hostile", "answered", put("/method", "GET /\r\nx-injected: 1")),
    header("content-length", "unknown", "answered", b("content-length"), b("x")),
    header("content-length", "hostile", "answered", b("content-length"), b("-1")),
    header("content-length", "oversized", "answered", b("content-length"), many(b("9"), 60)),
    header("content-length", "duplicate", "answered", b("content-length"), b("1, 1")),
    ("subprotocols", "surprising", "served", put("/subprotocols", ["chat"])),
]

LIFESPAN = [
    *asgi_rows(),
    *state_rows(),
    ("path", "surprising", "served", put("/path", "/")),
    ("headers", "surprising", "served", put("/headers", [[b("host"), b("x")]])),
    ("other", "unknown", "served", put("/example", {"key": "of another server"})),
]

#: Scopes that no specification knows. Its section Protocol Specifications asks for an exception there.
UNKNOWN = [
    ("type", "missing", "rejected", gone("/type")),
    ("type", "empty", "rejected", put("/type", "")),
    ("type", "unknown", "rejected", put("/type", "websocket2")),
    ("type", "upper_case", "rejected", put("/type", "WEBSOCKET")),
    ("type", "list", "rejected", put("/type", ["websocket"])),
    ("type", "event", "rejected", put("/type", "websocket.connect")),
    ("type", "oversized", "rejected", put("/type", many("websocket", 10000))),
    ("type", "wrong_encoding", "rejected", put("/type", SURROGATE)),
    ("type", "hostile", "rejected", put("/type", "websocket\0")),
    *wrong("type", "none bytes int", "rejected"),
]


def event(kind, **more):
    return {"type": kind, **more}


#: What is no event at all, and what is one of nobody.
NO_EVENTS = [
    ("missing-type", {}),
    ("none", NULL),
    ("str", "websocket.connect"),
    ("list", ["websocket.connect"]),
    ("int", 7),
    ("type-none", event(NULL)),
    ("type-bytes", event(b("websocket.connect"))),
    ("type-list", event([])),
    ("type-empty", event("")),
    ("type-unknown", event("example.unknown")),
    ("type-oversized", event(many("websocket.connect", 10000))),
]

WEBSOCKET_EVENTS = [
    ("connect", event("websocket.connect")),
    ("receive", event("websocket.receive", text="early")),
    ("receive-bytes", event("websocket.receive", bytes=b("early"))),
    ("upper_case", event("WEBSOCKET.CONNECT")),
    ("sent-accept", event("websocket.accept")),
    ("http-request", event("http.request", body=b(""), more_body=False)),
    ("http-disconnect", event("http.disconnect")),
    ("lifespan-startup", event("lifespan.startup")),
]
DISCONNECTS = [
    ("disconnect", event("websocket.disconnect", code=1006)),
    ("disconnect-without-code", event("websocket.disconnect")),
    ("disconnect-code-none", event("websocket.disconnect", code=NULL)),
    ("disconnect-code-str", event("websocket.disconnect", code="1001")),
    ("disconnect-reason-none", event("websocket.disconnect", code=1005, reason=NULL)),
]
BAD_RECEIVES = [
    ("receive-neither", event("websocket.receive")),
    ("receive-both-none", event("websocket.receive", text=NULL, bytes=NULL)),
    ("receive-both", event("websocket.receive", text="a", bytes=b("a"))),
    ("receive-text-int", event("websocket.receive", text=7)),
    ("receive-text-bytes", event("websocket.receive", text=b("a"))),
    ("receive-text-list", event("websocket.receive", text=["a"])),
    ("receive-text-wrong_encoding", event("websocket.receive", text=SURROGATE)),
    ("receive-bytes-str", event("websocket.receive", bytes="a")),
]
HTTP_EVENTS = [
    ("request", event("http.request", body=b("late"), more_body=False)),
    ("request-more", event("http.request", body=b("late"), more_body=True)),
    ("disconnect", event("http.disconnect")),
    ("upper_case", event("HTTP.REQUEST", body=b(""), more_body=False)),
    ("sent-start", event("http.response.start", status=200, headers=[])),
    ("websocket-connect", event("websocket.connect")),
    ("websocket-receive", event("websocket.receive", text="a")),
    ("lifespan-startup", event("lifespan.startup")),
]
BAD_REQUESTS = [
    ("body-str", event("http.request", body="a", more_body=False)),
    ("body-none", event("http.request", body=NULL, more_body=False)),
    ("body-int", event("http.request", body=7, more_body=False)),
    ("more-str", event("http.request", body=b("a"), more_body="no")),
    ("more-none", event("http.request", body=b("a"), more_body=NULL)),
]
LEGAL_REQUESTS = [
    ("body-missing", event("http.request", more_body=False)),
    ("more-missing", event("http.request", body=b("a"))),
    ("both-missing", event("http.request")),
]
LIFESPAN_EVENTS = [
    ("startup", event("lifespan.startup")),
    ("shutdown", event("lifespan.shutdown")),
    ("upper_case", event("LIFESPAN.STARTUP")),
    ("sent-complete", event("lifespan.startup.complete")),
    ("websocket-connect", event("websocket.connect")),
    ("http-request", event("http.request", body=b(""), more_body=False)),
]
