#!/usr/bin/env python3
"""Who may include what. Run: layers.py [ROOT]

Each folder of harness/ is a layer; MAY_INCLUDE is the whole rule of direction. A few libraries are
kept to the files that need them, so that their cost and their idioms stay there.
"""

import pathlib
import re
import sys

import tree

CORE = {"base", "model"}
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "match": CORE,
    "judge": CORE | {"match"},
    "scenario": CORE,
    "report": CORE,
    "history": CORE,
    "codec": CORE,
    "net": {"base"},
    "process": {"base"},
    "drive": CORE | {"match", "codec", "net", "process"},
    "import": CORE | {"codec", "net", "scenario"},
    "engine": CORE | {"match", "judge", "scenario", "codec", "net", "process", "drive"},
    "cli": None,  # everything but the tools beside it
    "bench": None,
    "tests": None,
}
TOPS = {"cli", "bench", "tests"}  # nothing includes these
# Tests of these layers launch processes or play the peer, but stay within the same libraries.
ASIO = {"net", "process", "drive", "engine", "import", "bench"}
BEAST = ("harness/codec/http1.cpp", "harness/codec/deflate.cpp", "harness/net/asio_impl.cpp",
         "harness/codec/peers/", "harness/bench/")
WEBSOCKETPP = ("fixtures/", "harness/codec/peers/")
SPDLOG = ("harness/base/log.cpp",)
MAX_LINES = 450
# It runs alone inside the target's interpreter, so it has to be one file.
LONG_FILES = {"harness/drive/asgi/bridge.py": 1210}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
DETACHED = re.compile(r"\basio::detached\b|\bdetached_t\b|asio/detached\.hpp")


def layer_of(name):
    parts = name.split("/")
    return parts[1] if parts[0] == "harness" and len(parts) > 2 else None


def library_problem(name, header):
    """What is wrong with including this header of a library here, or None."""
    layer = layer_of(name)
    if header.startswith("boost/beast"):
        return None if name.startswith(BEAST) else "Beast belongs to codec/http1.cpp and codec/deflate.cpp"
    if header.startswith("boost/asio"):
        allowed = layer in ASIO or name.startswith(BEAST) or name.startswith(WEBSOCKETPP)
        return None if allowed else f"Asio belongs to {', '.join(sorted(ASIO))}"
    if header.startswith("websocketpp/"):
        allowed = name.startswith(WEBSOCKETPP)
        return None if allowed else "websocketpp belongs to fixtures/ and codec/peers/"
    if header.startswith("spdlog/"):
        return None if name in SPDLOG else "spdlog belongs to base/log.cpp"
    if header == "nlohmann/json.hpp" and name.endswith(".hpp") and layer is not None:
        return "the JSON library belongs to .cpp files; headers use model/value.hpp"
    return None


def project_problem(name, header):
    """The same for a header of the harness itself."""
    layer = layer_of(name)
    wanted = header.split("/")[0] if "/" in header else None
    if wanted not in MAY_INCLUDE:
        return None
    if layer is None:
        return f"fixtures share no code with the harness: {header}"
    if layer == wanted:
        return None
    allowed = MAY_INCLUDE[layer]
    if wanted in TOPS or (allowed is not None and wanted not in allowed):
        return f"{layer} must not include {wanted}: {header}"
    return None


def file_problems(name, text):
    problems = []
    lines = text.splitlines()
    if name.startswith("harness/") and len(lines) > LONG_FILES.get(name, MAX_LINES):
        problems.append(f"{name}: {len(lines)} lines, more than {MAX_LINES}")
    layer = layer_of(name)
    if name.startswith("harness/") and layer not in MAY_INCLUDE:
        problems.append(f"{name}: \"{layer}\" is not a layer that layers.py knows")
        return problems
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if found:
            check = library_problem if found[1] == "<" else project_problem
            problem = check(name, found[2])
            if problem:
                problems.append(f"{name}:{number}: {problem}")
        if name.startswith("harness/") and DETACHED.search(line):
            problems.append(f"{name}:{number}: a detached coroutine swallows its exceptions; "
                            "spawn with a handler that keeps the exception_ptr")
    return problems


def name_problems(names):
    """Two files of one name are confused in stack traces, coverage and the editor."""
    seen = {}
    problems = []
    for name in names:
        short = name.rsplit("/", 1)[1]
        if short in seen:
            problems.append(f"{name}: the name is taken by {seen[short]}")
        seen.setdefault(short, name)
    return problems


def main():
    here = pathlib.Path(__file__).resolve().parents[3]
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else here
    paths = [path for path in tree.files(root, ["harness", "fixtures"], tree.CPP)
             if "harness/tests/lint/samples" not in path.as_posix()]
    names = [path.relative_to(root).as_posix() for path in paths]
    problems = name_problems([name for name in names if name.startswith("harness/")])
    for path, name in zip(paths, names):
        problems += file_problems(name, path.read_text(encoding="utf-8"))
    for path in tree.files(root, ["harness"], {".py", ".cmake"}):
        count = len(path.read_text(encoding="utf-8").splitlines())
        name = path.relative_to(root).as_posix()
        if count > LONG_FILES.get(name, MAX_LINES):
            problems.append(f"{name}: {count} lines, more than {MAX_LINES}")
    return tree.finish(problems, len(paths), "C++ files")


if __name__ == "__main__":
    sys.exit(main())
