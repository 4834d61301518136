"""An ASGI application that tells what it was called with, for the end-to-end test of redaction."""
import json
import logging
import os

SECRETS = json.loads(os.environ["SECRETS"])


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError("not spoken here")
    await receive()
    logging.getLogger("app").error("called with %r", scope)
    await send({"type": "websocket.accept", "headers": [(b"set-cookie", b"sid=" + SECRETS["set_cookie"].encode())]})
    await send({"type": "websocket.send", "text": "the key is " + SECRETS["environment"]})
    await send({"type": "websocket.send", "bytes": b"\xff " + SECRETS["environment"].encode()})
    raise ValueError("refused: " + SECRETS["traceback"])
