#!/usr/bin/env python3
"""What receive() does itself to save a turn of the loop changes nothing: same events, same order."""
import sys
import unittest

from bridge_client import CONNECT, HTTP, TestCase, call, feed, text, until

GONE = ("disconnect", "main", 1000, "")
A, B = "a", "b"

# (application, script); whatever receive() may meet while it goes on with the script itself
PLAYS = [
    ("echo", [("step", 0), call(), feed(CONNECT), until(1), ("step", 1), feed(text("1")), until(2), ("step", 2), GONE,
              until(3)]),
    ("echo", [call(), feed(CONNECT), feed(text("1")), feed(text("2")), GONE, until(4)]),
    ("echo", [call(), ("step", 0), ("step", 1), feed(CONNECT), ("step", 2)]),
    ("echo", [call(), ("fail_send", "main", 1, "OSError", ""), feed(CONNECT), until(2, kind="raised")]),
    ("echo", [call(), feed(CONNECT), ("hold_send", "main", 1), feed(text("1")), until(2), feed(text("2")),
              ("release_send", "main"), until(3), GONE]),
    ("echo", [call(), feed(CONNECT), until(1), ("cancel", "main"), until(2)]),
    ("echo", [call(), feed(CONNECT), until(1, kind="returned"), ("step", 1)]),
    ("echo", [call(), feed(CONNECT), until(2, 1.0), feed(text("never"))]),
    ("echo", [call(), feed(CONNECT), ("until_waiting", "main", 1.0, "receive"), feed(text("1")),
              ("until_event", 1.0), ("idle", 1.0), feed(text("2")), ("tasks",), ("collect",), GONE]),
    ("echo", [call(), ("until_waiting", "main", 1.0, "send"), feed(CONNECT)]),
    ("echo", [call(lane=A), call(lane=B), feed(CONNECT, A), feed(CONNECT, B), until(1, lane=B), feed(text("1"), B),
              until(1, lane=A), feed(text("1"), A), until(2, lane=B), feed(text("2"), A), call(lane="c"),
              feed(CONNECT, "c"), until(3, lane=A), until(1, lane="c")]),
    ("strict", [call(HTTP), feed(text("1")), until(1), GONE, until(2)]),
    ("strict", [call(), ("fail_send", "main", 2, "OSError", "x"), feed(text("1")), until(1), feed(text("2")), until(3),
                GONE]),
    ("changes", [call(), feed({"type": "e", "list": []}), until(2)]),
    ("impatient", [call(), feed(text("1")), until(1), until(2, 20.0), feed(text("2")), until(3), GONE, until(4)]),
    ("pair", [call(), feed(CONNECT), until(1), feed(text("1")), feed(text("2")), until(3), GONE, until(5)]),
    ("twice", [call(), feed(text("1")), ("step", 1), feed(text("2")), until(3)]),
    ("second", [call(), feed(text("1")), ("step", 1), feed(text("2")), until(3)]),
    ("holds_another", [call(), ("hold_send", "main", 1), feed(text("1")), ("step", 1), ("release_send", "main"),
                       feed(text("2")), until(3)]),
    ("cancels_itself", [call(), feed(text("1")), until(2), feed(text("2")), until(3)]),
    ("bystander", [call(), feed(text("1")), until(2)]),
    ("leaves_tasks", [call(), ("tasks",), feed(CONNECT), until(2), ("tasks",)]),
    ("forgets", [call(), feed(CONNECT), until(1), ("collect",)]),
    ("moves", [call(), until(1, 5.0)]),
]
if sys.version_info >= (3, 12):
    PLAYS.append(("eager", [call(), feed(text("1")), until(1), feed(text("2")), until(3)]))


class Inline(TestCase):
    def both(self, app, script, **options):
        answers = []
        for inline in (True, False):
            bridge = self.bridge(app, inline=inline)
            events = bridge.play(*script, **options)
            again = bridge.play(*script, **options)
            for one in (events, again):
                # Names of tasks are counted and addresses differ from process to process.
                answers.append([event for event in one.timeless() if event[0] not in ("tasks", "complaint")] +
                               [(name, event[1:4], event[4].count("\n")) for name, event in
                                ((name, tuple(e)) for name, e in one) if name == "complaint"] +
                               [("tasks", event.step, event.count, [where for _, where in event.list])
                                for event in one.of("tasks")])
        return answers

    def test_plays(self):
        for number, (app, script) in enumerate(PLAYS):
            with self.subTest(number=number, app=app):
                first, again, turned, turned_again = self.both(app, script)
                self.assertEqual(first, turned)
                self.assertEqual(again, turned_again)
                self.assertEqual(first, again)

    def test_in_parts(self):
        for app, script in PLAYS[:14]:
            whole, parts = [], []
            for inline in (True, False):
                bridge = self.bridge(app, inline=inline)
                events = bridge.play(last=False)[:-1]
                for action in script:
                    events += bridge.more(action, last=False)[:-1]
                    if any(name == "stopped" for name, _ in events):
                        break
                (whole if inline else parts).extend(
                    (name,) + tuple(event[1:]) for name, event in events if name != "tasks")
            with self.subTest(app=app, script=script):
                self.assertEqual(whole, parts)


if __name__ == "__main__":
    unittest.main()
