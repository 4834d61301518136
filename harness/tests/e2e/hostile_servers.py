"""hostile_servers.py BINARY: against servers that mean harm no scenario holds, every run ends in time, and
the harness does not grow without bound."""
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

from harness import HERE, PYTHON, Bench, check

MEBIBYTE = 1 << 20
bench = Bench(sys.argv[1])


def hostile(mode):
    (bench.home / "fixtures/targets" / f"{mode}.json").write_text(json.dumps({
        "title": f"hostile: {mode}",
        "address": "http://127.0.0.1:${port}",
        "launch": {
            "command": [PYTHON, str(HERE / "hostile.py"), mode, "${port}"],
            "ready": {"path": "/health", "status": 200, "within": "5s"},
            "stop": {"signal": "TERM", "within": "5s", "exit": [-15]},
        },
        "logs": [{"process": True}],
        "log_mark": {"path": "/health", "within": "2s"},
    }))


def high_water(pid):
    """The most memory that the process has held so far."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def measured(*arguments, seconds, limit):
    """Runs relapse; answers exit code, wall time, peak memory in bytes and standard error.

    A harness that takes too long or grows past `limit` is ended, by its id, and fails the test."""
    started = time.monotonic()
    process = subprocess.Popen(
        [bench.binary, "-C", str(bench.home), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={k: v for k, v in os.environ.items() if k not in ("RELAPSE_HOME", "CI")})
    output = []
    reader = threading.Thread(target=lambda: output.append(process.stdout.read()))
    reader.start()
    peak, ended = 0, None
    while True:
        pid, status = os.waitpid(process.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, high_water(process.pid))
        if not ended and (peak > limit or time.monotonic() - started > seconds):
            ended = f"peak {peak // MEBIBYTE} MiB after {time.monotonic() - started:.1f} s"
            process.kill()
        time.sleep(0.01)
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join(10)
    return process.returncode, time.monotonic() - started, peak, "".join(output), ended


problems = []


def attacked(mode, scenario, outcome, words, seconds=30, limit=512 * MEBIBYTE):
    """The verdict is `outcome` and its reason has one of `words`; time and memory stay within bounds."""
    hostile(mode)
    code, wall, peak, output, ended = measured(
        "run", scenario, "-t", mode, "--retries", "0", seconds=seconds, limit=limit)
    line = f"{mode:16} {scenario:10} exit {code} in {wall:4.1f} s, peak {peak // MEBIBYTE} MiB"
    if ended:
        problems.append(f"{line}: ENDED by the test, {ended}\n{output[-800:]}")
        print(line, "ENDED", ended, flush=True)
        return
    results = bench.last_run()["results"]
    found = results[0]["outcome"], results[0].get("reason") or ""
    print(line, *found, flush=True)
    if found[0] != outcome or not any(word in found[1] for word in words):
        problems.append(f"{line}: {found}, expected {outcome} with one of {words}")
    if peak > limit:
        problems.append(f"{line}: more than {limit // MEBIBYTE} MiB")


GET = {"send": {"request": {"path": "/x"}}}
UPGRADE = {"send": {"upgrade": {"path": "/x"}}}
ANSWERED = {"name": "the answer", "expect": {"response": {"status": 200}}, "within": "2s"}
OPEN = {"name": "the upgrade", "expect": {"upgrade": {"status": 101}}, "within": "2s"}
HELLO = {"name": "the greeting", "expect": {"text": "hello"}, "within": "2s"}
OTHER = {"name": "another text", "expect": {"text": "never said"}, "within": "1s"}
NOTHING = {"name": "the end", "expect": {"end": "any", "skip": True}, "within": "3s"}
BINARY = {"name": "a binary message", "expect": {"binary": {"size": {"more": 0}}}, "within": "2s"}

bench.scenario("get", steps=[GET, ANSWERED], budget="8s")
bench.scenario("get-once", steps=[GET, ANSWERED, {"pause": "300ms"}], budget="8s",
               count=[{"name": "one answer", "of": {"response": {}}, "is": 1}],
               never=[{"name": "no stray octets", "bytes": {}}])
bench.scenario("hello", steps=[UPGRADE, OPEN, HELLO], budget="8s")
bench.scenario("other", steps=[UPGRADE, OPEN, OTHER], budget="8s")
bench.scenario("skipping", budget="8s", steps=[UPGRADE, OPEN, {
    "name": "another text", "expect": {"text": "never said", "skip": True}, "within": "1s"}])
bench.scenario("binary", steps=[UPGRADE, OPEN, BINARY], budget="8s")
bench.scenario("unwanted", steps=[UPGRADE, OPEN, {"pause": "500ms"}], budget="8s",
               never=[{"name": "no secret", "text": {"contains": "secret"}}])
bench.scenario("wanted", steps=[UPGRADE, OPEN, {"pause": "500ms"}], budget="8s",
               never=[{"name": "no greeting", "text": {"contains": "hell"}}])
bench.scenario("counted", steps=[UPGRADE, OPEN, {"pause": "500ms"}], budget="8s",
               count=[{"name": "few greetings", "of": {"text": {"contains": "hello"}},
                       "is": {"less": 5}}])
bench.scenario("until-the-end", steps=[UPGRADE, OPEN, NOTHING], budget="8s",
               guards={"server_error": False, "log": False})
bench.scenario("long-text", steps=[UPGRADE, OPEN, {
    "name": "a text", "expect": {"text": {"contains": "hello"}}, "within": "2s"}], budget="8s",
               never=[{"name": "no secret", "text": {"contains": "secret"}}])
PACKED = {"send": {"upgrade": {"path": "/x", "deflate": True}}}
bench.scenario("packed", steps=[PACKED, OPEN, {
    "name": "32 MiB", "expect": {"binary": {"size": 32 << 20}}, "within": "4s"}], budget="8s")
bench.scenario("packed-small", steps=[PACKED, OPEN, {
    "name": "one octet", "expect": {"binary": {"size": 1}, "skip": True}, "within": "6s"}], budget="12s")
bench.scenario("packed-text", steps=[PACKED, OPEN, {
    "name": "a text", "expect": {"text": {"present": True}}, "within": "2s"}], budget="8s")

attacked("silent", "get", "relapsed", ["no byte", "hang"])
attacked("dribble", "get", "relapsed", ["the answer"])
attacked("endless-head", "get", "relapsed", ["the answer"])
attacked("endless-body", "get", "relapsed", ["the answer"])
attacked("huge-length", "get", "relapsed", ["the answer"])
attacked("endless-frames", "other", "relapsed", ["another text"])
attacked("endless-frames", "skipping", "relapsed", ["another text"])
attacked("endless-message", "hello", "relapsed", ["the greeting"])
attacked("pings", "hello", "relapsed", ["the greeting"])
attacked("endless-frames", "unwanted", "inconclusive", ["no secret: expected never TEXT"])
attacked("endless-frames", "wanted", "relapsed", ["no greeting"])
attacked("endless-frames", "counted", "relapsed", ["few greetings"])
attacked("many-frames", "until-the-end", "holds", [""])
attacked("long-text", "long-text", "inconclusive", ["no secret"])
attacked("endless-octets", "get", "relapsed", ["the answer"])
attacked("endless-interim", "get", "relapsed", ["the answer"])
attacked("endless-closes", "hello", "relapsed", ["the greeting"])
attacked("log-flood", "hello", "inconclusive", ["the record was full"])
attacked("bomb", "packed", "holds", [""])
attacked("endless-bombs", "packed-small", "inconclusive", ["only a part of it is kept"])
attacked("bad-deflate", "packed-text", "relapsed", ["not a deflate stream"])
attacked("rsv1", "packed-text", "relapsed", ["RSV1, but the target did not accept"])
attacked("huge-frame", "binary", "relapsed", ["a binary message"])
attacked("twice", "get-once", "relapsed", ["one answer", "no stray octets"])
attacked("short", "get", "relapsed", ["the answer"])
attacked("long", "get-once", "relapsed", ["no stray octets"])
attacked("negative", "get", "relapsed", ["the answer"])
attacked("bad-chunk", "get", "relapsed", ["the answer"])
attacked("frame-short", "hello", "relapsed", ["the greeting"])

# An answer that is cut at every octet: only the whole one holds.
OK = 40
UPGRADED = 129  # the answer to an upgrade with a greeting of 7 octets is 136 long


def cut(mode, steps, whole, sizes):
    hostile(mode)
    for size in sizes:
        path = {"path": f"/{size}"}
        kind = "upgrade" if "upgrade" in steps[0]["send"] else "request"
        bench.scenario(f"{mode}-{size:03}", steps=[{"send": {kind: path}}, *steps[1:]], budget="8s")
    code, wall, peak, output, ended = measured(
        "run", f"{mode}-*", "-t", mode, "--retries", "0", seconds=120, limit=512 * MEBIBYTE)
    if ended:
        problems.append(f"{mode}: ENDED by the test, {ended}")
        return
    results = bench.last_run()["results"]
    print(f"{mode:16} {len(results)} cuts in {wall:4.1f} s, peak {peak // MEBIBYTE} MiB", flush=True)
    if len(results) != len(sizes):
        problems.append(f"{mode}: {len(results)} results of {len(sizes)}")
    for result in results:
        size = int(result["scenario"].rsplit("-", 1)[1])
        expected = "holds" if size >= whole else "relapsed"
        if result["outcome"] != expected:
            problems.append(f"{result['scenario']}: {result['outcome']}, expected {expected}: "
                            f"{result.get('reason')}")


cut("closes", [GET, ANSWERED], OK, range(0, OK + 1))
cut("resets", [GET, ANSWERED], OK, range(0, OK))
cut("ws-resets", [UPGRADE, OPEN, HELLO], UPGRADED + 7, range(1, UPGRADED + 7, 3))
cut("ws-closes", [UPGRADE, OPEN, HELLO], UPGRADED + 7, range(0, UPGRADED + 8, 3))

check(not problems, *problems)
bench.remove()
print("ok")
