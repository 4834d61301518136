"""Reads what relapse writes for other tools with parsers and schemas that share no code with it.

usage: check_formats.py PATH_OF_format_samples
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import format_schemas

try:
    import jsonschema
except ImportError:
    jsonschema = None
try:
    import yaml
except ImportError:
    yaml = None

# Controls (but newline), bidi controls, zero-width characters.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
TOKEN = "0123456789abcdef0123456789abcdef"
problems = []


def problem(path, text):
    problems.append(f"{path.parent.name}/{path.name}: {text}")


def read(path):
    text = path.read_bytes().decode("utf-8")  # raises when it is not UTF-8
    found = UNSAFE.search(text)
    if found:
        problem(path, f"unsafe character {found.group()!r}")
    return text


def check_schema(path, document, schema):
    if jsonschema is None:
        return
    for error in jsonschema.Draft7Validator(schema).iter_errors(document):
        problem(path, f"{list(error.absolute_path)}: {error.message[:200]}")


def check_junit(path, schema):
    read(path)
    root = xml.etree.ElementTree.parse(path).getroot()
    for element in root.iter():
        must, may, inside = schema.get(element.tag, (set(), set(), set()))
        if element.tag not in schema or not must <= set(element.attrib) <= must | may:
            problem(path, f"<{element.tag} {sorted(element.attrib)}>")
        for child in element:
            if child.tag not in inside:
                problem(path, f"<{child.tag}> in <{element.tag}>")
        time = element.get("time")
        if time is not None and not re.fullmatch(r"\d+\.\d{3}", time):
            problem(path, f"time {time!r}")
    for suite in [*root.iter("testsuite"), root]:
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"),
                               ("skipped", "skipped")):
            counted = len(list(suite.iter(tag)))
            if suite.get(attribute) not in (str(counted), None):
                problem(path, f"{attribute}={suite.get(attribute)}, counted {counted}")
    cases = list(root.iter("testcase"))
    if len({(case.get("classname"), case.get("name")) for case in cases}) != len(cases):
        problem(path, "two cases with one name")
    for tag in ("failure", "error", "skipped"):
        for element in root.iter(tag):
            if not element.get("message") or "\n" in element.get("message"):
                problem(path, f"<{tag}> has no message of one line")
            if tag != "skipped" and not (element.text or "").strip():
                problem(path, f"<{tag}> has no text")
    return {"tests": len(cases), **{tag: len(list(root.iter(tag))) for tag in
                                    ("failure", "error", "skipped", "flakyFailure")}}


TAP_POINT = re.compile(r"(?P<not>not )?ok (?P<number>\d+) - "
                       r"(?P<text>(?:[^\\#]|\\[\\#])*?)(?: # (?P<directive>SKIP|TODO) (?P<reason>.+))?")


def check_yaml(path, lines):
    body = "\n".join(lines)
    if yaml is not None:
        document = yaml.safe_load(body)
        if not isinstance(document, dict) or "message" not in document:
            problem(path, f"diagnostics without a message: {body[:80]}")
        return
    for line in lines:
        if not re.match(r'\w+: (".*"|\d+|\|)$|  |$', line):
            problem(path, f"diagnostics: {line}")


def check_tap_block(path, lines, depth):
    """One level of a document; returns how many points of which kind are below it."""
    indent = "    " * depth
    found = {"ok": 0, "not ok": 0, "SKIP": 0, "TODO": 0}
    plan, points, diagnostics, children = None, 0, None, []
    for line in lines:
        if diagnostics is not None:
            if line == indent + "  ...":
                check_yaml(path, diagnostics)
                diagnostics = None
            else:
                diagnostics.append(line[len(indent) + 2:])
            continue
        if line.startswith(indent + "    "):
            children.append(line)
            continue
        text = line[len(indent):]
        if text == "  ---":
            diagnostics = []
        elif re.fullmatch(r"1\.\.\d+( # SKIP .+)?", text):
            plan = int(re.match(r"1\.\.(\d+)", text)[1])
        elif text.startswith(("# ", "TAP version 14", "Bail out! ")):
            pass
        else:
            point = TAP_POINT.fullmatch(text)
            if point is None:
                problem(path, f"no line of TAP: {line!r}")
                continue
            points += 1
            if int(point["number"]) != points:
                problem(path, f"point {point['number']} is the {points}th")
            if depth == 0:
                inner = check_tap_block(path, children, 1)
                if (inner["not ok"] > 0) != bool(point["not"]):
                    problem(path, f"the subtest disagrees with {line!r}")
                for key, value in inner.items():
                    found[key] += value
                children = []
            else:
                plain = "not ok" if point["not"] else "ok"
                # A TODO that is ok would be one that came true.
                expected = {"TODO": "not ok", "SKIP": "ok", None: plain}[point["directive"]]
                found[point["directive"] if point["directive"] and plain == expected else plain] += 1
    if plan != points or diagnostics is not None or children:
        problem(path, f"plan {plan}, {points} points, open diagnostics or subtest")
    return found


def check_tap(path):
    text = read(path)
    if not text.startswith("TAP version 14\n1.."):
        problem(path, "no version and plan at the top")
    found = check_tap_block(path, text.splitlines(), 0)
    if shutil.which("perl"):
        # It knows version 13 only, to which the subtests are lines of no meaning.
        script = ("use TAP::Parser; local $/; my $p = TAP::Parser->new({tap => <STDIN>}); my $b = 0;"
                  "while (my $r = $p->next) { $b = 1 if $r->is_bailout; print $r->raw if $r->is_unknown"
                  " && $r->raw =~ /^\\S/; } print join(q{; }, $p->parse_errors) if !$b;")
        done = subprocess.run(["perl", "-e", script], capture_output=True, text=True,
                              input=text.replace("version 14", "version 13", 1))
        # A perl without its modules has no parser.
        if "Can't locate TAP" not in done.stderr and (done.stdout or done.returncode):
            problem(path, f"TAP::Parser: {done.stdout[:300]} {done.stderr[:300]}")
    return found, "\nBail out! " in text


def check_prometheus(path):
    label = r'[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"'
    line_of = re.compile(rf"([a-z_]+)(\{{{label}(?:,{label})*\}})? -?\d+(\.\d+)?")
    typed, series, finished, current, values = set(), set(), set(), None, {}
    for line in read(path).splitlines():
        if line.startswith("# "):
            _, kind, name, rest = line.split(" ", 3)
            if kind == "TYPE":
                typed.add(name)
            if kind not in ("HELP", "TYPE") or (kind == "TYPE" and rest != "gauge"):
                problem(path, line)
            if name != current:
                if name in finished:
                    problem(path, f"the family {name} is in two places")
                finished.add(name)
                current = name
            continue
        found = line_of.fullmatch(line)
        if not found or found[1] != current or found[1] not in typed:
            problem(path, f"no sample, or outside its family: {line}")
            continue
        name = line.rsplit(" ", 1)[0]
        if name in series:
            problem(path, f"a series twice: {line}")
        series.add(name)
        values[name] = float(line.rsplit(" ", 1)[1])
    return values


def runner_commands(text):
    """What a runner of GitHub Actions obeys in a log."""
    stopped = None
    for line in text.split("\n"):
        line = line.strip()
        if stopped is not None:
            stopped = None if line == f"::{stopped}::" else stopped
        elif line.startswith("::stop-commands::"):
            stopped = line[len("::stop-commands::"):]
        elif line.startswith("::"):
            yield line
        elif "##[" in line:
            yield line
    if stopped is not None:
        yield "commands stay stopped"


def check_github(path):
    kinds = {"error": 0, "warning": 0}
    # The details of the samples are raw octets of a target, for whoever forgets to make them safe.
    for command in runner_commands(path.read_bytes().decode("utf-8", "replace")):
        found = re.fullmatch(r"::(error|warning) ((?:[a-z]+=[^,:]*)(?:,[a-z]+=[^,:]*)*)::[^\r\n]+", command)
        if found:
            kinds[found[1]] += 1
        elif command != "::endgroup::" and not command.startswith("::group::relapse: "):
            problem(path, f"a command of somebody else: {command[:120]}")
    if max(kinds.values()) > 10:
        problem(path, f"{kinds}: GitHub shows ten of a kind")
    return kinds


def outside_code(line):
    """The text outside code spans, by CommonMark: a span ends with as many backticks as began it."""
    out, at = "", 0
    while True:
        begin = re.compile("`+").search(line, at)
        if not begin:
            return out + line[at:]
        out += line[at:begin.start()]
        end = re.compile(rf"(?<!`){begin[0]}(?!`)").search(line, begin.end())
        if not end:
            return out + "UNCLOSED"
        at = end.end()


def check_markdown(path):
    raw = path.read_bytes()
    if len(raw) > 65536:
        problem(path, f"{len(raw)} octets")
    columns = 0
    for line in read(path).splitlines():
        # Cells are split before anything else is read; "\\" and "\|" are escapes there.
        cells = len(re.sub(r"\\[\\|]", "", line).split("|")) if line.startswith("|") else 0
        if cells and columns and cells != columns:
            problem(path, f"{cells} cells in a table of {columns}: {line[:120]}")
        columns = cells
        plain = outside_code(line)
        if re.search(r"[<\[\]@`]|owned|javascript|UNCLOSED|\\", plain):
            problem(path, f"outside of code: {plain[:120]}")


def check_events(path):
    events = [json.loads(line) for line in read(path).split("\n")[:-1]]
    for event in events:
        check_schema(path, event, format_schemas.EVENT)
    names = [event["event"] for event in events]
    if names[0] != "run_started" or names[-1] != "run_finished" or set(names[1:-1]) - {"result"}:
        problem(path, f"events {names[:3]} ... {names[-2:]}")
    return events[-1]["totals"]


def check_folder(folder):
    """Each format alone, and that all tell the same story."""
    junit = check_junit(folder / "junit.xml", format_schemas.JUNIT_JENKINS)
    gitlab = check_junit(folder / "junit-gitlab.xml", format_schemas.JUNIT_GITLAB)
    tap, bailed = check_tap(folder / "run.tap")
    for name, schema in (("ctrf.json", format_schemas.CTRF), ("run.sarif", format_schemas.SARIF),
                         ("timeline.har", format_schemas.HAR)):
        check_schema(folder / name, json.loads(read(folder / name)), schema)
    ctrf = json.loads((folder / "ctrf.json").read_text())["results"]["summary"]
    sarif = json.loads((folder / "run.sarif").read_text())["runs"][0]["results"]
    metrics = check_prometheus(folder / "relapse.prom")
    github = check_github(folder / "github.txt")
    check_markdown(folder / "summary.md")
    t = check_events(folder / "events.ndjson")

    def same(name, *pairs):
        for seen, expected in pairs:
            if seen != expected:
                problem(folder / name, f"{seen}, and the run has {expected}: {t}")

    skipped = t["skipped"] + t["known"]
    for name, counts in (("junit.xml", junit), ("junit-gitlab.xml", gitlab)):
        same(name, (counts["tests"], t["planned"]), (counts["failure"], t["relapsed"]),
             (counts["error"], t["inconclusive"]), (counts["skipped"], skipped))
    same("run.tap", (tap["ok"], t["holds"] + t["flaky"]), (tap["not ok"], t["relapsed"] + t["inconclusive"]),
         (tap["TODO"], t["known"]), (tap["SKIP"], t["skipped"]), (bailed, t["ran"] == 0))
    same("ctrf.json", (ctrf["tests"], t["planned"]), (ctrf["failed"], t["relapsed"]),
         (ctrf["passed"], t["holds"] + t["flaky"]), (ctrf["flaky"], t["flaky"]),
         (ctrf["other"], t["inconclusive"]), (ctrf["skipped"], skipped))
    same("run.sarif", (len(sarif), t["relapsed"] + t["known"] + t["flaky"] + t["inconclusive"]),
         (sum(result["level"] == "error" for result in sarif), t["relapsed"]))
    for verdict in ("holds", "relapsed", "known", "flaky", "inconclusive", "skipped"):
        same("relapse.prom", (sum(value for name, value in metrics.items() if
                                  name.startswith("relapse_results{") and f'verdict="{verdict}"' in name),
                              t[verdict]))
    same("github.txt", (github["error"] > 0, t["relapsed"] > 0),
         (github["warning"] > 0, t["flaky"] + t["inconclusive"] > 0))
    return t["planned"]


def main():
    with tempfile.TemporaryDirectory(prefix="relapse-formats-") as directory:
        subprocess.run([sys.argv[1], directory], check=True)
        folders = sorted(path for path in pathlib.Path(directory).iterdir() if path.is_dir())
        results = sum(check_folder(folder) for folder in folders)
    # A check that looked at nothing must not pass.
    if len(folders) < 8 or results < 400:
        problems.append(f"only {len(folders)} runs, {results} results")
    used = [name for name, module in (("jsonschema", jsonschema), ("yaml", yaml)) if module]
    print(f"{len(folders)} runs, {results} results in 10 formats; with {' and '.join(used) or 'no extra module'}")
    for text in problems:
        print(text)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
