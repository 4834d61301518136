#!/usr/bin/env python3
"""No coroutine has a shape that g++ 12.2 miscompiles (coawait.query tells which).

    coawait.py CLANG_QUERY BUILD_DIR ROOT    checks the project; files that were clean and have not
                                             changed since are not looked at again
    coawait.py CLANG_QUERY --samples         shows that the gate catches what it is for
"""

import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys

import tree

HERE = pathlib.Path(__file__).resolve().parent
QUERY = HERE / "coawait.query"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
JOBS = 2  # 3 to 5 s and half a gigabyte each


def rule_names():
    """The comment before each match command gives its name: "# NAME: text" or "# NAME"."""
    names = []
    last = ""
    for line in QUERY.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            last = line[2:].split(":")[0]
        elif line.startswith("match "):
            names.append(last)
    return names


def ask(clang_query, path, arguments):
    """({rule: number of matches}, [places], what clang-query could not do or "")."""
    command = [clang_query, "-f", str(QUERY), str(path)] + arguments
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    counts = [int(found[1]) for found in re.finditer(r"^(\d+) match(?:es)?\.$", result.stdout,
                                                     re.MULTILINE)]
    names = rule_names()
    errors = [line for line in (result.stdout + result.stderr).splitlines()
              if " error: " in line or line.startswith(("error:", "Error"))]
    if result.returncode != 0 or errors or len(counts) != len(names):
        text = "\n".join(errors[:5]) or result.stderr.strip() or result.stdout[-500:]
        return {}, [], f"clang-query did not do its work: {text}"
    places = []
    for block, name in zip(re.split(r"^\d+ match(?:es)?\.$", result.stdout, flags=re.MULTILINE),
                           names):
        if name != names[0]:
            places += [f"{place}: {name}"
                       for place in re.findall(r'^(\S+:\d+:\d+): note: "root" binds here', block,
                                               re.MULTILINE)]
    return dict(zip(names, counts)), sorted(set(places)), ""


def own_headers(path, root, seen):
    """The project's headers that a file includes, with theirs."""
    for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        header = root / "harness" / name
        if header.is_file() and header not in seen:
            seen.add(header)
            own_headers(header, root, seen)
    return seen


def digest(path, headers):
    """Of all that decides the answer: a header can make a type an aggregate."""
    total = hashlib.sha256(QUERY.read_bytes() + pathlib.Path(__file__).read_bytes())
    for part in [path] + sorted(headers):
        total.update(part.read_bytes())
    return total.hexdigest()


def awaits(path):
    return "co_await" in path.read_text(encoding="utf-8")


def check_file(clang_query, build, root, path):
    """A list of problems; empty when clean. Notes down a clean file."""
    name = path.relative_to(root).as_posix()
    headers = own_headers(path, root, set())
    if not awaits(path) and not any(awaits(header) for header in headers):
        return None
    stamp = build / "lint" / "coawait" / (name.replace("/", "_") + ".sha256")
    state = digest(path, headers)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return []
    counts, places, failure = ask(clang_query, path, ["-p", str(build), "--extra-arg=-w"])
    if failure:
        return [f"{name}: {failure}"]
    if places or any(counts[rule] for rule in rule_names()[1:]):
        return places or [f"{name}: {counts}"]
    if counts[rule_names()[0]] == 0:
        return [f"{name}: no co_await was seen, so nothing was checked"]
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state, encoding="utf-8")
    return []


def check_project(clang_query, build, root):
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    paths = sorted({pathlib.Path(item["file"]).resolve() for item in commands})
    paths = [path for path in paths if root in path.parents and build not in path.parents]
    problems = [f"{path.relative_to(root)}: has coroutines, but no target compiles it"
                for path in tree.files(root, ["harness", "fixtures"], {".cpp"})
                if path not in paths and path.parent != HERE / "samples" and awaits(path)]
    checked = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for found in pool.map(lambda path: check_file(clang_query, build, root, path), paths):
            checked += found is not None
            problems += found or []
    return tree.finish(sorted(set(problems)), checked, "files with coroutines")


def check_samples(clang_query):
    """samples/RULE_*.cpp must be caught by exactly that rule, samples/good_*.cpp by none."""
    problems = []
    samples = sorted((HERE / "samples").glob("*.cpp"))
    rules = rule_names()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        answers = list(pool.map(
            lambda path: ask(clang_query, path, ["--", "-std=c++20", "-w"]), samples))
    for path, (counts, _, failure) in zip(samples, answers):
        wanted = path.stem.split("_")[0]
        hit = {rule for rule in rules[1:] if counts.get(rule)}
        if failure:
            problems.append(f"{path.name}: {failure}")
        elif counts[rules[0]] == 0:
            problems.append(f"{path.name}: its co_await was not seen")
        elif hit != (set() if wanted == "good" else {wanted}):
            problems.append(f"{path.name}: caught by {sorted(hit) or 'nothing'}")
    covered = {path.stem.split("_")[0] for path in samples}
    problems += [f"no sample for {rule}" for rule in rules[1:] + ["good"] if rule not in covered]
    return tree.finish(problems, len(samples), "samples")


def main():
    clang_query = sys.argv[1]
    if sys.argv[2] == "--samples":
        return check_samples(clang_query)
    return check_project(clang_query, pathlib.Path(sys.argv[2]).resolve(),
                         pathlib.Path(sys.argv[3]).resolve())


if __name__ == "__main__":
    sys.exit(main())
