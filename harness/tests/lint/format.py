#!/usr/bin/env python3
"""All C++ is as clang-format 14 writes it. Run: format.py ROOT CLANG_FORMAT"""

import pathlib
import subprocess
import sys

import tree


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    paths = tree.files(root, ["harness", "fixtures"], tree.CPP)
    problems = []
    if paths:
        command = [sys.argv[2], "--dry-run", "-Werror", "--ferror-limit=1"]
        result = subprocess.run(command + [str(path) for path in paths], cwd=root,
                                stderr=subprocess.PIPE, text=True, check=False)
        problems = [line for line in result.stderr.splitlines() if ": error: " in line]
        if result.returncode != 0 and not problems:
            problems = [result.stderr.strip() or f"clang-format ended with {result.returncode}"]
    return tree.finish(problems, len(paths), "C++ files")


if __name__ == "__main__":
    sys.exit(main())
