"""ctest_scenarios.py BINARY BUILD: a project of somebody else has scenarios among its CTest tests."""
import pathlib
import re
import subprocess
import sys

from harness import HERE, PYTHON, ROOT, Bench, check, get

binary = pathlib.Path(sys.argv[1]).resolve()
bench = Bench(str(binary))
project, build = bench.home / "their project", bench.home / "build"
scenarios = project / "tests/incidents"
(scenarios / "http").mkdir(parents=True)


def run(*command, code=0):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=200)
    check(code is None or done.returncode == code, done.returncode, done.stdout, done.stderr)
    return done.stdout


def scenario(name, **content):
    bench.scenario("taken", **content).rename(scenarios / f"{name}.json")


def ctest(*arguments, code=None):
    """Test name -> what ctest says of it."""
    told = run("ctest", "--test-dir", build, *arguments, code=code)
    return dict(re.findall(r"Test +#\d+: (.+?) \.*(?:\*\*\*)? *(Passed|Failed|Skipped|Not Run)", told)), told


def names(told):
    return re.findall(r"Test +#\d+: (.+)", told)


bench.standin("well", faults={"poisoned": {
    "title": "the process stays poisoned",
    "command": [PYTHON, str(HERE / "standin.py"), "poisoned", "${port}"]}})
(bench.home / "fixtures/targets/well.json").rename(project / "tests/chat.json")
scenario("http/holds", tags=["smoke", "two.words"], steps=get("/x"))
scenario("http/poison", tags=["slow"], steps=get("/poison") + get("/fragile"))
scenario("skipped", requires=["chat-backend"], steps=get("/x"))
(project / "CMakeLists.txt").write_text("""cmake_minimum_required(VERSION 3.25)
project(theirs LANGUAGES NONE)
enable_testing()
if(RELAPSE_MODULES)
  list(APPEND CMAKE_MODULE_PATH ${RELAPSE_MODULES})
  include(RelapseTests)
else()
  find_package(Relapse REQUIRED)
endif()
relapse_add_scenarios(SCENARIOS_DIR tests/incidents TARGET tests/chat.json LABELS nightly TIMEOUT 60)
relapse_add_scenarios(SCENARIOS_DIR tests/incidents TARGET tests/chat.json PREFIX faulted.
                      SELECTORS http/* ARGUMENTS --fault poisoned --retries 0 RESOURCE_LOCK chat)
""")

# From a checkout.
run("cmake", "-S", project, "-B", build, f"-DRELAPSE_MODULES={ROOT / 'harness/ctest'}",
    f"-DRELAPSE_EXECUTABLE={binary}")
results, told = ctest("-j2", "--output-on-failure", code=8)
check(results == {"relapse.http/holds": "Passed", "relapse.http/poison": "Passed",
                  "relapse.skipped": "Skipped", "faulted.http/holds": "Passed",
                  "faulted.http/poison": "Failed"}, results, told)
check("expected HTTP 200, observed HTTP 500" in told, told)
check(not (project / "reports").exists() and not (scenarios / "reports").exists(), "wrote into the project")

# Labels choose: those of the call and the tags.
check(names(ctest("-N", "-L", "^two.words$")[1]) == ["relapse.http/holds", "faulted.http/holds"], ctest("-N")[1])
check(len(names(ctest("-N", "-L", "nightly")[1])) == 3, ctest("-N")[1])

# A scenario that was added, and one that was removed, without configuring again.
scenario("added here", steps=get("/x"))
(scenarios / "http/holds.json").unlink()
results, told = ctest("-R", "^relapse")
check(results == {"relapse.added here": "Passed", "relapse.http/poison": "Passed",
                  "relapse.skipped": "Skipped"}, results, told)

# A file with errors hides nothing: a test fails, and the others are still there.
(scenarios / "broken.json").write_text('{ "title": 3 }')
results, told = ctest("-R", "scenario files", "--output-on-failure", code=8)
check(results["relapse.(scenario files)"] == "Failed" and "relapse check" in told, results, told)
check("relapse.http/poison" in names(ctest("-N")[1]), ctest("-N")[1])
(scenarios / "broken.json").unlink()

# A selection of nothing is no success.
(project / "tests/empty").mkdir()
(project / "CMakeLists.txt").write_text((project / "CMakeLists.txt").read_text().replace("http/*", "tag:none") +
    "relapse_add_scenarios(SCENARIOS_DIR tests/empty TARGET tests/chat.json PREFIX empty.)\n")
run("cmake", "-S", project, "-B", build)
results, told = ctest("-R", "^faulted", code=8)
check(set(results.values()) == {"Failed"}, results, told)
results, told = ctest("-R", "^empty", "--output-on-failure", code=8)
check(results == {"empty.(scenario files)": "Failed"} and "no scenario is selected" in told, results, told)

# From an install tree.
prefix = bench.home / "installed"
run("cmake", f"-DCMAKE_INSTALL_PREFIX={prefix}", "-P", pathlib.Path(sys.argv[2]) / "harness/ctest/cmake_install.cmake")
build = bench.home / "build of installed"
run("cmake", "-S", project, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}")
results, told = ctest("-R", "^relapse.http", code=0)
check(results == {"relapse.http/poison": "Passed"}, results, told)
check(str(prefix / "bin/relapse") in ctest("-N", "-V")[1], ctest("-N", "-V")[1])
bench.remove()
print("ok")
