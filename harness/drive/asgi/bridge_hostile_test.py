#!/usr/bin/env python3
"""What the bridge tells of applications that misbehave, and that it never hangs with them."""
import os
import pathlib
import signal
import sys
import time
import unittest

from bridge_client import CONNECT, WEBSOCKET, Events, TestCase, call, feed, text, until


def at(path):
    return call(dict(WEBSOCKET, path=path))


class Loading(TestCase):
    def test_what_can_be_called(self):
        for app, options in (("instance", {}), ("factory", {"factory": True})):
            bridge = self.bridge(app, **options)
            self.assertEqual(self.sent(bridge.play(call(), until(1))), [{"type": "instance"}])

    def test_what_cannot(self):
        bridge = self.bridge()
        for app, factory, error in (("none:x", False, "ModuleNotFoundError"),
                                    ("bridge_hard_apps:none", False, "AttributeError"),
                                    ("bridge_hard_apps:broken_factory", True, "OSError")):
            answer = bridge.load(app, factory)
            self.assertEqual(answer["chain"][0]["type"], error)
            self.assertIn(error, answer["error"])
        self.assertRegex(answer["chain"][0]["where"], r"bridge_hard_apps\.py:\d+ in broken_factory$")
        self.assertIn("python", bridge.load("bridge_hard_apps:echo"))
        self.assertIn("unknown operation", bridge.ask(op="novel")["error"])

    def test_a_module_that_exits_or_runs_a_loop_of_its_own(self):
        bridge = self.bridge()
        for name, code in (("leaves", "import sys\nsys.exit('no settings')"),
                           ("asks", "import asyncio\nasyncio.get_event_loop()\nfrom bridge_hard_apps import echo"),
                           ("own_loop", "import asyncio\nasyncio.run(asyncio.sleep(0))\nfrom bridge_hard_apps import echo")):
            pathlib.Path(bridge.folder, name + ".py").write_text(code)
        answers = [bridge.ask(op="load", app=name + ":echo", folder=bridge.folder) for name in ("leaves", "own_loop")]
        self.assertEqual(answers[0]["chain"][0]["type"], "SystemExit")
        self.assertIn("bridge_hard_apps", answers[1]["error"])  # was not found: its folder is another
        bridge.load("bridge_hard_apps:echo")
        self.assertIn("python", bridge.ask(op="load", app="own_loop:echo", folder=bridge.folder))
        self.assertEqual(len(self.sent(bridge.play(call(), feed(CONNECT), until(1)))), 1)
        self.assertIn("python", bridge.ask(op="load", app="asks:echo", folder=bridge.folder))

    def test_not_asgi_3(self):
        for app, error in (("Double", "TypeError"), ("not_async", "TypeError"), ("nothing", "TypeError")):
            raised = self.bridge(app).play(call(), until(1)).one("raised")
            self.assertEqual(raised.chain[0]["type"], error)


class Exceptions(TestCase):
    def test_the_chain(self):
        raised = self.bridge("fails").play(call(), until(1, kind="raised")).one("raised")
        self.assertEqual([(one["type"], one["message"]) for one in raised.chain],
                         [("RuntimeError", "outer"), ("KeyError", "'inner'")])
        self.assertRegex(raised.chain[1]["where"], r"bridge_hard_apps\.py:\d+ in fails$")
        self.assertIn("direct cause", raised.traceback)
        self.assertNotIn("run_call", raised.traceback)
        self.assertFalse(raised.cancelled)

    def test_the_place_is_the_applications(self):
        raised = self.bridge("moves").play(call(), ("cancel", "main"), until(1)).one("raised")
        self.assertTrue(raised.cancelled)
        self.assertRegex(raised.chain[0]["where"], r"bridge_hard_apps\.py:\d+ in moves$")

    def test_recursion(self):
        bridge = self.bridge("recursive")
        for _ in range(2):
            raised = bridge.play(call(), until(1)).one("raised")
            self.assertEqual(raised.chain[0]["type"], "RecursionError")

    @unittest.skipIf(sys.version_info < (3, 11), "groups came with 3.11")
    def test_a_group(self):
        raised = self.bridge("grouped").play(call(), until(1)).one("raised")
        self.assertEqual([one["type"] for one in raised.chain], ["ExceptionGroup", "ValueError"])

    def test_a_value_is_returned(self):
        returned = self.bridge("returns").play(call(), until(1)).one("returned")
        self.assertEqual(returned.value, "<repr failed: RuntimeError>")


class Values(TestCase):
    def test_they_keep_their_types(self):
        sent = self.sent(self.bridge("values").play(call(), until(19, 5.0)))
        values = [event["value"] for event in sent[:15]]
        self.assertEqual(values[:5], [b"\xff", (1, [2, None]), {1: 2, b"k": True}, 1 << 100, "\udce9"])
        self.assertEqual([type(value) for value in values[:3]], [bytes, tuple, dict])
        self.assertEqual(values[5], ("\0object", "bytearray", "bytearray(b'ab')", b"ab"))
        self.assertEqual(values[6][3], b"cd")
        self.assertEqual([value[1] for value in values[7:9]], ["set", "complex"])
        self.assertEqual(values[9:12], [200, "sub", {"a": 1}])
        self.assertEqual([type(value) for value in values[9:11]], [int, str])
        self.assertEqual(values[12][1:], ("bridge_hard_apps.Rude", "<repr failed: RuntimeError>", None))
        self.assertIn("too deep", repr(values[13]))
        self.assertIn("too deep", repr(values[14]))
        self.assertEqual([sent[15][1], sent[16], sent[17]], ["bridge_hard_apps.Rude", None, {"type": "v"}])


class Told(TestCase):
    def complaints(self, events):
        return [(one.kind, one.text.split("\n")[0]) for one in events.of("complaint")]

    def test_never_retrieved(self):
        bridge = self.bridge("forgets")
        events = bridge.play(call(), feed(CONNECT), until(1), ("collect",), ("step", 1))
        self.assertEqual(events.names()[-4:], ["complaint", "step", "tasks", "end"])
        complaint = events.one("complaint")
        self.assertEqual((complaint.kind, complaint.chain[0]["type"]), ("never_retrieved", "LookupError"))
        self.assertIn("lost", complaint.traceback)

    def test_what_the_interpreter_says(self):
        bridge = self.bridge("unawaited")
        for _ in range(2):  # a warning is shown each time
            kinds = sorted(kind for kind, _ in self.complaints(bridge.play(call(), until(1))))
            self.assertEqual(kinds[:4], ["loop", "unraisable", "unraisable", "warning"])
        texts = " ".join(text for _, text in self.complaints(self.bridge("unawaited").play(call(), until(1))))
        for wanted in ("never awaited", "mind this", "Exception in thread worker", "__del__"):
            self.assertIn(wanted, texts)

    def test_logging_and_standard_streams(self):
        bridge = self.bridge("talks")
        events = bridge.play(("step", 3), call(), until(1))
        self.assertEqual([event[1:5] for event in events.of("log")], [
            (3, "", "WARNING", "apps"), (3, "", "ERROR", "apps"), (3, "", "ERROR", "apps")])
        self.assertEqual(events.of("log")[0].text, "1 of 2")
        self.assertIn("TypeError", events.of("log")[1].text)
        self.assertIn("KeyError", events.of("log")[2].traceback)
        printed = [(one.stream, one.text) for one in events.of("output")]
        self.assertEqual([text for stream, text in printed if stream == "stdout"], ["to stdout", "a", "b", "rest"])
        self.assertIn(("stderr", "to stderr"), printed)
        self.assertTrue(events.one("end").hook)

    def test_the_state_of_the_lifespan(self):
        bridge = self.bridge("states")
        bridge.play(call({"type": "lifespan", "state": {}}, "life", True), until(1, lane="life"))
        for _ in range(2):  # each call has a copy
            self.assertEqual(self.sent(bridge.play(call(), until(1))), [{"type": "state", "state": {"by": "lifespan"}}])

    def test_what_is_printed_arrives_before_a_crash(self):
        bridge = self.bridge("exits")
        bridge.write(bridge.playing([at("print")]))
        self.assertIsNone(bridge.read())
        self.assertEqual(bridge.process.wait(10), -signal.SIGKILL)
        self.assertEqual(bridge.process.stdout.read(), b"last words")

    def test_talk_without_end(self):
        events = self.bridge("chatters").play(call(), until(1), ("step", 1))
        self.assertLess(len(events.of("log")), 70)
        self.assertEqual(events.names()[-4:], ["returned", "step", "tasks", "end"])

    def test_an_application_that_replaces_stdout(self):
        events = self.bridge("replaces_stdout").play(call(), until(1))
        self.assertEqual([one.text for one in events.of("output")], ["before", "after"])

    def test_an_application_that_takes_the_hook_of_logging(self):
        self.assertTrue(self.bridge("takes_log_hook").play(at("/chain"), until(1)).one("end").hook)
        self.assertFalse(self.bridge("takes_log_hook").play(at("/"), until(1)).one("end").hook)


class Leaving(TestCase):
    def test_exits_within_the_call(self):
        for how, error in (("sys.exit", "SystemExit"), ("interrupt", "KeyboardInterrupt"),
                           ("cancelled", "CancelledError")):
            bridge = self.bridge("exits")
            for _ in range(2):
                raised = bridge.play(at(how), until(2)).one("raised")
                self.assertTrue(raised.chain[0]["type"].endswith(error))
                self.assertFalse(raised.cancelled)

    def test_exits_that_leave_the_loop(self):
        for how in ("task", "stop"):
            bridge = self.bridge("exits")
            for _ in range(2):
                events = bridge.play(at(how), until(2, 1.0))
                self.assertEqual(events.one("complaint").kind, "left_loop", how)

    def test_the_process_ends(self):
        bridge = self.bridge("exits")
        plays = [bridge.playing([at(how), until(2)]) for how in ("", "os._exit", "")]
        bridge.write(*plays)
        self.assertEqual(len(Events(bridge.read()).of("sent")), 2)
        self.assertIsNone(bridge.read())  # the first without an answer is the one that did it
        self.assertEqual(bridge.process.wait(10), 3)

    def test_a_fork_leaves_the_conversation_to_the_parent(self):
        bridge = self.bridge("forks")
        for _ in range(2):
            events = bridge.play(call(), until(1))
            self.assertEqual(self.sent(events), [{"type": "parent", "status": 0}])

    def test_the_harness_hangs_up(self):
        bridge = self.bridge("stubborn")
        bridge.play(call(), last=False)
        bridge.reader.close()
        bridge.socket.close()
        self.assertEqual(bridge.process.wait(10), 0)


class Spinning(TestCase):
    def test_never_at_rest(self):
        for path, kinds in (("/", ["spinning"]), ("/never", ["spinning", "loop"])):
            bridge = self.bridge("busy")
            for _ in range(2):
                events = bridge.play(("step", 0), at(path), ("step", 1), turns=2000)
                self.assertEqual([one.kind for one in events.of("complaint")], kinds)
                self.assertRegex(events.of("complaint")[0].text, r"turns without a pause.*bridge_hard_apps\.py:\d+ in busy")
                self.assertEqual(events.one("stopped").why, "unmet")
            self.assertEqual(bridge.play(("step", 0), turns=2000).names(), ["step", "tasks", "end"])

    def test_what_spins_between_the_plays_does_not_keep_the_harness_waiting(self):
        bridge = self.bridge("spins_for_ever")
        bridge.play(call({"type": "lifespan"}, keep=True), until(1, 1.0), turns=2000)
        for _ in range(2):
            self.assertEqual(bridge.play(call(lane="web"), turns=2000).of("complaint")[0].kind, "spinning")
        bridge.reader.close()
        bridge.socket.close()
        self.assertEqual(bridge.process.wait(10), 0)

    def test_sends_without_end(self):
        for path in ("/", "/never"):
            bridge = self.bridge("floods")
            for _ in range(2):
                events = bridge.play(at(path), until(1_000_000))
                self.assertIn("without a pause", events.of("complaint")[0].text)
                self.assertGreater(len(events.of("sent")), 600)

    def test_stubborn(self):
        bridge = self.bridge("stubborn")
        for _ in range(3):
            events = bridge.play(call(), ("cancel", "main"), ("idle", 1.0))
            self.assertEqual(events.of("raised"), [])
            self.assertRegex(events.one("complaint").text, "was cancelled and goes on.* in stubborn")
        self.assertEqual([event.count for event in bridge.play(("tasks",)).of("tasks")], [0, 0])

    def test_blocked(self):
        bridge = self.bridge("blocks")
        bridge.write(bridge.playing([at("1"), until(2)]))
        blocked = pathlib.Path(bridge.folder, "blocked.txt")
        end = time.monotonic() + 10
        while "in blocks" not in blocked.read_text() and time.monotonic() < end:
            os.kill(bridge.process.pid, signal.SIGUSR1)
            time.sleep(0.05)
        self.assertRegex(blocked.read_text(), r"bridge_hard_apps\.py\", line \d+ in blocks")
        self.assertEqual(len(Events(bridge.read()).of("sent")), 2)


class Tasks(TestCase):
    def test_one_that_was_made_without_the_loop(self):
        events = self.bridge("makes_task_itself").play(call(), until(1), ("tasks",))
        self.assertEqual([event.count for event in events.of("tasks")], [1, 1])
        self.assertRegex(events.of("tasks")[0].list[0][1], "in sleeps$")


class Outside(TestCase):
    """Threads, sockets and processes are waited for in real time, with the virtual clock too."""

    def test_threads(self):
        for app, word in (("in_pool", "slept"), ("in_thread", "told")):
            bridge = self.bridge(app)
            for clock in ("virtual", "real"):
                events = bridge.play(call(), until(1), clock=clock)
                self.assertEqual(self.sent(events), [{"type": word}])

    def test_a_pool_at_rest_is_not_waited_for(self):
        events = self.bridge("in_pool").play(call(), until(1), until(2, 20.0))
        self.assertLess(events.one("stopped").waited, 5.0)

    def test_a_thread_that_comes_to_rest_in_silence(self):
        stopped = self.bridge("in_silence").play(call(), until(1, 20.0)).one("stopped")
        self.assertLess(stopped.waited, 10.0)

    def test_the_clock_never_goes_back(self):
        """What outlives a play on the virtual clock goes on in one on the real clock."""
        bridge = self.bridge("beats")
        bridge.play(call({"type": "lifespan"}, "life", True), until(3, 3600.0, lane="life"))
        events = bridge.play(until(5, 2.0, lane="life"), clock="real")
        self.assertEqual(events.of("stopped"), [])
        self.assertEqual(len(events.of("sent")), 2)

    def test_a_thread_that_takes_too_long(self):
        bridge = self.bridge("in_pool")
        stopped = bridge.play(call(), until(1, 0.05)).one("stopped")
        self.assertAlmostEqual(stopped.waited, 0.05, delta=0.1)

    def test_sockets_and_processes(self):
        for clock in ("virtual", "real"):
            self.assertEqual(self.sent(self.bridge("over_sockets").play(call(), until(1), clock=clock)),
                             [{"type": "read", "bytes": b"octets"}])
            self.assertEqual(self.sent(self.bridge("runs_programs").play(call(), until(1, 20.0), clock=clock)),
                             [{"type": "output", "bytes": b"42\n"}])

    def test_anyio(self):
        bridge = self.bridge()
        if bridge.ask(op="load", app="anyio:run", folder="").get("error"):
            self.skipTest("anyio is not installed")
        bridge.load("bridge_hard_apps:with_anyio")
        for _ in range(2):
            events = bridge.play(call(), feed(text("1")), until(1), until(2, 60.0), until(3))
            self.assertEqual([event["type"] for event in self.sent(events)], ["slept", "websocket.receive"])
            self.assertEqual(events.of("complaint", "stopped"), [])
            self.assertEqual(events.one("tasks").count, 0)


if __name__ == "__main__":
    unittest.main()
