"""The project's own files, for the lint tests. Works in a clone and in an unpacked archive."""

import os
import pathlib

SKIPPED = {".git", "build", "__pycache__", "runs", "latest"}
CPP = {".cpp", ".hpp"}


def files(root, folders, suffixes=None):
    """All files below the folders (relative to root), sorted; suffixes None means every file."""
    found = []
    for folder in folders:
        for place, subfolders, names in os.walk(root / folder):
            subfolders[:] = [name for name in subfolders if name not in SKIPPED]
            for name in names:
                path = pathlib.Path(place, name)
                if suffixes is None or path.suffix in suffixes:
                    found.append(path)
    return sorted(found)


def finish(problems, checked, what):
    """Prints the problems; gives the exit code. No file at all is a failure: nothing was seen."""
    for problem in problems:
        print(problem)
    if checked == 0:
        print(f"found no {what} to check")
        return 1
    print(f"{checked} {what} checked, {len(problems)} problems")
    return 1 if problems else 0
