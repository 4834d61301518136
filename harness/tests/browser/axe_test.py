#!/usr/bin/env python3
"""Second opinions on the pages: axe-core (in Chromium) and html-validate. usage:

axe_test.py PATH_OF_report_samples FOLDER_FOR_NODE_MODULES

Both come from npm and are kept in the folder, below build/. Where npm or the network is missing the test says so and
counts as skipped.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import devtools
from pages_test import KINDS, SINGLE

HERE = pathlib.Path(__file__).resolve().parent
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BROKEN = ('<footer><img src="x.png"><a href="x"></a><ul><p>x</p></ul>', ("image-alt", "link-name"),
          ("element-permitted-content", "wcag/h37"))


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def installed(folder):
    """The node_modules that the lock file names; installs them once."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (HERE / "package-lock.json").read_bytes()
    done = folder / "installed-lock.json"
    modules = folder / "node_modules"
    if done.is_file() and done.read_bytes() == lock and modules.is_dir():
        return modules
    if shutil.which("npm") is None or shutil.which("node") is None:
        skip("npm was not found: with Node 20 or later and npm this test installs what it needs")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=20000"]
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        skip("npm got nothing in 180 s")
    if ran.returncode != 0:
        skip("npm could not install: " + (ran.stderr.strip().splitlines() or ["no reason given"])[0])
    done.write_bytes(lock)
    return modules


def html_validate(modules, paths):
    """What it complains of, and by which rules."""
    # Into a file: what it writes to a pipe it does not finish.
    answer = paths[0].parent / "html-validate.json"
    ran = subprocess.run(["node", str(modules / "html-validate/bin/html-validate.mjs"), "--config",
                          str(HERE / "htmlvalidate.json"), "--formatter", f"json={answer}", *map(str, paths)],
                         capture_output=True, text=True, timeout=300)
    try:
        reports = json.loads(answer.read_text())
    except (OSError, ValueError):
        return [f"html-validate did not run: {ran.stderr[:400]}"], []
    answer.unlink()
    problems, rules = [], []
    for report in reports:
        for message in report["messages"]:
            rules.append(message["ruleId"])
            problems.append(f"{report['filePath']}:{message['line']}:{message['column']}: {message['ruleId']}: "
                            f"{message['message']}")
    return problems, rules


def axe(page, source, path, scheme):
    page.scripts(True)
    page.media(scheme=scheme)
    page.resize(1280)
    page.open(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate(source + "; 'loaded'")
    answer = page.evaluate("axe.run(document, {runOnly: %s, resultTypes: ['violations']}).then(r => "
                           "({passes: r.passes.length, violations: r.violations.map(v => [v.id, v.help, "
                           "v.nodes.slice(0, 2).map(n => n.html.slice(0, 160))])}))" % json.dumps(RULES), timeout=120)
    return answer["violations"], answer["passes"]


def check_the_checks(page, source, modules, root):
    """Both complain of a page that was broken on purpose."""
    markup, axe_rules, validate_rules = BROKEN
    path = root / "night/broken.html"
    path.write_text((root / "night/index.html").read_text().replace("<footer>", markup))
    found = {rule for rule, *_ in axe(page, source, path, "light")[0]}
    problems = [f"axe does not notice {rule}" for rule in axe_rules if rule not in found]
    _, rules = html_validate(modules, [path])
    problems += [f"html-validate does not notice {rule}" for rule in validate_rules if rule not in rules]
    path.unlink()
    return problems


def main():
    program = devtools.find_chromium()
    if program is None:
        skip("chromium was not found; see harness/packages.txt")
    modules = installed(pathlib.Path(sys.argv[2]))
    source = (modules / "axe-core/axe.min.js").read_text()
    with tempfile.TemporaryDirectory(prefix="relapse-axe-") as folder, devtools.Browser(program) as browser:
        root = pathlib.Path(folder)
        subprocess.run([sys.argv[1], str(root)], check=True)
        paths = [sorted(root.glob(kind))[0] for kind in KINDS if not kind.startswith("large/")]
        problems, _ = html_validate(modules, [path for path in paths if path.name != SINGLE])
        page = browser.page()
        passes = 0
        for path in paths:
            for scheme in ("light", "dark"):
                violations, passed = axe(page, source, path, scheme)
                passes += passed
                problems += [f"{path.relative_to(root)} ({scheme}): {rule}: {text} {nodes}"
                             for rule, text, nodes in violations]
        problems += check_the_checks(page, source, modules, root)
        for problem in problems:
            print(problem)
        print(f"{len(paths)} pages, {passes} rules passed, {len(problems)} problems")
        return 1 if problems or passes < 10 * len(paths) else 0


if __name__ == "__main__":
    sys.exit(main())
