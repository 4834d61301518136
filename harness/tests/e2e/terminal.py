"""terminal.py BINARY: what is drawn on a terminal while a run goes on, what a log gets instead, questions
asked by signal and by key, Ctrl-C, and --watch."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

from harness import Bench, check, get

bench = Bench(sys.argv[1])
bench.standin("well")
bench.standin("no-log", logs=None, log_mark=None)
bench.scenario("a-relapses", steps=get("/a", 404))
bench.scenario("b-slow", steps=[{"pause": "3s"}, *get("/b")])
bench.scenario("c-" + "long-" * 12, steps=[{"pause": "300ms"}, *get("/c")])


class Terminal:
    """A run whose standard error (and keyboard) is a terminal; its results go to a pipe."""

    def __init__(self, *arguments, columns=100, **environment):
        self.master, slave = pty.openpty()
        self.resize(columns)
        plain = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "RELAPSE_HOME")}
        self.settings = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            [sys.argv[1], "-C", str(bench.home), *arguments], stdin=slave, stdout=subprocess.PIPE,
            stderr=slave, env={**plain, "TERM": "xterm", "LC_ALL": "C.UTF-8", **environment},
            start_new_session=True, text=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.slave = slave
        self.drawn = ""

    def resize(self, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.master], [], [], 0.05)[0]:
                self.drawn += os.read(self.master, 65536).decode()
        return self.drawn

    def until(self, text, seconds=30):
        end = time.monotonic() + seconds
        while text not in self.drawn and time.monotonic() < end:
            self.read(0.1)
        check(text in self.drawn, f"never drawn: {text!r}", self.drawn)

    def end(self, seconds=60):
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        check(self.process.poll() is not None, "it still runs", self.drawn)
        self.read(0.2)
        after = termios.tcgetattr(self.slave)
        check(after[3] == self.settings[3], "the terminal is as it was")
        return self.process.returncode, self.process.stdout.read()


def lines_of(drawn):
    """Every state of the last line."""
    return [part.split("\x1b[K")[0] for part in re.split(r"\r(?!\n)", drawn)[1:]]


# Redrawn, at most ten times a second, never wider than the terminal, and taken away at the end.
terminal = Terminal("run", "-t", "well", "--retries", "0")
terminal.until("running: b-slow 1 s")
code, out = terminal.end()
check(code == 1, code, out)
states = lines_of(terminal.drawn)
check(any("[1/3] 1 relapsed · 00:0" in state for state in states), states)
check(terminal.drawn.count("✗ Relapsed") == 1 and "a-relapses on well: expected" in terminal.drawn,
      terminal.drawn)
check(terminal.drawn.endswith("\r\x1b[K"), repr(terminal.drawn[-80:]))
check(len(states) < 100, len(states))
check("\x1b[K" not in out and "\r" not in out, "results hold no control codes", out)
check("All that did not hold" not in out, out)

for columns in (20, 40):
    terminal = Terminal("run", "c-" + "long-" * 12, "-t", "well", columns=columns)
    code, out = terminal.end()
    check(code == 0, code, out)
    check(all(len(state) < columns for state in lines_of(terminal.drawn)), lines_of(terminal.drawn))

# A terminal that is made narrower while it runs.
terminal = Terminal("run", "b-slow", "-t", "well")
terminal.until("running: b-slow")
terminal.resize(15)
terminal.read(0.5)
before = len(terminal.drawn)
terminal.end()
check(all(len(state) < 15 for state in lines_of(terminal.drawn[before:])), terminal.drawn[before:])

# Two targets at once.
terminal = Terminal("run", "b-slow", "-t", "well", "-t", "no-log", "-j", "2")
terminal.until("running: b-slow 1 s, b-slow 1 s")
check(terminal.end()[0] == 0)

# What runs now: by signal, and by key.
terminal = Terminal("run", "b-slow", "-t", "well")
terminal.until("running: b-slow")
os.kill(terminal.process.pid, signal.SIGUSR1)
terminal.until(" s: b-slow on well")
before = terminal.drawn.count(" s: b-slow on well")
os.write(terminal.master, b"t")
terminal.read(1)
check(terminal.drawn.count(" s: b-slow on well") == before + 1, terminal.drawn)
check(terminal.end()[0] == 0)
terminal = Terminal("run", "b-slow", "-t", "well", "--no-input")
terminal.until("running: b-slow")
os.write(terminal.master, b"t")
terminal.read(0.5)
check(" s: b-slow on well" not in terminal.drawn, terminal.drawn)
terminal.end()

# Ctrl-C: a report, marked; the terminal is left in order.
terminal = Terminal("run", "b-slow", "-t", "well")
terminal.until("running: b-slow")
os.write(terminal.master, b"\x03")
code, out = terminal.end()
check(code == 130 and "INTERRUPTED: " in out, code, out)
check(bench.last_run()["interrupted"] and "stop_reason" not in bench.last_run())
terminal = Terminal("run", "b-slow", "-t", "well")
terminal.until("running: b-slow")
terminal.process.send_signal(signal.SIGTERM)
check(terminal.end()[0] == 143)

# No terminal, or CI: no control codes; failures at once, and again at the end.
bench.scenario("d-relapses", steps=get("/d", 404))
done = bench.run("run", "-t", "well", "--retries", "0")
check("\x1b" not in done.stderr + done.stdout and "\r" not in done.stderr, done.stderr)
check("✗ Relapsed       a-relapses on well: " in done.stderr, done.stderr)
tail = done.stdout[done.stdout.index("All that did not hold"):]
check("a-relapses" in tail and "d-relapses" in tail, done.stdout)
terminal = Terminal("run", "a-relapses", "-t", "well", "--retries", "0", CI="true")
terminal.end()
check("\x1b[K" not in terminal.drawn and "a-relapses on well" in terminal.drawn, terminal.drawn)
terminal = Terminal("run", "a-relapses", "-t", "well", "--retries", "0", "--color", "never", LC_ALL="C")
code, out = terminal.end()
check((terminal.drawn + out).isascii() and "\x1b[1;31m" not in terminal.drawn + out, terminal.drawn, out)
(bench.home / "scenarios/d-relapses.json").unlink()

# --watch: what a save changes is replayed again.
terminal = Terminal("run", "-t", "well", "--retries", "0", "--watch", "--no-report")
terminal.until("Ctrl-C ends.")
bench.scenario("a-relapses", steps=get("/a"))
terminal.until("Saved; again: a-relapses\r\n")
terminal.read(3)
check(terminal.drawn.count("Ctrl-C ends.") == 2, terminal.drawn)
bench.scenario("a-relapses", steps=get("/a"), tags=["touched"])
terminal.until("Saved; nothing that is replayed has changed.")
(bench.home / "scenarios/a-relapses.json").write_text("{")
terminal.until("error:")
bench.scenario("a-relapses", steps=get("/a", 404))
terminal.until("Saved; again: a-relapses\r\n")
terminal.read(2)
bench.standin("well", title="another")
terminal.until("Saved; again: a-relapses, b-slow and c-")
terminal.read(6)
os.write(terminal.master, b"\x03")
code, out = terminal.end()
check(out.count("RELAPSED  1 planned") == 1 and out.count("HOLDS  1 planned") == 1, out)
check(out.count("RELAPSED  3 planned") == 2, out)
bench.remove()
