#!/usr/bin/env python3
"""Every Python file compiles. Writes nothing. Run: python_syntax.py ROOT"""

import pathlib
import sys
import warnings

import tree


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    paths = tree.files(root, ["harness", "fixtures", "scenarios"], {".py"})
    problems = []
    warnings.simplefilter("error")  # an invalid escape is a warning today and an error tomorrow
    for path in paths:
        try:
            compile(path.read_bytes(), str(path.relative_to(root)), "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            problems.append(f"{path.relative_to(root)}: {error}")
    return tree.finish(problems, len(paths), "Python files")


if __name__ == "__main__":
    sys.exit(main())
