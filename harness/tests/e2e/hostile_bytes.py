"""hostile_bytes.py BINARY: bytes that a terminal, a page, an XML reader or a CI system would obey, in every
field that a target, a log or a scenario decides, come out as text everywhere."""
import html.parser
import json
import re
import sys
import xml.etree.ElementTree as tree

from harness import HERE, PYTHON, Bench, check

bench = Bench(sys.argv[1])
NASTY = ("::error::ci \x1b[2J\x1b]0;t\x07 \x9b31m \x00 <img src=x onerror=alert(1)> ]]> `tick` ``` | ##[group]x "
         "\u202etxt \u200b \ufeff \u2028 \U000e0041 \ufe0f \ufffe {{TITLE}} %n %s javascript:alert(1)")
bench.standin("nasty", title=NASTY, launch={
    "command": [PYTHON, str(HERE / "nasty.py"), "${port}"],
    "ready": {"path": "/health", "status": 200, "within": "5s"},
    "stop": {"signal": "TERM", "within": "5s", "exit": [-15]}},
    version_command=[PYTHON, "-c", f"print({NASTY!r}.replace(chr(0), ''))"])
story = {"title": NASTY, "incident": {"ref": NASTY, "seen": "2025-09-12", "story": NASTY, "evidence": NASTY},
         "tags": ["plain"], "guards": {"log": True}}
upgrade = [{"send": {"upgrade": {"path": "/ws"}}}, {"expect": {"upgrade": {"status": 101}}}]
SCENARIOS = {
    "http": [{"send": {"request": {"path": "/x?" + NASTY.replace("\x00", ""), "headers": {"X-Nasty": NASTY}}}},
             {"name": NASTY, "expect": {"response": {"body": NASTY}}}],
    "raw": [{"send": {"request": {"path": "/raw"}}}, {"expect": {"response": {"status": 200}}}],
    "text": [*upgrade, {"send": {"text": NASTY}}, {"name": NASTY, "expect": {"text": NASTY}}],
    "close": [*upgrade, {"expect": {"close": {"code": 1001, "reason": NASTY}, "skip": True}}],
}
for name, steps in SCENARIOS.items():
    bench.scenario(name, **story, steps=steps,
                   never=[{"log": {"contains": "two lines"}, "name": NASTY + name}])

done = bench.run("run", "-t", "nasty", "--retries", "1", "-vv", "--junit",
                 str(bench.home / "junit.xml"))
check(done.returncode == 1, done.returncode, done.stdout, done.stderr)
texts = {"stdout": done.stdout, "stderr": done.stderr}
outputs = {"list": ("list",), "plain": ("list", "--plain"), "show": ("show", "last"),
           "no such selector": ("run", NASTY.replace("\x00", ""), "-t", "nasty"),
           "no such target": ("run", "-t", NASTY.replace("\x00", "")),
           "no such file": ("check", NASTY.replace("\x00", "").replace("/", ""))}
outputs.update({f"hex {name}": ("show", "last", f"{name}@nasty", "--hex") for name in SCENARIOS})
for name, arguments in outputs.items():
    shown = bench.run(*arguments)
    texts[name] = shown.stdout + shown.stderr
    check(texts[name], name)
(bench.home / "timeline.json").write_text(bench.run("show", "last", "text@nasty", "--json").stdout)
for name, arguments in {"judge": ("judge", "text", str(bench.home / "timeline.json"))}.items():
    shown = bench.run(*arguments)
    check(shown.returncode == 1, shown.returncode, shown.stdout, shown.stderr)
    texts[name] = shown.stdout + shown.stderr


def unsafe(text, allowed="\n"):
    """Characters of the specification's list that are in the text."""
    return sorted({f"U+{ord(c):04X}" for c in text if c not in allowed and (
        ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F or ord(c) in (0x61C, 0x2028, 0x2029, 0xFEFF)
        or 0x200B <= ord(c) <= 0x200F or 0x202A <= ord(c) <= 0x202E or 0x2060 <= ord(c) <= 0x206F
        or ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF or 0xFE00 <= ord(c) <= 0xFE0F
        or 0xE0000 <= ord(c) <= 0xE0FFF)})


for name, text in texts.items():  # decoding them as UTF-8 was part of running
    check(not unsafe(text), name, unsafe(text), text)
    commands = [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    check(not commands, name, *commands)
check("\\u{1b}[2J" in texts["stdout"] and "\\x9b31m" in texts["stdout"], texts["stdout"])

for arguments in (("show", "last", "text@nasty", "--json"), ("list", "--json"),
                  ("judge", "text", str(bench.home / "timeline.json"), "--json")):
    json.loads(bench.run(*arguments).stdout)
for stored in ("reports/latest/data/report.json", "reports/runs/*/run.json"):
    [path] = bench.home.glob(stored)
    run = json.loads(path.read_bytes().decode())
    check(len(run.get("run", run)["results"]) == 4, path)
for path in bench.home.glob("reports/runs/*/timelines.jsonl"):
    check([json.loads(line) for line in path.read_bytes().splitlines()], path)


class Page(html.parser.HTMLParser):
    """What a browser would make of it."""
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(key, value or "") for key, value in attrs]


pages = list((bench.home / "reports").rglob("*.html"))
check(len(pages) >= 5, pages)
for path in pages:
    text = path.read_bytes().decode()
    check(not unsafe(text, "\n\t"), path, unsafe(text, "\n\t"))
    page = Page(text)
    check(not page.tags & {"img", "script"} or "img" not in page.tags, path, page.tags)
    bad = [one for one in page.attributes if one[0].startswith("on") or one[1].strip().startswith("javascript:")]
    check(not bad, path, bad)
    check("TITLE}}" in text or path.name == "index.html" or "{{" not in text, path)

xml_text = (bench.home / "junit.xml").read_bytes().decode()
check(not unsafe(xml_text, "\n\t"), unsafe(xml_text, "\n\t"))
check(re.search("]]>", re.sub(r"<!\[CDATA\[.*?]]>", "", xml_text, flags=re.S)) is None, xml_text)
check(len(tree.fromstring(xml_text).findall(".//testcase")) == 4, xml_text)
bench.remove()
print("ok")
