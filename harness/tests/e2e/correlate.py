"""correlate.py BINARY: every request carries ids by which log lines are matched to connections, unless
the target, the scenario or a header says otherwise; reports say whose line it is."""
import sys

from harness import Bench, check

bench = Bench(sys.argv[1])


def asks(lane, path, **request):
    return [{"on": lane, "send": {"request": {"path": path, **request}}},
            {"on": lane, "expect": {"response": {"status": 200}}}]


def run(scenario, target):
    done = bench.run("run", scenario, "-t", target, "--retries", "0")
    return done, bench.last_run()["results"][0]


def sent(result):
    """The ids of the requests of the scenario, in order."""
    ids = []
    for event in result["attempts"][0]["timeline"]["events"]:
        if event["kind"] == "http" and event["direction"] == "sent":
            headers = {name.lower(): value for name, value in event["headers"]}
            ids.append((headers.get("x-request-id"), headers.get("traceparent")))
    return ids


bench.scenario("two", steps=asks("a", "/a") + asks("b", "/b") + asks("a", "/raise"))
bench.scenario("own", steps=asks("main", "/x", headers={"X-Request-Id": "mine-0001"},
                                 omit=["traceparent"]))
bench.standin("tells", probes={"health": asks("main", "/health")},
              fault_signatures=[{"name": "handler", "contains": "Handler failed"}])
bench.standin("well", trace_headers=False)

done, result = run("two", "tells")
ids = sent(result)
check(len(ids) == 3 and len({request for request, _ in ids}) == 3, ids)
parts = [parent.split("-") for _, parent in ids]
check(all(p[0] == "00" and len(p[1]) == 32 and len(p[2]) == 16 and p[3] == "01" for p in parts), parts)
check(len({p[1] for p in parts}) == 1 and len({p[2] for p in parts}) == 3, parts)
check(done.returncode == 1 and "guard:log" in result["reason"], done.stdout)
# The traceback names the request id of the connection that caused it.
check("✗  [a, request id] ERROR: " in done.stdout, done.stdout)
check("[another connection, peer port " in done.stdout, "the request of the log mark", done.stdout)
page = next((bench.home / "reports/latest/s").glob("two-*.html")).read_text()
check("<td>a, request id</td>" in page and "<td>b, peer port " in page, page)
shown = bench.run("show", "last", "two@tells")
check("[a, request id]" in shown.stdout and "[b, peer port" in shown.stdout, shown.stdout)

_, result = run("own", "tells")
check(sent(result) == [("mine-0001", None)], sent(result))
_, result = run("two", "well")
check(sent(result) == [(None, None)] * 3, sent(result))
bench.remove()
print("ok")
