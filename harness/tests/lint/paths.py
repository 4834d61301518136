#!/usr/bin/env python3
"""Tests, build files and scripts use nothing outside the repository. Run: paths.py [ROOT]

A clone anywhere must build and pass. So none of these files may name a folder of somebody's machine
or climb out of the tree with "..". Programs that every Debian has (/usr/bin, /bin, /dev, /proc) are
no such thing.
"""

import pathlib
import re
import sys

import tree

KINDS = {".cmake", ".py", ".sh", ".txt", ".yml", ".yaml"}
SCRIPTS = ("harness/relapse", "harness/check", "CMakePresets.json")
HERE = "harness/tests/lint/"

MACHINE = re.compile(r"(?<![\w.$}*/-])/(?:work|farm|home|root|Users|mnt|srv|opt|builds?)/[\w.-]")
CLIMBS = re.compile(r"(?<![\w./])((?:\.\./)+[\w.-]*|\.\.(?=[\"'\s)]|$))")
FROM_ROOT = re.compile(r"\$\{(?:CMAKE_SOURCE_DIR|sourceDir|CMAKE_BINARY_DIR)\}/\.\.")


def is_checked(name, path):
    if name.startswith(HERE):
        return False  # speaks about such paths
    return (path.suffix in KINDS or name in SCRIPTS or name.startswith(".ci/") or
            name.endswith(".test.cpp"))


def climbs_out(name, reference):
    """Whether a relative path, seen from the file's folder, leaves the root."""
    depth = name.count("/")
    return reference.count("..") > depth


def problems_in(name, text):
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        found = MACHINE.search(line) or FROM_ROOT.search(line)
        if found:
            problems.append(f"{name}:{number}: outside the repository: {found[0]}")
        for climb in CLIMBS.finditer(line):
            if climbs_out(name, climb[0]) and not name.endswith(".cpp"):
                problems.append(f"{name}:{number}: climbs out of the repository: {climb[0]}")
    return problems


def main():
    here = pathlib.Path(__file__).resolve().parents[3]
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else here
    problems = []
    checked = 0
    top = [path for path in root.iterdir() if path.is_file()]
    for path in top + tree.files(root, ["harness", "fixtures", "scenarios", ".ci"]):
        name = path.relative_to(root).as_posix()
        if not is_checked(name, path):
            continue
        checked += 1
        problems += problems_in(name, path.read_text(encoding="utf-8"))
    return tree.finish(problems, checked, "tests, build files and scripts")


if __name__ == "__main__":
    sys.exit(main())
