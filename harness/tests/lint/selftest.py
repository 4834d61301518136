#!/usr/bin/env python3
"""The lint tests can fail: each rule is broken once, in a small tree of its own."""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

# (script, file, its text, what the output must say; "" for a tree that must pass)
CASES = [
    ("layers.py", "harness/base/a.hpp", '#include <string>\n', ""),
    ("layers.py", "harness/engine/a.cpp", '#include "judge/judge.hpp"\n#include "base/a.hpp"\n', ""),
    ("layers.py", "harness/net/a.cpp", "#include <boost/asio/write.hpp>\n", ""),
    ("layers.py", "harness/codec/http1.cpp", "#include <boost/beast/http.hpp>\n", ""),
    ("layers.py", "harness/model/a.hpp", "#include <nlohmann/json_fwd.hpp>\n", ""),
    ("layers.py", "harness/model/a.cpp", "#include <nlohmann/json.hpp>\n", ""),
    ("layers.py", "harness/net/a.cpp", "int x;\n" * 450, ""),
    ("layers.py", "harness/base/a.cpp", '#include "model/value.hpp"\n',
     "harness/base/a.cpp:1: base must not include model: model/value.hpp"),
    ("layers.py", "harness/judge/a.cpp", '\n  #  include "net/stream.hpp"\n',
     "harness/judge/a.cpp:2: judge must not include net: net/stream.hpp"),
    ("layers.py", "harness/report/a.cpp", '#include "judge/judge.hpp"\n',
     "report must not include judge"),
    ("layers.py", "harness/engine/a.cpp", '#include "cli/a.hpp"\n', "engine must not include cli"),
    ("layers.py", "harness/cli/a.cpp", '#include "bench/a.hpp"\n', "cli must not include bench"),
    ("layers.py", "fixtures/servers/x/a.cpp", '#include "base/text.hpp"\n',
     "fixtures share no code with the harness"),
    ("layers.py", "harness/novel/a.cpp", "int x;\n", '"novel" is not a layer'),
    ("layers.py", "harness/a.cpp", "int x;\n", '"None" is not a layer'),
    ("layers.py", "harness/judge/a.cpp", "#include <boost/asio/post.hpp>\n", "Asio belongs to"),
    ("layers.py", "harness/drive/a.cpp", "#include <boost/beast/http.hpp>\n", "Beast belongs to"),
    ("layers.py", "harness/model/a.hpp", "#include <nlohmann/json.hpp>\n",
     "the JSON library belongs to .cpp files"),
    ("layers.py", "harness/engine/a.cpp", "#include <spdlog/spdlog.h>\n",
     "spdlog belongs to base/log.cpp"),
    ("layers.py", "harness/net/a.cpp", "#include <websocketpp/server.hpp>\n",
     "websocketpp belongs to"),
    ("layers.py", "harness/net/a.cpp", "int x;\n" * 451, "451 lines, more than 450"),
    ("layers.py", "harness/net/a.cpp", "co_spawn(ex, f(), asio::detached);\n",
     "a detached coroutine swallows its exceptions"),
    ("layers.py", "README.md", "nothing here\n", "found no C++ files to check"),
    ("paths.py", "harness/net/CMakeLists.txt", "add_library(a ${CMAKE_SOURCE_DIR}/a.cpp)\n", ""),
    ("paths.py", ".ci/run", 'exec "$(dirname "$0")/../harness/check" /usr/bin/env /tmp/x\n', ""),
    ("paths.py", "harness/x/a.py", "open('/ho" "me/someone/token')\n",
     "harness/x/a.py:1: outside the repository: /ho" "me/s"),
    ("paths.py", "harness/x/a.test.cpp", 'read("/wo' 'rk/data");\n', "outside the repository"),
    ("paths.py", ".ci/run", "/ro" "ot/bin/build\n", "outside the repository"),
    ("paths.py", "harness/x/CMakeLists.txt", "include(../../../other/x.cmake)\n",
     "climbs out of the repository: ../../../other"),
    ("paths.py", "CMakeLists.txt", "include(${CMAKE_SOURCE_DIR}/../x.cmake)\n",
     "outside the repository"),
    ("python_syntax.py", "fixtures/a.py", "x = 1\n", ""),
    ("python_syntax.py", "fixtures/a.py", "def f(:\n", "fixtures/a.py: invalid syntax"),
    ("python_syntax.py", "fixtures/a.py", "x = '\\d'\n", "fixtures/a.py: "),
    ("python_syntax.py", "fixtures/a.cpp", "int x;\n", "found no Python files to check"),
    ("registered.py", "harness/x/a.test.cpp", "int x;\n", "no CMakeLists.txt names it"),
    ("registered.py", "harness/tests/e2e/a.py", "x = 1\n", "tests/e2e/CMakeLists.txt does not run it"),
    ("registered.py", "harness/tests/e2e/harness.py", "x = 1\n", "found no tests to check"),
]


def run(script, name, text):
    with tempfile.TemporaryDirectory(prefix="relapse-lint-") as place:
        root = pathlib.Path(place).resolve()
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, "-B", str(HERE / script), str(root)],
                              capture_output=True, text=True, check=False)


def main():
    failures = 0
    for script, name, text, wanted in CASES:
        result = run(script, name, text)
        output = result.stdout + result.stderr
        good = result.returncode == (1 if wanted else 0) and wanted in output
        if not good:
            failures += 1
            print(f"{script} on {name} with {text[:60]!r}: exit {result.returncode}, wanted "
                  f"{wanted or 'success'!r}\n{output}")
    twins = [("harness/net/a.cpp", "harness/drive/a.cpp")]
    for first, second in twins:
        with tempfile.TemporaryDirectory(prefix="relapse-lint-") as place:
            for name in (first, second):
                path = pathlib.Path(place, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("int x;\n", encoding="utf-8")
            result = subprocess.run([sys.executable, "-B", str(HERE / "layers.py"), place],
                                    capture_output=True, text=True, check=False)
            if result.returncode != 1 or "the name is taken by" not in result.stdout:
                failures += 1
                print(f"two files of one name: exit {result.returncode}\n{result.stdout}")
    print(f"{len(CASES) + len(twins)} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
