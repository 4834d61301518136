"""The yardsticks of relapse-bench-asgi: the same exchange (connect, echo, disconnect) with the same
application, in process.

usage: bare_loop.py bare|testclient MODULE:APP COUNT     (prints exchanges per second)

bare        an asyncio loop calls the application with a scope, a list of events and a list of what
            it sent: the least that anything which calls an application can do
testclient  Starlette's TestClient, which the authors of such applications test with
"""

import asyncio
import importlib
import sys
import time


def load(name):
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def scope():
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/ws",
        "raw_path": b"/ws",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "subprotocols": [],
        "state": {},
        "extensions": {},
    }


async def exchange(app):
    events = [
        {"type": "websocket.disconnect", "code": 1000},
        {"type": "websocket.receive", "text": "hello"},
        {"type": "websocket.connect"},
    ]
    sent = []

    async def receive():
        return events.pop()

    async def send(message):
        sent.append(message)

    await asyncio.get_running_loop().create_task(app(scope(), receive, send))
    if len(sent) != 2 or sent[1].get("text") != "hello":
        sys.exit(f"the application did not echo: {sent}")


async def bare(app, count):
    for _ in range(count):
        await exchange(app)


def testclient(app, count):
    from starlette.testclient import TestClient

    with TestClient(app) as client:
        for _ in range(count):
            with client.websocket_connect("/ws") as session:
                session.send_text("hello")
                if session.receive_text() != "hello":
                    sys.exit("the application did not echo")


def main():
    kind, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    app = load(name)
    begin = time.perf_counter()
    if kind == "bare":
        asyncio.run(bare(app, count))
    else:
        testclient(app, count)
    print(count / (time.perf_counter() - begin))


if __name__ == "__main__":
    main()
