"""rejudge.py BINARY: a stored timeline is judged again to the same verdict, and to another one when
the claim changes."""
import sys

from harness import Bench, check, get

bench = Bench(sys.argv[1])
bench.standin("well")
path = bench.scenario("case", steps=get("/x"), never=[{"log": {"contains": "Traceback"}}])
check(bench.run("run", "case", "-t", "well").returncode == 0)
timeline = bench.home / "case.timeline.json"
timeline.write_text(bench.run("show", "last", "case@well", "--json").stdout)
same = bench.run("judge", "case", str(timeline))
check(same.returncode == 0, same.stdout, same.stderr)
path.write_text(path.read_text().replace("Traceback", "GET /x"))
changed = bench.run("judge", "case", str(timeline))
check(changed.returncode == 1 and "never 1" in changed.stdout, changed.stdout, changed.stderr)
timeline.write_text(timeline.read_text().replace('"seen": true', '"seen": false'))
path.write_text(path.read_text().replace("GET /x", "Traceback"))
unseen = bench.run("judge", "case", str(timeline))
check(unseen.returncode == 3, unseen.stdout, unseen.stderr)
bench.remove()
print("ok")
