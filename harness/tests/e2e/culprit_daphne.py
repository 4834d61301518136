"""culprit_daphne.py BINARY: the real case. An exception in mid-response ends daphne's check for failed
applications: a later exception is never answered, while echo sessions and pages go on working. The
target has no error-path probe, so nothing shows it before a later scenario needs that path.
"""
import importlib.util
import json
import sys

from harness import ROOT, Bench, check, get

if importlib.util.find_spec("daphne") is None:
    print("daphne is not installed")
    raise SystemExit(77)

bench = Bench(sys.argv[1])
target = json.loads((ROOT / "fixtures/targets/lab-daphne.json").read_text())
target["launch"]["cwd"] = str(ROOT / "fixtures/apps")
del target["probes"]["error-path"], target["known"], target["faults"]
(bench.home / "fixtures/targets/lab.json").write_text(json.dumps(target))

QUIET = {"server_error": False, "log": False}
ECHO = [
    {"send": {"upgrade": {"path": "/e"}}},
    {"expect": {"upgrade": {"status": 101}}},
    {"send": {"text": "hello"}},
    {"expect": {"text": "hello"}},
    {"send": {"close": {"code": 1000}}},
    {"expect": {"close": {"code": 1000}}},
]
bench.scenario("a-echo", steps=ECHO)
bench.scenario("b-midstream", guards=QUIET, steps=[
    {"send": {"request": {"path": "/midstream"}}}, {"pause": "1500ms"}])
bench.scenario("c-echo", steps=ECHO)
bench.scenario("d-raise", guards=QUIET, within="3s", steps=get("/raise", 500))
bench.scenario("e-health", steps=get("/health"))

done = bench.run("run", "-t", "lab", timeout=230)
results = {one["scenario"]: one for one in bench.last_run()["results"]}
told = [f"{name}: {one['outcome']} {one.get('reason', '')}" for name, one in results.items()]
print(done.stdout, *told, sep="\n")
check(done.returncode == 1, done.returncode)
check([name for name, one in results.items() if one["outcome"] != "holds"] == ["b-midstream"])
check("probe then d-raise " in results["b-midstream"]["reason"])
check(results["d-raise"]["disturbed_by"] == "b-midstream")
bench.remove()
print("ok")
