"""Runs check, fmt and list as a user does.

usage: commands_check.py RELAPSE SOURCE_DIR
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

failures = []


def run(relapse, folder, *arguments):
    return subprocess.run(
        [relapse, *arguments], cwd=folder, capture_output=True, text=True, timeout=60
    )


def expect(what, actual, wanted):
    if actual != wanted:
        failures.append(what)
        print(f"{what}\n--- wanted\n{wanted}\n--- actual\n{actual}\n")


def bad_files(relapse, source):
    folder = source / "harness" / "scenario" / "bad"
    files = sorted(folder.glob("*.json"))
    expect("there are bad files", len(files) >= 45, True)
    for path in files:
        wanted = path.with_suffix(".err").read_text(encoding="utf-8")
        done = run(relapse, folder, "check", path.name)
        expect(f"check {path.name}: messages", done.stderr, wanted)
        expect(f"check {path.name}: exit code", done.returncode, 2)
        expect(f"check {path.name}: standard output", done.stdout, "")


def good_folder(relapse, source):
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        shutil.copytree(
            source / "scenarios",
            home / "scenarios",
            ignore=shutil.ignore_patterns("*.proof.json"),
        )
        shutil.copytree(source / "fixtures" / "targets", home / "fixtures" / "targets")
        before = run(relapse, home, "list", "--json")
        expect("list: exit code", before.returncode, 0)
        expect("fmt: exit code", run(relapse, home, "fmt").returncode, 0)
        again = run(relapse, home, "fmt", "--check")
        expect("fmt --check after fmt", (again.returncode, again.stdout, again.stderr), (0, "", ""))
        expect("fmt changes no digest", run(relapse, home, "list", "--json").stdout, before.stdout)

        checked = run(relapse, home, "check")
        count = checked.stderr.count("nobody has seen this scenario fail")
        ids = run(relapse, home, "list", "--plain").stdout.split()
        expect("check: every scenario without a proof is named", count, len(ids))
        expect("check: notes are no errors", checked.returncode, 0)

        named = json.loads(before.stdout)[0]["file"]
        first = home / named
        first.write_text(first.read_text(encoding="utf-8").replace(": ", ":", 1), encoding="utf-8")
        again = run(relapse, home, "fmt", "--check")
        shown = named + "\n"
        expect("fmt --check names what would change", (again.returncode, again.stdout), (2, shown))
        broken = run(relapse, home, "list", "no-such-scenario-*")
        expect("list: a selector for nothing", broken.returncode, 2)


def main(relapse, source):
    source = pathlib.Path(source)
    bad_files(relapse, source)
    good_folder(relapse, source)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
