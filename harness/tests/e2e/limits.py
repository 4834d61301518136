"""limits.py BINARY: what a target is asked to bear, counted by the target: never more connections and
requests in a second than allowed, probes and marks included, and nothing lost for it."""
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness import Bench, check, get

happened = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        happened.append(time.monotonic())
        super().setup()

    def do_GET(self):
        happened.append(time.monotonic())
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def busiest(times, window=0.97):
    """The most in any stretch of a second, less what the network may push together."""
    times = sorted(times)
    return max(sum(1 for t in times[i:] if t < start + window) for i, start in enumerate(times))


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
bench = Bench(sys.argv[1])


def target(name, **changes):
    bench.standin("well", launch=None, logs=[], log_mark=None, probes={"health": get("/health")},
                  address=f"http://127.0.0.1:{server.server_port}", **changes)
    path = bench.home / "fixtures/targets"
    (path / "well.json").rename(path / f"{name}.json")


def on(lane, steps):
    return [{**step, "on": lane} for step in steps]


def run(target, *scenarios):
    happened.clear()
    done = bench.run("run", *scenarios, "-t", target)
    return done, list(happened)


target("free")
target("paced", limits={"per_second": 10})
target("narrow", limits={"connections": 2})
# 20 requests on two connections; at 10 in a second the waits alone are longer than the budget.
many = [step for i in range(10) for lane in ("a", "b") for step in on(lane, get(f"/{i}"))]
bench.scenario("many", steps=many, within="300ms", budget="1s")
bench.scenario("three", steps=on("a", get("/a")) + on("b", get("/b")) + on("c", get("/c")))

done, times = run("free", "many")
check(done.returncode == 0, done.stdout)
# Whether it can be reached, a probe before and one after: 2 each; then 2 connections, 20 requests.
check(len(times) == 28, len(times))
free = busiest(times)
check(free > 20, "the control: without a limit they come at once", free)
done, times = run("paced", "many")
check(done.returncode == 0, done.stdout, done.stderr)
check(len(times) == 28, "nothing is dropped", len(times))
check(busiest(times) <= 10, busiest(times), [round(t - times[0], 3) for t in times])
check(times[-1] - times[0] > 1.5, times[-1] - times[0])

done, times = run("narrow", "three")
reason = bench.last_run()["results"][0]["reason"]
check(reason == "the scenario has 3 connections open at once, and the target allows 2", reason)
check(not times, times)
check(run("narrow", "many")[0].returncode == 0)
bench.remove()
print("ok")
