"""The other end of the bridge's protocol, for its tests."""
import collections
import marshal
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
FIELDS = {
    "step": "", "called": "scope", "waiting": "what where", "fed": "event", "sent": "number event",
    "held": "number", "released": "number", "send_raised": "number type text", "returned": "value",
    "raised": "chain traceback cancelled", "tasks": "count list", "complaint": "kind text chain traceback",
    "clock": "ahead", "log": "level logger text traceback", "output": "stream text",
    "stopped": "why waited", "end": "hook"}
TYPES = {name: collections.namedtuple(name, "time step lane " + fields, rename=True)
         for name, fields in FIELDS.items()}
MARSHALLED = {"scope", "event"}

WEBSOCKET = {"type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.5"}, "path": "/",
             "headers": [(b"host", b"x")], "query_string": b"", "state": {}}
HTTP = dict(WEBSOCKET, type="http", method="GET")
CONNECT = {"type": "websocket.connect"}
ACCEPT = {"type": "websocket.accept"}


def text(value):
    return {"type": "websocket.receive", "text": value}


def call(scope=WEBSOCKET, lane="main", keep=False):
    return ("call", lane, scope, keep)


def feed(event, lane="main"):
    return ("feed", lane, event)


def until(n, seconds=5.0, kind=None, literal=None, lane="main"):
    return ("until", lane, n, seconds, kind, literal)


def view(event):
    """An event as (name, named tuple); marshalled values are read."""
    name, rest = event[0], list(event[1:])
    for place, field in enumerate(("time step lane " + FIELDS[name]).split()):
        if field in MARSHALLED:
            rest[place] = marshal.loads(rest[place])
    return name, TYPES[name](*rest)


class Bridge:
    """A bridge of its own process; `app` of bridge_hard_apps is loaded."""

    def __init__(self, app=None, inline=True, **load):
        self.folder = tempfile.mkdtemp(prefix="relapse-bridge-")
        ours, theirs = socket.socketpair()
        self.socket = ours
        code = "import sys; sys.path.insert(0, %r); import bridge; del sys.path[0]; bridge.INLINE = %r; " \
               "bridge.main(%d, %r)" % (str(HERE), inline, theirs.fileno(), self.folder)
        command = [sys.executable, "-B", "-c", code] if not inline else \
            [sys.executable, "-B", str(HERE / "bridge.py"), str(theirs.fileno()), self.folder]
        env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        self.process = subprocess.Popen(command, env=env, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        theirs.close()
        ours.settimeout(30)
        self.reader = ours.makefile("rb")
        if app is not None:
            self.loaded = self.load("bridge_hard_apps:" + app, **load)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the bridge; what it wrote to its standard streams."""
        self.reader.close()
        self.socket.close()
        try:
            output, _ = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
        return output.decode()

    def write(self, *messages):
        data = [marshal.dumps(message, 2) for message in messages]
        self.socket.sendall(b"".join(struct.pack(">I", len(one)) + one for one in data))

    def read(self):
        """The next answer; None when the bridge has hung up."""
        head = self.reader.read(4)
        if len(head) < 4:
            return None
        return marshal.loads(self.reader.read(struct.unpack(">I", head)[0]))

    def ask(self, **message):
        self.write(message)
        return self.read()

    def load(self, app, factory=False, by_keyword=False):
        return self.ask(op="load", app=app, factory=factory, folder=str(HERE), by_keyword=by_keyword)

    @staticmethod
    def playing(script, clock="virtual", last=True, turns=100000):
        return {"op": "play", "script": list(script), "clock": clock, "turns": turns, "last": last}

    def play(self, *script, **options):
        return Events(self.ask(**self.playing(script, **options)))

    def more(self, *script, last=True):
        return Events(self.ask(op="more", script=list(script), last=last))


class Events(list):
    """The events of one answer."""

    def __init__(self, answer):
        if answer is None:
            raise EOFError("the bridge has hung up")
        super().__init__(map(view, answer))

    def of(self, *names):
        return [event for name, event in self if name in names]

    def names(self):
        return [name for name, _ in self]

    def one(self, name):
        found = self.of(name)
        if len(found) != 1:
            raise AssertionError("%d times %s in %s" % (len(found), name, self))
        return found[0]

    def timeless(self):
        """Without what differs from run to run."""
        return [(name,) + tuple(event._replace(time=0)) for name, event in self]


class TestCase(unittest.TestCase):
    """Gives every test bridges that end with it."""

    def bridge(self, app=None, **options):
        bridge = Bridge(app, **options)
        self.addCleanup(bridge.close)
        return bridge

    def sent(self, events):
        return [event.event for event in events.of("sent")]
