"""Small applications that do to the bridge what applications do."""
import asyncio
import collections
import concurrent.futures
import http
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings

log = logging.getLogger("apps")
kept = []


async def echo(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event["text"]})


async def strict(scope, receive, send):
    """Says after each send() how it went."""
    while True:
        event = await receive()
        if event["type"] in ("websocket.disconnect", "http.disconnect"):
            return event.get("code")
        try:
            await send({"type": "websocket.send", "text": event.get("text")})
        except Exception as error:
            await send({"type": "failed", "error": type(error).__name__, "text": str(error),
                        "os": isinstance(error, OSError)})


async def changes(scope, receive, send):
    """Changes everything after the bridge has seen it."""
    scope["path"] = "changed"
    event = await receive()
    event["type"] = "changed"
    event["list"].append(1)
    answer = {"type": "a", "list": [1]}
    await send(answer)
    answer["list"].append(2)


class Rude:
    def __repr__(self):
        raise RuntimeError("no repr")


class Text(str):
    pass


async def values(scope, receive, send):
    """Sends what JSON and marshal do not have."""
    deep = []
    for _ in range(3000):
        deep = [deep]
    loop = []
    loop.append(loop)
    for value in (b"\xff", (1, [2, None]), {1: 2, b"k": True}, 1 << 100, "\udce9", bytearray(b"ab"),
                  memoryview(b"cd"), {3}, 1j, http.HTTPStatus.OK, Text("sub"),
                  collections.OrderedDict(a=1), Rude(), deep, loop):
        await send({"type": "v", "value": value})
    await send(Rude())
    await send(None)
    await send(collections.OrderedDict(type="v"))


async def moves(scope, receive, send):
    """Waits in two places, with nothing to be seen between them."""
    await asyncio.sleep(1)
    await asyncio.sleep(1)


async def impatient(scope, receive, send):
    while True:
        try:
            event = await asyncio.wait_for(receive(), 10)
        except asyncio.TimeoutError:
            await send({"type": "timeout"})
        else:
            if event["type"] == "websocket.disconnect":
                return
            await send(event)


async def pair(scope, receive, send):
    """A reader and a writer, as servers of chats have."""
    queue = asyncio.Queue()

    async def read():
        while True:
            event = await receive()
            await queue.put(event)
            if event["type"] == "websocket.disconnect":
                return

    reader = asyncio.ensure_future(read())
    while True:
        event = await queue.get()
        await send({"type": "got", "what": event["type"]})
        if event["type"] == "websocket.disconnect":
            await reader
            return


async def twice(scope, receive, send):
    """Two receive() at once."""
    for event in await asyncio.gather(receive(), receive()):
        await send(event)


async def second(scope, receive, send):
    """Calls receive() while another task waits in one: the first event is that one's."""
    async def first():
        await send({"type": "first", "text": (await receive())["text"]})

    task = asyncio.ensure_future(first())
    await asyncio.sleep(0)
    await send({"type": "second", "text": (await receive())["text"]})
    await task


async def holds_another(scope, receive, send):
    """Calls receive() while another task is held in send()."""
    task = asyncio.ensure_future(send({"type": "held"}))
    await asyncio.sleep(0)
    await send(await receive())
    await task


async def cancels_itself(scope, receive, send):
    asyncio.current_task().cancel()
    try:
        await receive()
    except asyncio.CancelledError:
        await send({"type": "cancelled"})
    await send(await receive())


async def bystander(scope, receive, send):
    """Another task has something to do when receive() is called."""
    async def other():
        await send({"type": "other"})

    task = asyncio.ensure_future(other())
    await send(await receive())
    await task


async def leaves_tasks(scope, receive, send):
    async def later():
        await asyncio.sleep(3600)

    for _ in range(2):
        kept.append(asyncio.ensure_future(later()))
    await receive()
    await send({"type": "websocket.accept"})


async def makes_task_itself(scope, receive, send):
    async def sleeps():
        await asyncio.sleep(3600)

    kept.append(asyncio.Task(sleeps()))


async def beats(scope, receive, send):
    await asyncio.sleep(1000)
    while True:
        await send({"type": "beat"})
        await asyncio.sleep(0.2)


async def states(scope, receive, send):
    await send({"type": "state", "state": scope["state"]})
    scope["state"]["by"] = scope["type"]
    await receive()


async def chatters(scope, receive, send):
    logging.getLogger("silent").addHandler(logging.NullHandler())
    for _ in range(200):
        logging.getLogger("silent").warning("x" * (1 << 20))


async def forgets(scope, receive, send):
    """A task fails and nobody asks it; in a cycle, so that only the collector sees it."""
    async def fails():
        raise LookupError("lost")

    task = asyncio.ensure_future(fails())
    task.itself = [task]
    del task
    await asyncio.sleep(0)
    await receive()


async def unawaited(scope, receive, send):
    asyncio.sleep(1)  # a coroutine that nobody awaits
    warnings.warn("mind this", UserWarning)

    class Breaks:
        def __del__(self):
            raise ValueError("in __del__")

    Breaks()
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    thread = threading.Thread(target=lambda: [].pop(), name="worker")
    thread.start()
    thread.join()
    await asyncio.sleep(0)


async def talks(scope, receive, send):
    log.warning("%d of %d", 1, 2)
    log.error("%d", "no number")
    try:
        raise KeyError("k")
    except KeyError:
        log.exception("failed")
    print("to stdout")
    print("to", "stderr", file=sys.stderr)
    sys.stdout.write("a\nb\nrest")


async def replaces_stdout(scope, receive, send):
    print("before")
    before, sys.stdout = sys.stdout, open(os.devnull, "w")
    print("nowhere")
    sys.stdout = before
    print("after")


async def takes_log_hook(scope, receive, send):
    before = logging.getLogRecordFactory()
    if scope["path"] == "/chain":
        logging.setLogRecordFactory(lambda *a, **k: before(*a, **k))
    else:
        logging.setLogRecordFactory(logging.LogRecord)


async def fails(scope, receive, send):
    try:
        raise KeyError("inner")
    except KeyError as error:
        raise RuntimeError("outer") from error


async def recursive(scope, receive, send):
    await recursive(scope, receive, send)


async def returns(scope, receive, send):
    return Rude()


async def exits(scope, receive, send):
    how = scope["path"]
    await send({"type": "before"})
    if how == "os._exit":
        os._exit(3)
    elif how == "print":
        sys.stdout.write("last words")
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "sys.exit":
        sys.exit(4)
    elif how == "task":
        await asyncio.gather(exits_later())
    elif how == "interrupt":
        raise KeyboardInterrupt("no")
    elif how == "stop":
        asyncio.get_running_loop().stop()
        await asyncio.sleep(0)
    elif how == "cancelled":
        raise asyncio.CancelledError("by itself")
    await send({"type": "after"})


async def exits_later():
    sys.exit(5)


async def forks(scope, receive, send):
    child = os.fork()
    if child == 0:
        await send({"type": "child"})
        await asyncio.sleep(0)
        os.abort()  # the loop was the parent's
    status = os.waitpid(child, 0)[1]
    await send({"type": "parent", "status": status})


async def busy(scope, receive, send):
    """Never rests; the path tells how it takes being cancelled."""
    while True:
        try:
            await asyncio.sleep(0)
        except BaseException:
            if scope["path"] == "/":
                raise


async def spins_for_ever(scope, receive, send):
    while True:
        await asyncio.sleep(0)


async def floods(scope, receive, send):
    while True:
        try:
            await send({"type": "x", "bytes": bytes(100_000)})
        except asyncio.CancelledError:
            if scope["path"] == "/":
                raise


async def stubborn(scope, receive, send):
    """Does not end when it is cancelled, and waits."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass


async def blocks(scope, receive, send):
    await send({"type": "before"})
    time.sleep(float(scope["path"]))
    await send({"type": "after"})


def slow(seconds=0.2):
    time.sleep(seconds)
    return "slept"


async def in_pool(scope, receive, send):
    text = await asyncio.get_running_loop().run_in_executor(None, slow)
    await send({"type": text})
    await receive()


async def in_silence(scope, receive, send):
    """A pool's thread works and comes to rest, and the loop hears nothing of it."""
    kept.append(concurrent.futures.ThreadPoolExecutor(1))
    kept[-1].submit(slow)
    await asyncio.get_running_loop().create_future()


async def in_thread(scope, receive, send):
    """A thread that answers without the loop's knowledge."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    threading.Thread(target=lambda: (slow(), loop.call_soon_threadsafe(done.set_result, "told"))).start()
    await send({"type": await done})


async def over_sockets(scope, receive, send):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        loop = asyncio.get_running_loop()
        reading = asyncio.ensure_future(loop.sock_recv(ours, 10))
        await asyncio.sleep(0.05)
        await loop.sock_sendall(theirs, b"octets")
        await send({"type": "read", "bytes": await reading})


async def runs_programs(scope, receive, send):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print(6 * 7)", stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    await send({"type": "output", "bytes": output})


async def grouped(scope, receive, send):
    async def fails_soon():
        await asyncio.sleep(1)
        raise ValueError("in the group")

    async with asyncio.TaskGroup() as group:
        group.create_task(fails_soon())
        group.create_task(asyncio.sleep(10))


async def eager(scope, receive, send):
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.ensure_future(receive())
    await send({"type": "first"})
    await send(await task)
    asyncio.get_running_loop().set_task_factory(None)


async def with_anyio(scope, receive, send):
    import anyio
    import anyio.to_thread

    with anyio.CancelScope() as gone:
        gone.cancel()
        await receive()
    await send({"type": await anyio.to_thread.run_sync(slow, 0.05)})
    with anyio.move_on_after(10):
        await anyio.sleep(100)
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 5)
    await send(await receive())


class Instance:
    async def __call__(self, scope, receive, send):
        await send({"type": "instance"})


class Double:
    """ASGI 2."""

    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({"type": "double"})


def factory():
    return Instance()


def broken_factory():
    raise OSError("no settings")


def not_async(scope, receive, send):
    return 7


instance = Instance()
nothing = 42
