"""The harness's half inside a target's interpreter. It imports an ASGI application, plays the server for it and
reports everything that the application does. Standard library only, Python 3.8 and later.

    bridge.py FD FOLDER     serves the socket that was inherited as descriptor FD until the other side hangs up;
                            FOLDER is for files: SIGUSR1 writes where all threads are into FOLDER/blocked.txt

Messages in both directions are a length (4 octets, big-endian) and a value in the marshal format, version 2, which
keeps str, bytes, tuples, None and keys that are no strings apart. Requests are answered one each, in order; several
may be sent at once, and their answers may then come together: one that is kept back is lost if a later play blocks
or kills the process, unless by os._exit.

    {"op": "load", "app": "module:name", "factory": bool, "folder": str, "by_keyword": bool}
      -> {"python": "3.11.2", "implementation": "cpython"}
      or {"error": traceback, "chain": [{"type", "message", "where"}, ..]}
    {"op": "play", "script": [..], "clock": "real" | "virtual", "turns": 100000, "last": bool}   -> [event, ..]
    {"op": "more", "script": [..], "last": bool}     goes on with the same play                  -> [event, ..]

With "last" what is left when the script is over is told ("tasks"), cancelled and cleaned up; without, the calls live
on and "more" continues. A script that stops is answered at once, and the rest of it is skipped. The actions:

    ("step", index)                        the events that follow belong to this step
    ("call", lane, scope, keep)            calls the application; with keep the call and its tasks outlive the play
    ("feed", lane, event)                  what the call's next receive() returns
    ("disconnect", lane, code, reason)     feeds websocket.disconnect (1005 for None) or http.disconnect, by the scope
    ("fail_send", lane, n, name, text)     the n-th send() from now raises this exception (n from 1; 0: every one)
    ("hold_send", lane, n)                 the n-th send() from now does not return ...
    ("release_send", lane)                 ... until this; the oldest one first
    ("cancel", lane)                       cancels the call, as a server does that shuts down
    ("until", lane, n, seconds, kind, literal)   goes on when the call's n-th outcome (sent, returned, raised) is
                                           there; stops "unexpected" if it is not of this kind (None: any) or if a key
                                           of literal (None, or a dict) has not the same value and type in the event
    ("until_waiting", lane, seconds, what) goes on when the call waits in what: receive, send, other, None for any
    ("until_event", seconds)               goes on when anything was noted since the last answer, or time is up
    ("idle", seconds)                      goes on when this much time has passed on the loop's clock
    ("tasks",) ("collect",)                tells the tasks that are left; collects garbage

"until" and "until_waiting" stop "unmet" when time is up and as soon as nothing can come any more. Between two actions
the loop runs until nothing is left to run. That moment is seen, not waited for: an asyncio loop is idle exactly when
it asks its selector to block. The virtual clock then jumps to the next timer. Threads that work and descriptors of
the application's own are waited for in real time under either clock. With the real clock a play that is open goes on
between two messages too; with the virtual one it stands still. A loop that takes more than "turns" turns (or sends)
without a pause spins: that is told, the script stops, and the play ends as if it were the last.

Events are tuples (kind, monotonic nanoseconds, step, lane, ..); step is -1 before the first and in the cleanup:

    ("step",) ("called", scope) ("fed", event) ("sent", number, event) ("held", number) ("released", number)
    ("waiting", what, where) ("send_raised", number, type, text) ("returned", repr or None)
    ("raised", chain, traceback, cancelled)      cancelled: by "cancel" or by the cleanup
    ("tasks", count, [(name, where), ..])        besides the calls themselves, and what calls that are kept began
    ("complaint", kind, text, chain, traceback)  never_retrieved, loop, unraisable, warning, spinning, left_loop
    ("clock", nanoseconds)                       the virtual clock jumped
    ("log", level, logger, text, traceback) ("output", "stdout" | "stderr", text)
    ("stopped", "unmet" | "unexpected", seconds waited)
    ("end", log_hook_alive)                      last in every answer

Scopes and events are bytes: marshal of the value as it was at that moment. A subclass of a plain type is written as
that type (http.HTTPStatus as int); what marshal should not write is ("\\0object", type, repr, octets or None).
"""
import asyncio
import atexit
import builtins
import faulthandler
import gc
import importlib
import logging
import marshal
import os
import select
import selectors
import signal
import socket
import struct
import sys
import threading
import time
import traceback
import warnings
import weakref
from _thread import _count as thread_count
from time import monotonic, monotonic_ns

FORMAT = 2  # of marshal: no references and no short forms, the same in every version of Python 3
MOST_TEXT = 1 << 20
MOST_NODES = 100_000  # of one value; one that contains itself has no end
MOST_OCTETS = 64 << 20  # of the events of one answer; an event counts some for itself
DYING_SECONDS = 1.0  # for what is cancelled at the end of a play
DYING_TURNS = 1000
BUSY_SECONDS = 10.0  # a loop that never pauses is given at least so long, if its turns last
EXIT = os._exit
# Until 3.11 current_task() is written in Python.
current_task = asyncio.tasks._current_tasks.get if sys.version_info < (3, 12) else asyncio.current_task
dumps = marshal.dumps
ASYNCIO = os.path.dirname(asyncio.__file__) + os.sep
INLINE = True  # whether receive() may go on with the script itself; a test compares both ways
# All tasks there are, however they were made; Python 3.14 has no such set.
ALIVE = getattr(asyncio.tasks, "_all_tasks", getattr(asyncio.tasks, "_scheduled_tasks", None)) \
    if sys.version_info < (3, 14) else None
PLAIN = frozenset((str, bytes, int, float, bool, type(None)))


# Values

def snapshot(value):
    """The value as it is now, encoded: the application may change it later."""
    try:
        if type(value) is dict and PLAIN.issuperset(map(type, value.values())):
            return dumps(value, FORMAT)
    except ValueError:  # a key of a class of its own
        pass
    try:
        return dumps(plain(value, [0], 0), FORMAT)
    except Exception as error:  # changed by a thread meanwhile
        return dumps(("\0object", type_name(type(value)), "<" + type(error).__name__ + ">", None), FORMAT)


def plain(value, count, depth):
    """The same value of exact plain types, with everything else replaced by ("\\0object", type, repr, octets)."""
    kind = type(value)
    if kind in PLAIN:
        return value
    count[0] += 1
    if depth > 50 or count[0] > MOST_NODES:
        return ("\0object", type_name(kind), "<too deep or too large>", None)
    if isinstance(value, dict):
        return {plain(k, count, depth + 1): plain(v, count, depth + 1) for k, v in dict.items(value)}
    if isinstance(value, list):
        return [plain(v, count, depth + 1) for v in list.__iter__(value)]
    if isinstance(value, tuple):
        return tuple([plain(v, count, depth + 1) for v in tuple.__iter__(value)])
    if isinstance(value, int):
        return int.__pos__(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return float.__pos__(value)
    if isinstance(value, bytes):
        return bytes.__getitem__(value, slice(None))
    octets = bytes(value) if isinstance(value, (bytearray, memoryview)) else None
    return ("\0object", type_name(kind), short_repr(value), octets)


def same(a, b):
    """Equal, and of the same types all the way down."""
    if type(a) is not type(b):
        return False
    if type(a) is dict:
        return len(a) == len(b) and all(k in b and same(v, b[k]) for k, v in a.items())
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def holds(literal, event):
    return type(event) is dict and all(k in event and same(v, event[k]) for k, v in literal.items())


def exact(text):
    """str() and repr() of an application's object may be of a subclass, or long."""
    return str.__str__(text)[:MOST_TEXT]


def short_repr(value):
    try:
        return exact(repr(value))[:2000]
    except BaseException as error:  # the application's own __repr__
        return "<repr failed: " + type(error).__name__ + ">"


def safe_str(value):
    try:
        return exact(str(value))
    except BaseException as error:
        return "<str failed: " + type(error).__name__ + ">"


def type_name(kind):
    module = kind.__module__
    if not isinstance(module, str) or module in ("builtins", "__main__"):
        return str(kind.__qualname__)
    return module + "." + kind.__qualname__


def told(error):
    """An exception with what it was caused by, or the first one of a group: [{type, message, where}, ..]."""
    chain, seen = [], set()
    while error is not None and id(error) not in seen and len(chain) < 20:
        seen.add(id(error))
        where, within, tb = "", "", error.__traceback__
        while tb is not None:
            code = tb.tb_frame.f_code
            if code.co_filename != __file__:
                within = "%s:%d in %s" % (code.co_filename, tb.tb_lineno or 0, code.co_name)
                where = where if code.co_filename.startswith(ASYNCIO) else within
            tb = tb.tb_next
        where = where or within
        chain.append({"type": type_name(type(error)), "message": safe_str(error), "where": where})
        error = error.__cause__ or first_of_group(error) or (None if error.__suppress_context__ else error.__context__)
    return chain


def first_of_group(error):
    """The first exception of an ExceptionGroup: task groups wrap what was raised in them."""
    inside = getattr(error, "exceptions", None)
    return inside[0] if isinstance(inside, tuple) and inside and isinstance(inside[0], BaseException) else None


def formatted(error):
    """The traceback as Python prints it, without the frames of this file that called the application."""
    tb = error.__traceback__
    while tb is not None and tb.tb_frame.f_code.co_filename == __file__:
        tb = tb.tb_next
    try:
        return "".join(traceback.format_exception(type(error), error, tb))[-MOST_TEXT:]
    except Exception as failure:
        return "%s\n<no traceback: %s>" % (type_name(type(error)), type(failure).__name__)


def innermost(task):
    """Where a task is suspended: "file:line in function" of its innermost frame that is not asyncio's, or ""."""
    found, awaited = "", task.get_coro()
    for _ in range(1000):
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None) or \
            getattr(awaited, "ag_frame", None)
        if frame is not None:
            name = frame.f_code.co_filename
            if name != __file__ and not name.startswith(ASYNCIO):
                found = "%s:%d in %s" % (name, frame.f_lineno or 0, frame.f_code.co_name)
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None) or \
            getattr(awaited, "ag_await", None)
        if awaited is None:
            break
    return found


class SendFailed(OSError):
    """What a send raises when the script names an exception that this interpreter does not have."""


def exception_named(name, text):
    module, _, short = name.rpartition(".")
    kind = getattr(sys.modules.get(module) if module else builtins, short, None)
    try:
        if issubclass(kind, BaseException):
            return kind(text) if text else kind()
    except TypeError:  # no class, or one that wants more than a text, as UnicodeDecodeError
        pass
    return SendFailed(name + ": " + text)


# One call of the application

class Call:
    """One call of the application: what it is fed, and what holds or breaks its sends."""

    __slots__ = ("player", "lane", "keep", "http", "fed", "wanted", "sends", "faults", "broken", "holds", "held", "task",
                 "ended", "dead", "cancelling", "told", "outcomes")

    def __init__(self, player, lane, scope, keep):
        self.player = player
        self.lane = lane
        self.keep = keep
        self.http = type(scope) is dict and scope.get("type") == "http"
        self.fed = []
        self.wanted = []  # a future for each receive() that waits
        self.sends = 0
        self.faults = None  # number of the send -> exception
        self.broken = None  # what every send() raises from now on
        self.holds = None
        self.held = []  # a future for each send() that is held
        self.task = None
        self.ended = False
        self.dead = False  # given up: whatever it still does is nobody's business
        self.cancelling = False
        self.told = None  # what and where it waits, if that is the call's last event
        self.outcomes = []

    def note(self, kind, *rest):
        self.told = None
        player = self.player
        event = (kind, monotonic_ns(), player.step, self.lane) + rest
        player.events.append(event)
        return event

    async def receive(self):
        player = self.player
        fed = self.fed
        if not fed:
            if player.playing and not player.ready and not player.loop._scheduled:
                player.go_on_inside(self)
            while not fed:
                wanted = player.loop.create_future()
                self.wanted.append(wanted)
                try:
                    await wanted
                finally:
                    if wanted in self.wanted:  # cancelled: the event stays for the next receive()
                        self.wanted.remove(wanted)
        if self.dead:
            await player.loop.create_future()
        event = fed.pop(0)
        self.told = None
        player.events.append(("fed", monotonic_ns(), player.step, self.lane, dumps(event, FORMAT)))
        return event

    async def send(self, event):
        player = self.player
        if self.dead:
            await player.loop.create_future()
        self.sends = number = self.sends + 1
        data = snapshot(event)
        self.told = None
        outcome = ("sent", monotonic_ns(), player.step, self.lane, number, data)
        player.events.append(outcome)
        self.outcomes.append(outcome)
        player.turns += 1
        player.room = room = player.room - len(data) - 200
        if room < 0 or player.turns > player.limit:
            player.turns += player.limit
            await asyncio.sleep(0)  # so that the loop sees one that sends without end
        if self.holds and number in self.holds:
            self.holds.discard(number)
            held = player.loop.create_future()
            self.held.append(held)
            self.note("held", number)
            try:
                await held
            finally:
                if held in self.held:
                    self.held.remove(held)
            self.note("released", number)
        fault = self.faults.pop(number, None) if self.faults else None
        if fault is None and self.broken:
            fault = exception_named(*self.broken)
        if fault is not None:
            self.note("send_raised", number, type_name(type(fault)), safe_str(fault))
            raise fault

    async def run(self, scope):
        player = self.player
        try:
            if player.by_keyword:
                result = await player.app(scope=scope, receive=self.receive, send=self.send)
            else:
                result = await player.app(scope, self.receive, self.send)
        except BaseException as error:
            if self.dead:
                raise
            player.messy = self.ended = True
            cancelled = self.cancelling and isinstance(error, asyncio.CancelledError)
            self.outcomes.append(self.note("raised", told(error), formatted(error), cancelled))
        else:
            if not self.dead:
                self.ended = True
                self.outcomes.append(self.note("returned", None if result is None else short_repr(result)))

    def feed(self, event):
        self.fed.append(event)
        if self.wanted:
            wanted = self.wanted.pop(0)
            if not wanted.done():
                wanted.set_result(None)

    def disconnect(self, action):
        if self.http:
            return {"type": "http.disconnect"}
        return {"type": "websocket.disconnect", "code": 1005 if action[2] is None else action[2],
                "reason": action[3]}

    def release(self):
        if self.held:
            held = self.held.pop(0)
            if not held.done():
                held.set_result(None)
        elif self.holds:  # one was to be held, and is not any more
            self.holds.discard(min(self.holds))

    def cancel(self):
        if not self.ended:
            self.cancelling = True
            self.task.cancel()

    def waits_for(self):
        """What the call waits for, now that nothing can run."""
        if self.held:
            return "send", ""
        if self.wanted:
            return "receive", ""
        return "other", innermost(self.task)


RECEIVE = ("receive", "")


# The loop

class Watcher(selectors.DefaultSelector):
    """The loop's selector, which tells the player when the loop has nothing left to run."""

    player = None

    def select(self, timeout=None):
        player = self.player
        if player.channel.in_child:
            EXIT(0)
        if timeout is not None and timeout <= 0:
            return player.turn()
        if thread_count() or len(player.descriptors) > 1:
            ready = self.wait(0)
            if ready:
                return ready
        return player.idle(timeout)

    def wait(self, seconds):
        return super().select(seconds)

    def foreign(self):
        """Descriptors of the application's own; the loop itself has one, to be woken by threads."""
        return len(self._fd_to_key) > 1


class Loop(asyncio.SelectorEventLoop):
    player = None
    virtual = False
    now = 0.0
    ahead = 0.0  # of the real clock, where plays on the virtual one have left it: time never goes back
    made = 0  # tasks besides the calls, since there were none
    in_threads = 0  # what run_in_executor() was given and has not done

    def time(self):
        return self.now if self.virtual else monotonic() + self.ahead

    def set_clock(self, virtual):
        now = self.time()
        self.now, self.ahead, self.virtual = now, now - monotonic(), virtual

    def create_task(self, coro, **named):
        task = super().create_task(coro, **named)
        self.player.task_made(task)
        return task

    def run_in_executor(self, executor, func, *args):
        future = super().run_in_executor(executor, func, *args)
        self.in_threads += 1
        future.add_done_callback(self.thread_done)
        return future

    def thread_done(self, _):
        self.in_threads -= 1

    def call_exception_handler(self, context):
        self.player.on_loop_exception(context)
        if self._exception_handler is not None:
            super().call_exception_handler(context)


def is_at_rest(frame):
    """Whether a thread waits for work that nobody has given it yet: then only another thread can rouse it."""
    for _ in range(4):
        if frame is None:
            return False
        name, file = frame.f_code.co_name, frame.f_code.co_filename
        if name == "_worker" and file.endswith("thread.py"):
            known = frame.f_locals  # it may have work without having woken yet
            return known.get("work_item") is None and "work_queue" in known and known["work_queue"].empty()
        if name == "get" and file.endswith("queue.py"):
            known = frame.f_locals
            return "item" not in known and not getattr(known.get("self"), "queue", True)
        if not file.endswith("threading.py"):
            return False
        frame = frame.f_back
    return False


class Player:
    """One application, one loop, one play at a time."""

    def __init__(self, channel):
        self.channel = channel
        self.selector = Watcher()
        self.selector.player = self
        self.loop = Loop(self.selector)
        self.loop.player = self
        self.ready = self.loop._ready
        self.descriptors = self.selector._fd_to_key
        self.app = None
        self.by_keyword = False
        self.lifespan_state = None
        self.calls = {}
        self.background = weakref.WeakSet()  # tasks that outlive a play
        self.dead = []  # tasks that were given up: their end would be told in a later play
        self.events = []
        self.room = MOST_OCTETS
        self.script = []
        self.at = 0
        self.step = -1
        self.last = True
        self.loaded = False
        self.playing = False
        self.ending = False
        self.hung_up = False
        self.began = None  # loop time at which the action that waits began to
        self.turns = 0
        self.limit = self.most_turns = 100_000
        self.jumps = 0
        self.busy_since = 0.0
        self.dying = []
        self.rounds = 0
        self.messy = False  # something was raised or left behind: look for garbage that tells
        self.make_record = None
        self.heard = False
        self.streams = []
        self.request = None

    # What happens, as events

    def note(self, kind, *rest):
        self.room -= 200 + sum([len(part) for part in rest if type(part) is str])
        if not self.loaded or self.room < (0 if kind in ("log", "output") else -MOST_TEXT) \
                and kind != "stopped":
            return
        self.events.append((kind, monotonic_ns(), self.step, "") + rest)

    def complain(self, kind, text, error=None, trace=""):
        self.messy = True
        self.note("complaint", kind, text, told(error) if error is not None else [],
                  formatted(error) if error is not None else trace)

    def on_loop_exception(self, context):
        text = safe_str(context.get("message", ""))
        culprit = context.get("task") or context.get("future") or context.get("handle")
        self.complain("never_retrieved" if "never retrieved" in text else "loop",
                      text if culprit is None else text + ": " + short_repr(culprit), context.get("exception"))

    def on_unraisable(self, args):
        self.complain("unraisable", "%s: %s" % (safe_str(args.err_msg or "Exception ignored in"),
                                                short_repr(args.object)), args.exc_value)

    def on_thread_exception(self, args):
        if args.exc_type is not SystemExit:
            self.complain("unraisable", "Exception in thread " + getattr(args.thread, "name", "?"), args.exc_value)

    def on_warning(self, message, category, filename, lineno, file=None, line=None):
        self.complain("warning", "%s: %s" % (type_name(category), safe_str(message)), None,
                      "%s:%d" % (filename, lineno))

    def on_record(self, record):
        try:
            text = exact(record.getMessage())
        except BaseException as error:
            text = "%s <%s>" % (safe_str(record.msg), type(error).__name__)
        info = record.exc_info
        error = info[1] if isinstance(info, tuple) and len(info) == 3 else None
        self.note("log", safe_str(record.levelname), safe_str(record.name), text,
                  formatted(error) if isinstance(error, BaseException) else "")

    def hears_log(self):
        """Whether what is logged still comes here, also through a factory that was put before ours."""
        self.heard = False
        try:
            logging.getLogRecordFactory()(None, logging.DEBUG, "", 0, "", (), None)
        except Exception:  # the application's own
            return False
        return self.heard

    def task_made(self, task):
        if not self.loaded:
            self.background.add(task)
            return
        parent = current_task(self.loop)
        if parent in self.background or any(call.task is parent and call.keep for call in self.calls.values()):
            self.background.add(task)
        else:
            self.loop.made += 1

    # The loop's moments

    def turn(self):
        """The loop has something to run."""
        self.turns = turns = self.turns + 1
        if turns > self.limit and self.playing:
            self.spin()
        if turns & 15:
            return []
        if not turns & 63:
            if not self.playing:
                self.channel.flush()
                if self.channel.take(0) and not self.serve_next() and not self.channel.fill():
                    self.hang_up()
            elif turns == 64:
                self.busy_since = monotonic()
            elif monotonic() - self.busy_since > self.busy_seconds():
                self.spin()
        # Now and then, so that an application that is always busy still gets its input.
        return self.selector.wait(0) if self.selector.foreign() else []

    def busy_seconds(self):
        if self.ending:
            return DYING_SECONDS
        seconds = [value for value in self.script[self.at][1:4] if type(value) is float] \
            if self.at < len(self.script) else []
        return max(seconds + [BUSY_SECONDS])

    def spin(self):
        """The loop never pauses, so neither the script nor the cleanup gets its moment."""
        if self.ending:
            self.give_up()
            return
        places = [innermost(task) for task in asyncio.all_tasks(self.loop) if not task.done()]
        self.complain("spinning", "%d turns without a pause; %s" % (
            max(self.turns, self.jumps), ", ".join(sorted(filter(None, places)))))
        self.note("stopped", "unmet", 0.0 if self.began is None else self.loop.time() - self.began)
        self.end_play()

    def go_on_inside(self, call):
        """The application waits in receive() and nothing else can run: the next actions follow at once,
        without a turn of the loop, as long as they concern this receive()."""
        if self.ending or thread_count() or len(self.descriptors) > 1 or call.held or call.wanted or not INLINE:
            return
        task = call.task
        if current_task(self.loop) is not task or task._must_cancel:
            return
        if len(self.calls) > 1:
            for other in self.calls.values():
                if other is not call and not other.ended and other.told is None:
                    return
        events, step, lane = self.events, self.step, call.lane
        if call.told is not RECEIVE:
            events.append(("waiting", monotonic_ns(), step, lane, "receive", ""))
            call.told = RECEIVE
        script, at, end, fed, outcomes = self.script, self.at, len(self.script), call.fed, call.outcomes
        while at < end and not fed:
            action = script[at]
            kind = action[0]
            if kind == "until":
                if action[4] is None and action[1] == lane:
                    if len(outcomes) < action[2]:
                        break
                elif self.outcome(action) is not True:
                    break
            elif kind == "step":
                self.step = step = action[1]
                events.append(("step", monotonic_ns(), step, ""))
            elif kind == "feed" and action[1] == lane:
                fed.append(action[2])
            elif kind == "disconnect" and action[1] == lane:
                fed.append(call.disconnect(action))
            else:
                break
            at += 1
        if at != self.at:
            self.at = at
            self.began = None
            self.turns = 0

    def idle(self, timeout):
        """The loop would block for so long (None: until something comes from outside)."""
        while True:
            if not self.playing:
                ready = self.rest(timeout)
                if not self.playing:
                    return ready  # also when there is something to load
                if self.loop._ready or self.loop._scheduled:
                    return []
                timeout = None
            ready = self.die(timeout) if self.ending else self.perform(timeout)
            if self.playing:
                return ready

    def rest(self, timeout):
        """Nothing is asked: waits for a message, and with the real clock lets an open play go on."""
        self.turns = 0
        alive = self.calls and not self.loop.virtual
        while not self.serve_next():
            self.channel.flush()
            if alive and not self.channel.take(timeout, self.selector.fileno()):
                return self.selector.wait(0)
            if not self.channel.fill():
                self.hang_up()
                return []
        return []

    def hang_up(self):
        self.hung_up = True
        self.loop.stop()

    def perform(self, timeout):
        """Performs actions until something can run or must be waited for, or the play is over."""
        self.turns = 0
        for call in self.calls.values():
            if not call.ended:
                waits = call.waits_for()
                if call.told != waits:
                    call.note("waiting", *waits)
                    call.told = waits
        loop, script = self.loop, self.script
        while self.at < len(script):
            action = script[self.at]
            kind = action[0]
            if kind == "step":
                self.step = action[1]
                self.events.append(("step", monotonic_ns(), self.step, ""))
            elif kind == "until" and action[4] is None and action[1] in self.calls \
                    and len(self.calls[action[1]].outcomes) >= action[2]:
                self.began = None
            elif kind == "call":
                self.start_call(*action[1:])
                self.at += 1
                return []
            elif kind[:5] == "until" or kind == "idle":
                met = self.outcome(action) if kind == "until" else self.met(action)
                if met is None:
                    seconds = action[3] if kind == "until" else action[2] if kind == "until_waiting" else action[1]
                    if self.began is None:
                        self.began = loop.time()
                        self.jumps = 0
                    left = self.began + seconds - loop.time()
                    may_come = timeout is not None or self.may_come()
                    if loop._ready:
                        return []
                    endless = kind == "until_event" or kind == "idle"
                    if left > 0 and (may_come or endless):
                        return self.pass_time(left if timeout is None else min(timeout, left))
                    met = True if endless else "unmet"
                if met is not True:
                    self.stop(met)
                    return []
                self.began = None
            else:
                self.act(action)
                if loop._ready:
                    self.at += 1
                    return []
            self.at += 1
        if self.last:
            self.end_play()
        else:
            self.reply()
        return []

    def stop(self, why):
        self.note("stopped", why, 0.0 if self.began is None else self.loop.time() - self.began)
        if self.last:
            self.end_play()
        else:
            self.reply()

    def outcome(self, action):
        """True when the outcome is there, None when it may still come, else why not."""
        call = self.calls.get(action[1])
        if call is None:
            return "unmet"
        if len(call.outcomes) < action[2]:
            return "unmet" if call.ended else None
        kind, literal = action[4], action[5]
        if kind is None:
            return True
        event = call.outcomes[action[2] - 1]
        if event[0] != kind or (literal and not (kind == "sent" and holds(literal, marshal.loads(event[5])))):
            return "unexpected"
        return True

    def met(self, action):
        kind = action[0]
        if kind == "until_event":
            return True if any(event[0] not in ("step", "clock") for event in self.events) else None
        if kind == "until_waiting":
            call = self.calls.get(action[1])
            if call is None or call.ended:
                return "unmet"
            return True if action[3] is None or call.told[0] == action[3] else None
        return None

    def may_come(self):
        """Whether a descriptor or a thread of the application can still change anything."""
        return self.selector.foreign() or self.thread_works()

    def thread_works(self):
        if not thread_count():
            return False
        if self.loop.in_threads > 0:
            return True
        own = threading.get_ident()
        return not all(thread == own or is_at_rest(frame) for thread, frame in sys._current_frames().items())

    def pass_time(self, seconds):
        """So much time passes, or less if something comes: at once on the virtual clock, if it is alone."""
        loop = self.loop
        if loop.virtual and not self.may_come():
            if self.ready:  # a thread roused the loop while this was asked
                return []
            self.jumps += 1
            if self.jumps > 4 * self.most_turns:
                self.spin()
                return []
            before = loop.now
            loop.now += seconds
            ahead = int((loop.now - before) * 1e9)
            if self.events and self.events[-1][0] == "clock":  # jumps without anything between are one
                ahead += self.events.pop()[4]
            self.events.append(("clock", monotonic_ns(), self.step, "", ahead))
            return []
        if not self.selector.foreign() and thread_count():
            seconds = min(seconds, 0.02)  # nothing tells when a thread comes to rest without having roused the loop
        self.channel.flush()
        before = monotonic()
        ready = self.selector.wait(seconds)
        if loop.virtual:
            loop.now += monotonic() - before
        return ready

    def act(self, action):
        kind = action[0]
        if kind == "tasks":
            self.tell_tasks(self.left())
        elif kind == "collect":
            gc.collect()
        else:
            call = self.calls.get(action[1])
            if call is None:
                return
            if kind == "feed":
                call.feed(action[2])
            elif kind == "disconnect":
                call.feed(call.disconnect(action))
            elif kind == "fail_send":
                if action[2] == 0:
                    call.broken = action[3:]
                    return
                call.faults = call.faults or {}
                call.faults[call.sends + action[2]] = exception_named(action[3], action[4])
            elif kind == "hold_send":
                call.holds = call.holds or set()
                call.holds.add(call.sends + action[2])
            elif kind == "release_send":
                call.release()
            elif kind == "cancel":
                call.cancel()

    def start_call(self, lane, scope, keep):
        call = Call(self, lane, scope, keep)
        if lane in self.calls and not self.calls[lane].ended:  # nobody speaks to that one any more
            self.calls["%s\0%d" % (lane, monotonic_ns())] = self.calls[lane]
        self.calls[lane] = call
        self.events.append(("called", monotonic_ns(), self.step, lane, dumps(scope, FORMAT)))
        self.share_state(scope, keep)
        call.task = asyncio.Task(call.run(scope), loop=self.loop, name=lane)

    def share_state(self, scope, keep):
        """What the lifespan put into its state is in that of every later call, in a copy of its own
        (lifespan specification 2.0, Lifespan State)."""
        if not isinstance(scope, dict) or not isinstance(scope.get("state"), dict):
            return
        if keep and scope.get("type") == "lifespan":
            self.lifespan_state = scope["state"]
        elif self.lifespan_state and not scope["state"]:
            scope["state"] = dict(self.lifespan_state)

    # A play from begin to end

    def begin(self, message):
        self.script = message["script"]
        self.at = 0
        self.last = message.get("last", True)
        self.turns = 0
        self.began = None
        self.playing = True
        if message["op"] == "more":
            return
        self.step = -1
        self.messy = False
        self.limit = self.most_turns = message.get("turns", 100_000)
        virtual = message.get("clock") == "virtual"
        if virtual is not self.loop.virtual:
            self.loop.set_clock(virtual)

    def left(self):
        """The tasks that are left besides the calls and what outlives the play."""
        if ALIVE is not None and len(ALIVE.data) <= len(self.calls) + len(self.background.data):
            return []  # all_tasks() is dear
        own = {call.task for call in self.calls.values()}
        return [task for task in asyncio.all_tasks(self.loop)
                if task not in own and task not in self.background and not task.done()]

    def tell_tasks(self, left):
        self.events.append(("tasks", monotonic_ns(), self.step, "", len(left), [] if not left else sorted(
            (safe_str(task.get_name()), innermost(task)) for task in left)))

    def end_play(self):
        """Tells what is left and cancels it; die() follows when the loop is idle again."""
        self.step = -1
        self.at = len(self.script)
        calls = self.calls.values()
        if not self.background.data and not [call for call in calls if call.keep or not call.ended] \
                and ALIVE is not None and len(ALIVE.data) <= len(calls):
            self.events.append(("tasks", monotonic_ns(), -1, "", 0, []))  # as most plays end
            self.finish()
            return
        if [call for call in calls if call.keep and call.ended]:
            self.loop.made += len(self.background)  # what it began should have ended with it
            self.background.clear()
        left = self.left()
        self.tell_tasks(left)
        self.dying = left + [call.task for call in calls if not call.ended and not call.keep]
        if not self.dying:
            self.finish()
            return
        self.ending = True
        self.turns = self.rounds = 0
        self.limit = DYING_TURNS
        self.began = self.loop.time()
        self.cancel_all()

    def cancel_all(self):
        self.rounds += 1
        for call in self.calls.values():
            if not call.keep:
                call.cancelling = True
        for task in self.dying:
            task.cancel()

    def die(self, timeout):
        """The loop is idle while the play is cleaned up."""
        self.turns = 0
        self.dying = [task for task in self.dying if not task.done()]
        new = [task for task in self.left() if task not in self.dying]
        if new:
            self.dying += new
            self.cancel_all()
            if self.rounds < 10:
                return []
        if not self.dying:
            self.finish()
            return []
        may_come = self.may_come()
        if self.loop._ready:
            return []
        alone = self.loop.virtual and not may_come
        left = self.began + (60.0 if alone else DYING_SECONDS) - self.loop.time()
        if left > 0 and (timeout is not None or may_come):
            return self.pass_time(left if timeout is None else min(timeout, left))
        if self.rounds < 3:
            self.cancel_all()
        else:
            self.give_up()
        return []

    def give_up(self):
        """What refuses to be cancelled is taken out of the loop, so that the next play has it to itself."""
        dead = {task for task in self.dying + self.left() if not task.done()}
        for call in self.calls.values():
            if call.task in dead:
                call.dead = call.ended = True
        for task in dead:
            self.complain("loop", "was cancelled and goes on: %s %s" % (safe_str(task.get_name()), innermost(task)))
            task._log_destroy_pending = False
            self.background.add(task)
            self.dead.append(task)
        kept = [handle for handle in self.loop._ready
                if getattr(getattr(handle, "_callback", None), "__self__", None) not in dead]
        self.loop._ready.clear()
        self.loop._ready.extend(kept)
        self.finish()

    def finish(self):
        self.ending = False
        self.dying = []
        self.limit = self.most_turns
        loop = self.loop
        calls = self.calls
        if len(calls) == 1 and not [call for call in calls.values() if call.keep]:
            calls.clear()
        for lane in [lane for lane, call in calls.items() if not call.keep or call.ended]:
            del calls[lane]
        if loop._scheduled and not self.calls:
            for handle in loop._scheduled:
                handle.cancel()
        if self.messy or loop.made:
            gc.collect()  # "exception was never retrieved" is said by the garbage collector
            loop.made = 0
        self.reply()

    def reply(self):
        self.playing = False
        for stream in self.streams:
            if stream._rest:
                stream.tell_rest()
        events, self.events, self.room = self.events, [], MOST_OCTETS
        heard = logging.getLogRecordFactory() is self.make_record or self.hears_log()
        events.append(("end", monotonic_ns(), self.step, "", heard))
        self.channel.send(events)

    # Messages

    def serve_next(self):
        """Takes one message that has come; whether there was one."""
        message = self.channel.next()
        if message is None:
            return False
        kind = message["op"]
        if kind == "play" or kind == "more":
            self.begin(message)
        elif kind == "load":
            self.request = message  # outside of the loop: a module may run one of its own
            self.loop.stop()
        else:
            self.channel.send({"error": "unknown operation " + repr(kind), "chain": []})
        return True

    def load(self, message):
        self.loaded = False
        try:
            sys.path.insert(0, message.get("folder") or os.getcwd())
            module, _, names = message["app"].partition(":")
            found = importlib.import_module(module)
            for name in (names or "app").split("."):
                found = getattr(found, name)
            self.app = found() if message.get("factory") else found
        except BaseException as error:
            return {"error": formatted(error), "chain": told(error)}
        finally:
            asyncio.set_event_loop(self.loop)  # asyncio.run() takes it away
        self.by_keyword = bool(message.get("by_keyword"))
        self.loaded = True
        gc.collect()
        gc.freeze()  # the application's own objects are not looked at after every play
        return {"python": sys.version.split()[0], "implementation": sys.implementation.name}

    def hook(self):
        """Hears what the interpreter and its logging say."""
        asyncio.set_event_loop(self.loop)
        sys.unraisablehook = self.on_unraisable
        threading.excepthook = self.on_thread_exception
        warnings.showwarning = self.on_warning
        warnings.simplefilter("always", RuntimeWarning)  # "never awaited" is said in every play, not once
        made = logging.getLogRecordFactory()

        def make_record(*arguments, **named):
            record = made(*arguments, **named)
            self.heard = True
            if record.name is not None:  # logging.makeLogRecord() makes an empty one first
                self.on_record(record)
            return record

        self.make_record = make_record
        logging.setLogRecordFactory(make_record)
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is not None:
                self.streams.append(Stream(self, name, stream))
                setattr(sys, name, self.streams[-1])

    def run(self):
        self.hook()
        failures = 0
        while not self.hung_up:
            try:
                self.loop.run_forever()
                if self.request is not None:
                    request, self.request = self.request, None
                    self.channel.send(self.load(request))
                elif not self.hung_up:
                    self.complain("left_loop", "the application stopped the loop")
            except BaseException as error:  # SystemExit and KeyboardInterrupt leave the loop
                failures += 1
                if failures > 10_000:
                    raise
                self.complain("left_loop", type_name(type(error)) + " left the event loop", error)


class Stream:
    """Writes through to the real stream, and tells each line."""

    def __init__(self, player, name, real):
        self._player = player
        self._name = name
        self._real = real
        self._rest = ""

    def __getattr__(self, name):
        return getattr(self._real, name)

    def write(self, text):
        count = self._real.write(text)
        if self._player.loaded:
            lines = (self._rest + exact(text)).split("\n")
            self._rest = lines.pop()
            for line in lines:
                self._player.note("output", self._name, line)
            if len(self._rest) > MOST_TEXT:
                self.tell_rest()
        self._real.flush()  # what is written last before a crash matters most
        return count

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def tell_rest(self):
        if self._rest:
            text, self._rest = self._rest, ""
            self._player.note("output", self._name, text)


class Channel:
    """Length-prefixed messages over a socket. Answers are kept back while more requests are there."""

    def __init__(self, number):
        self.socket = socket.socket(fileno=number)
        self.socket.setblocking(True)
        self.socket.set_inheritable(False)
        self.poll = select.poll()
        self.number = number
        self.poll.register(number, select.POLLIN)
        self.buffer = b""
        self.at = 0
        self.out = []
        self.in_child = False
        os.register_at_fork(after_in_child=self.forked)
        os._exit = self.exit

    def forked(self):
        """The child of a fork has no part in this. If it comes back into the loop, it ends there."""
        self.socket.close()
        self.out = []
        self.buffer = b""
        self.in_child = True

    def exit(self, status):
        """os._exit: the first request without an answer must be the one that did it."""
        self.flush()
        EXIT(status)

    def next(self):
        buffer, at = self.buffer, self.at
        if len(buffer) - at < 4:
            return None
        end = at + 4 + int.from_bytes(buffer[at:at + 4], "big")
        if len(buffer) < end:
            return None
        self.at = end
        return marshal.loads(buffer[at + 4:end])

    def more_is_there(self):
        left = len(self.buffer) - self.at
        return left >= 4 and left >= 4 + int.from_bytes(self.buffer[self.at:self.at + 4], "big")

    def take(self, timeout, other=None):
        """Waits for the other side, or for another descriptor; whether there is something of the former."""
        if self.more_is_there():
            return True
        if other is not None:
            self.poll.register(other, select.POLLIN)
        ready = self.poll.poll(None if timeout is None else max(0, int(timeout * 1000 + 0.999)))
        if other is not None:
            self.poll.unregister(other)
        return any(number == self.number for number, _ in ready)

    def fill(self):
        """Waits for octets; False when the other side has hung up."""
        try:
            octets = self.socket.recv(1 << 18)
        except OSError:
            return False
        if not octets:
            return False
        self.buffer = self.buffer[self.at:] + octets
        self.at = 0
        return True

    def send(self, value):
        body = dumps(value, FORMAT)
        self.out.append(struct.pack(">I", len(body)))
        self.out.append(body)
        if len(self.out) >= 32 or len(body) > 65536 or not self.more_is_there():
            self.flush()

    def flush(self):
        if self.out:
            octets, self.out = b"".join(self.out), []
            try:
                self.socket.sendall(octets)
            except OSError:  # hung up: the next read says so
                pass


def main(number, folder):
    blocked = open(os.path.join(folder, "blocked.txt"), "w")
    gc.set_threshold(50_000)  # a play makes little garbage, and suspicious ones are followed by a collection
    faulthandler.register(signal.SIGUSR1, file=blocked, all_threads=True)  # one that blocks can be told where
    if sys.path and sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
        del sys.path[0]  # what lies beside the bridge is not the application's
    Player(Channel(number)).run()
    # Threads of the application must not keep the process; its exit handlers get a moment.
    ending = threading.Thread(target=atexit._run_exitfuncs, daemon=True)
    ending.start()
    ending.join(1.0)
    sys.stdout.flush()
    EXIT(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
