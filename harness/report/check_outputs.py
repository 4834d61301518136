"""Reads the sample reports with parsers that share no code with relapse.

usage: check_outputs.py PATH_OF_report_samples
"""
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.dom.minidom

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}
FORBIDDEN_TAGS = {"style", "iframe", "form", "object", "embed", "base", "img", "use"}
FORBIDDEN_ATTRIBUTES = {"style", "srcset", "target", "download", "xlink:href", "action"}
# Controls (but newline), bidi controls, zero-width characters.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

problems = []


def problem(path, text):
    problems.append(f"{path}: {text}")


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.path = path
        self.open = []
        self.ids = []
        self.links = []
        self.headings = []
        self.tags = set()
        self.title = ""

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag in FORBIDDEN_TAGS:
            problem(self.path, f"<{tag}>")
        if tag == "script" and dict(attributes) not in ({"src": "app.js", "defer": None},
                                                        {"src": "../app.js", "defer": None}):
            problem(self.path, f"<script> that is not app.js: {attributes}")
        for name, value in attributes:
            if name == "src" and tag != "script":
                problem(self.path, f"attribute src={value!r} on <{tag}>")
            if name in FORBIDDEN_ATTRIBUTES or name.startswith("on"):
                problem(self.path, f"attribute {name}={value!r} on <{tag}>")
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            problem(self.path, f"</{tag}> closes nothing or the wrong element")

    def handle_data(self, data):
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data


def check_single(path):
    """It stands alone: no link leads out of it but to the web."""
    text = path.read_text()
    for link in re.findall('href="([^"]*)"', text):
        if not link.startswith(("#", "https://")):
            problem(path, f"link to {link}, which is not in the file")
        elif link.startswith("#") and f'id="{link[1:]}"' not in text:
            problem(path, f"dead fragment {link}")
    if "<script" in text or len(text) > 2 << 20:
        problem(path, f"has a script, or {len(text)} octets")


def check_sizes(root):
    """The budgets of a report."""
    for path in root.rglob("*.html"):
        most = {"index.html": 150, "single.html": 2048}.get(path.name, 200) * 1024
        if path.stat().st_size > most:
            problem(path, f"{path.stat().st_size} octets, {most} are allowed")
    for report in root.iterdir():
        files = [path for path in report.rglob("*") if path.is_file()]
        if len(files) > 600 or sum(path.stat().st_size for path in files) > 25 << 20:
            problem(report, f"{len(files)} files, {sum(path.stat().st_size for path in files)} octets")


def check_page(path):
    text = path.read_bytes().decode("utf-8")  # raises when it is not UTF-8
    found = UNSAFE.search(text)
    if found:
        problem(path, f"unsafe character {found.group()!r}")
    page = Page(path)
    page.feed(text)
    page.close()
    if page.open:
        problem(path, f"never closed: {page.open}")
    if len(set(page.ids)) != len(page.ids):
        problem(path, "an id is used twice")
    if page.headings.count(1) != 1 or page.headings[0] != 1:
        problem(path, f"headings {page.headings}: one h1, and first")
    for before, after in zip(page.headings, page.headings[1:]):
        if after > before + 1:
            problem(path, f"headings {page.headings} skip a level")
    if not text.startswith("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\""):
        problem(path, "does not begin with doctype, lang, charset and policy")
    if not page.title.strip():
        problem(path, "no title")
    for landmark in ("header", "nav", "main", "footer"):
        if landmark not in page.tags:
            problem(path, f"no <{landmark}>")
    for link in page.links:
        if link.startswith("https://"):
            continue
        name, _, fragment = link.partition("#")
        if name and not (path.parent / name).is_file():
            problem(path, f"dead link {link}")
        elif name and fragment and f'id="{fragment}"' not in (path.parent / name).read_text():
            problem(path, f"dead fragment {link}")
        if not name and fragment not in page.ids:
            problem(path, f"dead fragment {link}")
    for svg in re.findall("<svg.*?</svg>", text, re.S):
        xml.dom.minidom.parseString(svg)
    return len(page.links)


def check_junit(path):
    raw = path.read_bytes()
    document = xml.dom.minidom.parseString(raw)
    found = UNSAFE.search(raw.decode("utf-8"))
    if found:
        problem(path, f"unsafe character {found.group()!r}")
    cases = document.getElementsByTagName("testcase")
    names = [(case.getAttribute("classname"), case.getAttribute("name")) for case in cases]
    if len(set(names)) != len(names):
        problem(path, "two cases with one name")
    for element in document.getElementsByTagName("*"):
        time = element.getAttribute("time")
        if time and not re.fullmatch(r"\d+\.\d{3}", time):
            problem(path, f"time {time!r}")
    suites = document.getElementsByTagName("testsuite")
    for suite in list(suites) + [document.documentElement]:
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"),
                               ("skipped", "skipped")):
            counted = len(suite.getElementsByTagName(tag))
            if suite.hasAttribute(attribute) and suite.getAttribute(attribute) != str(counted):
                problem(path, f"{attribute}={suite.getAttribute(attribute)}, counted {counted}")
    for tag in ("failure", "error", "skipped"):
        for element in document.getElementsByTagName(tag):
            if not element.getAttribute("message"):
                problem(path, f"<{tag}> without a message")
            if "\n" in element.getAttribute("message"):
                problem(path, f"<{tag}> with a message of several lines")
    return len(cases)


def main():
    with tempfile.TemporaryDirectory(prefix="relapse-report-") as directory:
        subprocess.run([sys.argv[1], directory], check=True)
        root = pathlib.Path(directory)
        pages = sorted(path for path in root.rglob("*.html") if path.name != "single.html")
        for path in sorted(root.rglob("single.html")):
            check_single(path)
        check_sizes(root)
        suites = sorted(root.rglob("junit.xml"))
        links = sum(check_page(path) for path in pages)
        cases = sum(check_junit(path) for path in suites)
        # A check that looked at nothing must not pass.
        if len(pages) < 90 or len(suites) != 7 or links < 1400 or cases < 2500:
            problem(root, f"only {len(pages)} pages, {links} links, {cases} cases")
        print(f"{len(pages)} pages, {links} links, {len(suites)} JUnit files, {cases} cases")
    for text in problems:
        print(text)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
