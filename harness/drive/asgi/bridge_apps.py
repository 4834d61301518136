"""Small applications for bridge_test.py: each does one thing that a bridge must see or survive."""
import asyncio
import http
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import warnings


async def echo(scope, receive, send):
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event["text"]})


async def values(scope, receive, send):
    class Text(str):
        pass

    class Odd:
        def __repr__(self):
            raise ValueError("no repr")

    loop = []
    loop.append(loop)
    body = bytearray(b"ab")
    event = {"status": http.HTTPStatus.OK, "text": Text("t"), "odd": Odd(), "body": body, "loop": loop,
             "set": {1}, "pair": (1, b"x"), "yes": True}
    await send(event)
    event["status"] = body[0] = 0
    await send(None)


async def returns(scope, receive, send):
    return {"path": scope["path"]}


async def raises(scope, receive, send):
    try:
        {}["inner"]
    except KeyError as error:
        raise RuntimeError("outer") from error


async def sleeps(scope, receive, send):
    await asyncio.sleep(scope.get("seconds", 5))
    await send({"type": "slept"})


async def sends_after_receive(scope, receive, send):
    await receive()
    await sends_twice(scope, receive, send)


async def sends_twice(scope, receive, send):
    for number in range(2):
        try:
            await send({"n": number})
        except OSError:
            pass


async def leaves_task(scope, receive, send):
    scope["kept"] = asyncio.create_task(asyncio.sleep(1000), name="left")
    await receive()


async def never_retrieved(scope, receive, send):
    async def fails():
        raise LookupError("nobody looks")
    asyncio.create_task(fails())
    await asyncio.sleep(0)


async def not_awaited(scope, receive, send):
    asyncio.sleep(1)


async def spins(scope, receive, send):
    while True:
        await asyncio.sleep(0)


async def spins_for_ever(scope, receive, send):
    while True:
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            pass


async def sends_for_ever(scope, receive, send):
    while True:
        await send({"type": "more"})


async def floods(scope, receive, send):
    while True:
        await send({"bytes": bytes(100_000)})


async def in_group(scope, receive, send):
    raise ExceptionGroup("group", [LookupError("inside")])  # noqa: F821, Python 3.11


async def exits_second(scope, receive, send):
    if scope["path"] == "/exit":
        os._exit(6)


async def ticks(scope, receive, send):
    while True:
        await asyncio.sleep(0)
        await asyncio.sleep(1e-12)


async def will_not_die(scope, receive, send):
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            pass


async def cancels_itself(scope, receive, send):
    raise asyncio.CancelledError


async def exits(scope, receive, send):
    sys.exit(3)


async def exits_in_task(scope, receive, send):
    async def leave():
        sys.exit(4)
    asyncio.create_task(leave())
    await receive()
    await send({"type": "alive"})


async def exits_at_once(scope, receive, send):
    os._exit(5)


async def stops_loop(scope, receive, send):
    asyncio.get_running_loop().stop()
    await asyncio.sleep(0)
    await send({"type": "alive"})


async def recurses(scope, receive, send):
    await recurses(scope, receive, send)


async def prints(scope, receive, send):
    print("one\ntwo", end="")
    sys.stderr.write("three\n")
    logging.getLogger("app").warning("said %s", "it")
    logging.getLogger("app").warning("broken %d", "x")
    warnings.warn("careful", RuntimeWarning)


async def replaces(scope, receive, send):
    sys.stdout = None
    logging.setLogRecordFactory(logging.LogRecord)


async def in_executor(scope, receive, send):
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, time.sleep, 0.05)
    await send({"type": "done"})
    await asyncio.sleep(1000)
    await send({"type": "later"})


async def in_thread(scope, receive, send):
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def work():
        time.sleep(0.05)
        loop.call_soon_threadsafe(done.set)
    threading.Thread(target=work, daemon=True).start()
    await done.wait()
    await send({"type": "done"})


async def over_socket(scope, receive, send):
    mine, other = socket.socketpair()
    mine.setblocking(False)
    child = subprocess.Popen(["sh", "-c", "sleep 0.05; printf hi"], stdout=other)
    data = await asyncio.get_running_loop().sock_recv(mine, 10)
    mine.close()
    child.wait()
    await send({"data": data})


async def forks(scope, receive, send):
    child = os.fork()
    if child == 0:
        return  # back into the loop, in the child
    await send({"code": os.waitpid(child, 0)[1]})


async def blocks(scope, receive, send):
    time.sleep(1000)


async def by_name(*, scope, receive, send):
    await send({"path": scope["path"]})


async def cleans_up(scope, receive, send):
    try:
        await receive()
    finally:
        await asyncio.sleep(0.2)
        await send({"type": "cleaned"})


async def lifespan(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        lifespan.worker = asyncio.create_task(asyncio.sleep(1000))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await send({"worker": not lifespan.worker.done()})


async def two_places(scope, receive, send):
    await asyncio.sleep(1)
    await asyncio.get_running_loop().create_future()


def asgi2(scope):
    return echo


def factory():
    return echo


not_callable = 7
