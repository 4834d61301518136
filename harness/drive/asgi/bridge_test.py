#!/usr/bin/env python3
"""The bridge, spoken to as the harness does: over a socket pair, with the applications of bridge_apps.py."""
import marshal
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SCOPE = {"type": "websocket", "path": "/ws"}
CONNECT = {"type": "websocket.connect"}


class Bridge:
    def __init__(self, folder):
        mine, other = socket.socketpair()
        mine.settimeout(30)
        self.socket = mine
        self.process = subprocess.Popen([sys.executable, str(HERE / "bridge.py"), str(other.fileno()), folder],
                                        pass_fds=[other.fileno()], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        other.close()
        self.reader = mine.makefile("rb")

    def put(self, *messages):
        octets = b""
        for message in messages:
            body = marshal.dumps(message, 2)
            octets += struct.pack(">I", len(body)) + body
        self.socket.sendall(octets)

    def get(self):
        head = self.reader.read(4)
        return marshal.loads(self.reader.read(struct.unpack(">I", head)[0])) if head else None

    def ask(self, message):
        self.put(message)
        return self.get()

    def close(self):
        self.reader.close()
        self.socket.close()
        try:
            self.out, self.err = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.out, self.err = self.process.communicate()
        return self.process.returncode


class BridgeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.bridge = Bridge(self.folder.name)
        self.addCleanup(self.bridge.close)

    def load(self, name, **more):
        message = {"op": "load", "app": "bridge_apps:" + name, "factory": False, "folder": str(HERE),
                   "by_keyword": False}
        message.update(more)
        return self.bridge.ask(message)

    def play(self, *script, clock="virtual", last=True, turns=100_000):
        return self.bridge.ask({"op": "play", "script": list(script), "clock": clock, "turns": turns, "last": last})

    def more(self, *script, last=False):
        return self.bridge.ask({"op": "more", "script": list(script), "last": last})

    def played(self, name, *script, **more):
        loaded = self.load(name)
        self.assertNotIn("error", loaded)
        return self.play(("call", "main", SCOPE, False), *script, **more)

    def of(self, events, kind):
        """What events of this kind say, without when, and with their values read."""
        found = [event[4:] for event in events if event[0] == kind]
        if kind in ("fed", "sent", "called"):
            found = [event[:-1] + (marshal.loads(event[-1]),) for event in found]
        return found

    def one(self, events, kind):
        found = self.of(events, kind)
        self.assertEqual(len(found), 1, (kind, events))
        return found[0]

    def still_works(self):
        self.load("echo")
        events = self.play(("call", "x", SCOPE, False), ("feed", "x", CONNECT), ("until", "x", 1, 1.0, "sent", None))
        self.assertEqual(self.of(events, "sent"), [(1, {"type": "websocket.accept"})])


class Plays(BridgeTest):
    def test_echo_in_order(self):
        events = self.played("echo", ("step", 3), ("feed", "main", CONNECT), ("until", "main", 1, 1.0, None, None),
                             ("step", 4), ("feed", "main", {"text": "hi", "type": "websocket.receive"}),
                             ("until", "main", 2, 1.0, "sent", {"text": "hi"}), ("disconnect", "main", None, "bye"),
                             ("until", "main", 3, 1.0, "returned", None))
        self.assertEqual([(event[0], event[2], event[3]) for event in events], [
            ("called", -1, "main"), ("waiting", -1, "main"), ("step", 3, ""), ("fed", 3, "main"), ("sent", 3, "main"),
            ("waiting", 3, "main"), ("step", 4, ""), ("fed", 4, "main"), ("sent", 4, "main"), ("waiting", 4, "main"),
            ("fed", 4, "main"), ("returned", 4, "main"), ("tasks", -1, ""), ("end", -1, "")])
        self.assertEqual(self.of(events, "fed")[2][0],
                         {"type": "websocket.disconnect", "code": 1005, "reason": "bye"})
        self.assertEqual(self.of(events, "waiting")[0], ("receive", ""))
        self.assertIs(self.one(events, "end")[0], True)
        self.assertEqual(self.bridge.close(), 0)

    def test_http_disconnect(self):
        self.load("cleans_up")
        events = self.play(("call", "h", {"type": "http"}, False), ("disconnect", "h", 1000, ""))
        self.assertEqual(self.of(events, "fed"), [({"type": "http.disconnect"},)])

    def test_more_continues_and_last_ends(self):
        first = self.played("echo", ("step", 0), ("feed", "main", CONNECT), last=False)
        self.assertEqual(self.of(first, "tasks"), [])
        second = self.more(("step", 1), ("feed", "main", {"type": "websocket.receive", "text": "a"}),
                           ("until", "main", 2, 1.0, "sent", {"text": "a"}))
        self.assertEqual([event[0] for event in second], ["step", "fed", "sent", "waiting", "end"])
        last = self.more(last=True)
        self.assertEqual([event[0] for event in last], ["tasks", "raised", "end"])
        self.assertIs(self.one(last, "raised")[2], True)

    def test_stopped_skips_the_rest_and_stays_open(self):
        events = self.played("echo", ("until", "main", 1, 1.0, "sent", None), ("step", 9), last=False)
        self.assertEqual([event[0] for event in events], ["called", "waiting", "stopped", "end"])
        self.assertEqual(self.one(events, "stopped")[0], "unmet")
        self.assertIs(type(self.one(events, "stopped")[1]), float)
        events = self.more(("feed", "main", CONNECT), ("until", "main", 1, 1.0, "sent", {"type": "websocket.close"}))
        self.assertEqual(self.one(events, "stopped")[0], "unexpected")
        self.assertEqual([event[0] for event in self.more(last=True)], ["tasks", "raised", "end"])

    def test_stopped_with_last_is_cleaned_up(self):
        events = self.played("echo", ("until", "main", 1, 1.0, "sent", None), ("step", 9))
        self.assertEqual([event[0] for event in events], ["called", "waiting", "stopped", "tasks", "raised", "end"])

    def test_literal_compares_types(self):
        for literal, met in (({"yes": True}, True), ({"yes": 1}, False), ({"pair": (1, b"x")}, True),
                             ({"pair": [1, b"x"]}, False), ({"status": 200}, True), ({"none": None}, False)):
            events = self.played("values", ("until", "main", 1, 1.0, "sent", literal))
            self.assertEqual(self.of(events, "stopped") == [], met, literal)

    def test_values_as_they_were(self):
        sent = self.of(self.played("values"), "sent")
        event = sent[0][1]
        self.assertEqual((event["status"], type(event["status"])), (200, int))
        self.assertEqual((event["text"], type(event["text"])), ("t", str))
        self.assertEqual(event["odd"], ("\0object", "bridge_apps.values.<locals>.Odd", "<repr failed: ValueError>", None))
        self.assertEqual(event["body"], ("\0object", "bytearray", "bytearray(b'ab')", b"ab"))
        self.assertEqual(event["set"], ("\0object", "set", "{1}", None))
        self.assertEqual(event["pair"], (1, b"x"))
        self.assertEqual(sent[1], (2, None))

    def test_returned_and_raised(self):
        self.assertEqual(self.one(self.played("returns"), "returned"), ("{'path': '/ws'}",))
        chain, text, cancelled = self.one(self.played("raises"), "raised")
        self.assertEqual([(e["type"], e["message"]) for e in chain], [("RuntimeError", "outer"), ("KeyError", "'inner'")])
        self.assertRegex(chain[0]["where"], r"bridge_apps\.py:\d+ in raises$")
        self.assertNotIn("bridge.py", text)
        self.assertIs(cancelled, False)

    def test_sends_fail_and_are_held(self):
        events = self.played("sends_twice", ("tasks",), ("step", 1))
        self.assertEqual(len(self.of(events, "sent")), 2)
        self.load("sends_after_receive")
        events = self.play(("call", "main", SCOPE, False), ("fail_send", "main", 1, "ConnectionResetError", "gone"),
                           ("hold_send", "main", 2), ("feed", "main", {}),
                           ("until_waiting", "main", 1.0, "send"), ("release_send", "main"),
                           ("until", "main", 3, 1.0, "returned", None))
        self.assertEqual([event[0] for event in events], [
            "called", "waiting", "fed", "sent", "send_raised", "sent", "held", "waiting", "released", "returned",
            "tasks", "end"])
        self.assertEqual(self.one(events, "send_raised"), (1, "ConnectionResetError", "gone"))

    def test_a_release_before_its_send_lifts_the_hold(self):
        self.load("sends_after_receive")
        events = self.play(("call", "main", SCOPE, False), ("hold_send", "main", 1), ("release_send", "main"),
                           ("feed", "main", {}), ("until", "main", 3, 1.0, "returned", None))
        self.assertEqual(self.of(events, "held"), [])
        self.assertEqual(len(self.of(events, "returned")), 1)

    def test_every_send_fails_from_now_on(self):
        self.load("sends_after_receive")
        events = self.play(("call", "main", SCOPE, False), ("fail_send", "main", 0, "OSError", "gone"),
                           ("feed", "main", {}), ("until", "main", 3, 1.0, "returned", None))
        self.assertEqual([tuple(event) for event in self.of(events, "send_raised")],
                         [(1, "OSError", "gone"), (2, "OSError", "gone")])

    def test_cancel(self):
        events = self.played("echo", ("cancel", "main"), ("until", "main", 1, 1.0, "raised", None))
        self.assertIs(self.one(events, "raised")[2], True)
        self.assertIs(self.one(self.played("cancels_itself"), "raised")[2], False)

    def test_several_requests_at_once(self):
        self.load("returns")
        play = {"op": "play", "script": [("call", "a", SCOPE, False)], "clock": "real", "turns": 1000, "last": True}
        self.bridge.put(*[play] * 50)
        for _ in range(50):
            self.assertEqual(len(self.of(self.bridge.get(), "returned")), 1)

    def test_by_keyword_and_factory(self):
        self.assertIn("python", self.load("by_name", by_keyword=True))
        self.assertEqual(self.of(self.play(("call", "a", SCOPE, False)), "sent"), [(1, {"path": "/ws"})])
        self.assertIn("python", self.load("factory", factory=True))

    def test_load_errors(self):
        answer = self.load("nothing")
        self.assertEqual(answer["chain"][0]["type"], "AttributeError")
        self.assertIn("no attribute", answer["error"])
        self.still_works()


class Clocks(BridgeTest):
    def test_virtual_clock_jumps(self):
        began = time.monotonic()
        events = self.played("sleeps", ("until", "main", 1, 10.0, "sent", None))
        self.assertLess(time.monotonic() - began, 3)
        self.assertAlmostEqual(sum(event[0] for event in self.of(events, "clock")) / 1e9, 5, places=3)
        self.assertEqual(len(self.of(events, "sent")), 1)

    def test_out_of_time(self):
        for clock, seconds in (("virtual", 4.0), ("real", 0.2)):
            events = self.played("sleeps", ("until", "main", 1, seconds, "sent", None), clock=clock)
            why, waited = self.one(events, "stopped")
            self.assertEqual(why, "unmet")
            self.assertTrue(seconds <= waited < seconds + 1, waited)

    def test_nothing_can_come_stops_at_once(self):
        began = time.monotonic()
        self.assertEqual(self.one(self.played("echo", ("until", "main", 1, 20.0, None, None), clock="real"),
                                  "stopped")[0], "unmet")
        self.assertLess(time.monotonic() - began, 5)

    def test_idle_and_until_event(self):
        events = self.played("sleeps", ("idle", 4.0), ("step", 1), ("idle", 2.0), ("step", 2))
        order = [event[0] for event in events]
        self.assertLess(order.index("step"), order.index("sent"))
        self.load("echo")
        self.play(("call", "main", SCOPE, False), last=False, clock="real")
        began = time.monotonic()
        self.assertEqual([event[0] for event in self.more(("until_event", 0.3))], ["end"])
        self.assertGreaterEqual(time.monotonic() - began, 0.29)
        self.assertIn("sent", [event[0] for event in self.more(("feed", "main", CONNECT), ("until_event", 9.0))])

    def test_real_clock_goes_on_between_messages(self):
        self.load("sleeps")
        self.play(("call", "main", dict(SCOPE, seconds=0.2), False), clock="real", last=False)
        time.sleep(0.6)
        began = time.monotonic_ns()
        sent = [event for event in self.more(("until_event", 5.0)) if event[0] == "sent"]
        self.assertLess(sent[0][1], began)

    def test_waiting_is_told_again_elsewhere(self):
        places = self.of(self.played("two_places", ("idle", 5.0)), "waiting")
        self.assertEqual([what for what, _ in places], ["other", "other"])
        self.assertNotEqual(places[0], places[1])
        self.assertRegex(places[0][1], r"bridge_apps\.py:\d+ in two_places$")

    def test_threads_and_descriptors_in_real_time(self):
        for name in ("in_executor", "in_thread", "over_socket"):
            for clock in ("virtual", "real"):
                events = self.played(name, ("until", "main", 1, 5.0, "sent", None), clock=clock)
                self.assertEqual(self.of(events, "stopped"), [], (name, clock, events))

    def test_idle_worker_threads_do_not_stop_the_virtual_clock(self):
        began = time.monotonic()
        events = self.played("in_executor", ("until", "main", 2, 2000.0, "sent", None))
        self.assertEqual(self.of(events, "stopped"), [])
        self.assertLess(time.monotonic() - began, 5)


class Misbehaving(BridgeTest):
    def test_tasks_are_told_and_cancelled(self):
        events = self.played("leaves_task", ("tasks",))
        for count, listed in self.of(events, "tasks"):
            self.assertEqual((count, [name for name, _ in listed]), (1, ["left"]))
        self.assertEqual(self.one(self.play(("call", "b", SCOPE, False), ("feed", "b", {}),
                                            ("until", "b", 1, 1.0, None, None)), "tasks")[0], 1)
        self.still_works()

    def test_complaints(self):
        kind, text, chain, _ = self.one(self.played("never_retrieved", ("collect",)), "complaint")
        self.assertEqual((kind, chain[0]["type"]), ("never_retrieved", "LookupError"))
        self.load("not_awaited")
        for _ in range(2):  # in every play, not only in the first
            kind, text, _, _ = self.one(self.play(("call", "a", SCOPE, False)), "complaint")
            self.assertEqual(kind, "warning")
            self.assertIn("never awaited", text)

    def test_spinning(self):
        for name in ("spins", "spins_for_ever", "sends_for_ever", "ticks"):
            events = self.played(name, ("until", "main", 10 ** 9, 5.0, "returned", None), turns=2000)
            self.assertEqual(self.of(events, "complaint")[0][0], "spinning", name)
            self.assertEqual(self.one(events, "stopped")[0], "unmet")
            self.assertEqual(len(self.of(events, "tasks")), 1)
            self.still_works()

    def test_flood(self):
        events = self.played("floods", ("until", "main", 10 ** 9, 5.0, "returned", None))
        self.assertEqual(self.of(events, "complaint")[0][0], "spinning")
        self.assertLess(len(self.of(events, "sent")), 2000)
        self.still_works()

    def test_answers_kept_back_survive_an_exit(self):
        self.load("exits_second")
        plays = [{"op": "play", "script": [("call", "a", {"type": "http", "path": path}, False)], "clock": "real",
                  "turns": 1000, "last": True} for path in ("/", "/exit")]
        self.bridge.put(*plays)
        self.assertEqual(len(self.of(self.bridge.get(), "returned")), 1)
        self.assertIsNone(self.bridge.get())

    @unittest.skipIf(sys.version_info < (3, 11), "no exception groups")
    def test_exception_group(self):
        chain = self.one(self.played("in_group"), "raised")[0]
        self.assertEqual([one["type"] for one in chain], ["ExceptionGroup", "LookupError"])

    def test_one_that_will_not_die(self):
        for clock in ("real", "virtual"):
            began = time.monotonic()
            events = self.played("will_not_die", clock=clock)
            self.assertIn("goes on", self.one(events, "complaint")[1])
            self.assertLess(time.monotonic() - began, 5)
            self.still_works()

    def test_cleanup_may_take_a_moment(self):
        for clock in ("real", "virtual"):
            events = self.played("cleans_up", clock=clock)
            self.assertEqual(self.of(events, "sent"), [(1, {"type": "cleaned"})])
            self.assertIs(self.one(events, "raised")[2], True)

    def test_exits(self):
        self.assertEqual(self.one(self.played("exits"), "raised")[0][0]["type"], "SystemExit")
        events = self.played("exits_in_task", ("feed", "main", {}), ("until", "main", 1, 1.0, "sent", None))
        self.assertEqual([complaint[0] for complaint in self.of(events, "complaint")][:1], ["left_loop"])
        self.assertEqual(len(self.of(events, "sent")), 1)
        events = self.played("stops_loop", ("until", "main", 1, 1.0, "sent", None))
        self.assertEqual(self.one(events, "complaint")[0], "left_loop")
        self.assertIsNone(self.played("exits_at_once"))
        self.assertEqual(self.bridge.close(), 5)

    def test_not_asgi3(self):
        for name, kind in (("recurses", "RecursionError"), ("not_callable", "TypeError"), ("asgi2", "TypeError")):
            self.assertEqual(self.one(self.played(name), "raised")[0][0]["type"], kind)
        self.still_works()

    def test_output_and_logs(self):
        events = self.played("prints")
        output = self.of(events, "output")
        for line in (("stdout", "one"), ("stdout", "two"), ("stderr", "three")):
            self.assertIn(line, output)
        logs = self.of(events, "log")
        self.assertEqual(logs[0], ("WARNING", "app", "said it", ""))
        self.assertIn("broken %d", logs[1][2])
        self.assertIn("careful", self.of(events, "complaint")[0][1])
        self.bridge.close()
        self.assertIn(b"one\ntwo", self.bridge.out)
        self.assertIn(b"three\n", self.bridge.err)

    def test_hooks_taken_away(self):
        self.assertIs(self.one(self.played("replaces"), "end")[0], False)
        self.still_works()

    def test_fork(self):
        events = self.played("forks", ("until", "main", 1, 5.0, "sent", None))
        self.assertEqual(self.of(events, "sent"), [(1, {"code": 0})])
        self.still_works()

    def test_lifespan_outlives_its_play(self):
        self.load("lifespan")
        events = self.play(("call", "life", {"type": "lifespan"}, True), ("feed", "life", {"type": "lifespan.startup"}),
                           ("until", "life", 1, 1.0, "sent", None))
        self.assertEqual(self.one(events, "tasks"), (0, []))
        events = self.play(("call", "a", SCOPE, False), ("until", "a", 1, 1.0, "sent", None))
        self.assertEqual(self.of(events, "sent"), [(1, {"worker": True})])
        events = self.play(("feed", "life", {"type": "lifespan.shutdown"}), ("until", "life", 3, 1.0, "returned", None))
        self.assertEqual(self.one(events, "tasks")[0], 1)

    def test_blocked_tells_where(self):
        self.load("blocks")
        self.bridge.put({"op": "play", "script": [("call", "a", SCOPE, False)], "clock": "real", "turns": 10,
                         "last": True})
        blocked = pathlib.Path(self.folder.name, "blocked.txt")
        for _ in range(100):
            os.kill(self.bridge.process.pid, signal.SIGUSR1)
            time.sleep(0.05)
            if "in blocks" in blocked.read_text():
                break
        self.assertIn("in blocks", blocked.read_text())
        self.bridge.process.kill()


if __name__ == "__main__":
    unittest.main()
