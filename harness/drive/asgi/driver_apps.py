"""Small applications for the tests of the driver (asgi_replayer.test.cpp)."""
import asyncio
import logging
import os
import time


async def echo(scope, receive, send):
    assert scope["type"] == "websocket"
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event.get("text")})


async def lifespan_echo(scope, receive, send):
    if scope["type"] != "lifespan":
        logging.getLogger("app").warning("state %s", sorted(scope.get("state", {})))
        await echo(scope, receive, send)
        return
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            scope["state"]["pool"] = object()
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return


async def refuses_to_start(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no JWT_SECRET"})


async def raises(scope, receive, send):
    await receive()
    try:
        scope["nowhere"]
    except KeyError as error:
        raise RuntimeError("not there") from error


async def slow(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await asyncio.sleep(30)
    await send({"type": "websocket.close", "code": 1000})


async def blocks(scope, receive, send):
    await receive()
    time.sleep(60)


async def spins(scope, receive, send):
    while True:
        await asyncio.sleep(0)


async def leaves(scope, receive, send):
    await receive()
    os._exit(7)


async def swallows(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    try:
        await send({"type": "websocket.send", "text": "reply"})
    except OSError:
        print("the client is gone")
    await receive()


async def hands_over(scope, receive, send):
    """Two messages at once: a lock keeps their order only when a send waits."""
    await receive()
    await send({"type": "websocket.accept"})

    async def reply(text):
        await send({"type": "websocket.send", "text": text})

    first = asyncio.ensure_future(reply("one"))
    await asyncio.sleep(0)
    await reply("two")
    await first


async def request(scope, receive, send):
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": scope["path"].encode()})
