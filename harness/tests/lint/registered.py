"""registered.py ROOT: every test that is there is run. A *.test.cpp or *_test.py that the nearest CMakeLists.txt does
not name, and a script with a check of its own under tests/e2e that is not registered, are problems."""
import pathlib
import re
import sys

import tree

HELPERS = {"certificates.py", "harness.py", "hostile.py", "leaky.py", "leaky_app.py", "nasty.py", "nightly.py",
           "standin.py"}  # used by the scripts


def named_in(folder):
    """The words of the nearest CMakeLists.txt at or above the folder, comments left out."""
    for place in (folder, *folder.parents):
        if (place / "CMakeLists.txt").exists():
            text = re.sub(r"#.*", "", (place / "CMakeLists.txt").read_text())
            return set(re.findall(r"[\w./-]+", text))
    return set()


def is_named(path, words):
    return any(path.name == word.rsplit("/", 1)[-1] for word in words)


def problems_of(root):
    problems = []
    tests = [path for path in tree.files(root, ["harness", "fixtures"], {".cpp"}) if path.name.endswith(".test.cpp")]
    tests += [path for path in tree.files(root, ["harness"], {".py"}) if path.name.endswith("_test.py")]
    scripts = [path for path in tree.files(root, ["harness/tests/e2e"], {".py"}) if path.name not in HELPERS]
    for path in tests:
        if not is_named(path, named_in(path.parent)):
            problems.append(f"{path.relative_to(root)}: no CMakeLists.txt names it, so it never runs")
    for path in scripts:
        if path.stem not in named_in(path.parent):
            problems.append(f"{path.relative_to(root)}: tests/e2e/CMakeLists.txt does not run it")
    return problems, len(tests) + len(scripts)


if __name__ == "__main__":
    found, count = problems_of(pathlib.Path(sys.argv[1]).resolve())
    sys.exit(tree.finish(found, count, "tests"))
