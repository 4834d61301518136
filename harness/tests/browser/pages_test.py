#!/usr/bin/env python3
"""Opens the sample reports in Chromium as their readers do. usage: pages_test.py PATH_OF_report_samples [--only WORD]

From file:// without and with script, and over HTTP under both of Jenkins' policies, byte for byte; light, dark, 1280
and 320 wide, on paper; by keyboard. Then the same checks on pages that were broken on purpose: each must notice.
"""
import functools
import http.server
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import checks
import devtools

# DirectoryBrowserSupport.DEFAULT_CSP_VALUE: from 2015 to 2.416, and since 2.417 (2023).
POLICIES = {"old": "sandbox; default-src 'none'; img-src 'self'; style-src 'self';",
            "new": "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';"}
KINDS = ["night/index.html", "night/results/01.html", "night/results/matrix-01.html", "night/run.html",
         "night/history.html", "night/s/protocol-bad-utf8-*.html", "night/s/lifecycle-disconnect-*.html",
         "night/single.html", "holding/index.html", "sample/index.html", "swept/s/*.html", "asgi/s/*.html",
         "hostile/index.html", "hostile/s/*.html", "hostile/history.html", "large/index.html",
         "large/results/01.html", "large/results/matrix-01.html"]
SINGLE = "single.html"  # its styles stand inside, which Jenkins refuses: it is made for mail


class Server:
    """Serves a folder on a free port of loopback with one policy."""

    def __init__(self, folder, policy):
        class Handler(http.server.SimpleHTTPRequestHandler):
            def end_headers(self):
                self.send_header("Content-Security-Policy", policy)
                self.send_header("X-Content-Type-Options", "nosniff")
                super().end_headers()

            def do_GET(self):
                if self.path == "/favicon.ico":  # every browser asks for it, no report has it
                    self.send_response(204)
                    self.end_headers()
                else:
                    super().do_GET()

            def log_message(self, *unused):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      functools.partial(Handler, directory=str(folder)))
        self.root = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Test:
    def __init__(self, browser, root):
        self.page = browser.page()
        self.root = root
        self.problems = []
        self.done = 0

    def note(self, where, problems):
        self.done += 1
        self.problems += [f"{where}: {problem}" for problem in problems]

    def without_script(self, path):
        """A reader's whole path from a folder on a disk."""
        page = self.page
        where = f"{path.relative_to(self.root)} without script"
        page.scripts(False)
        page.media()
        page.resize(1280)
        complaints, _ = page.open(path.as_uri())
        self.note(where, checks.console(complaints, False) + checks.whole(page))
        self.note(where + ", keyboard", checks.keyboard(page))
        page.media(scheme="dark")
        self.note(where + ", dark", checks.contrast(page) + checks.styled(page))
        page.media()
        page.resize(320)
        self.note(where + ", 320 wide", checks.overflow(page) + checks.first_seen(page))
        page.resize(1280)
        self.note(where + ", on paper", checks.print_opens(page) + checks.printable(page))

    def with_script(self, path):
        page = self.page
        where = f"{path.relative_to(self.root)} with script"
        page.scripts(True)
        page.resize(1280)
        page.media()
        complaints, _ = page.open(path.as_uri())
        self.note(where, checks.console(complaints, False) + checks.structure(page) + checks.overflow(page) +
                  checks.targets(page) + checks.contrast(page))
        page.resize(320)
        self.note(where + ", 320 wide", checks.overflow(page))
        page.resize(1280)

    def under_policy(self, name, root, path):
        page = self.page
        where = f"{path.relative_to(self.root)} under Jenkins' {name} policy"
        page.scripts(True)
        page.resize(1280)
        complaints, _ = page.open(root + str(path.relative_to(self.root)))
        self.note(where, checks.console(complaints, True) + checks.whole(page))
        page.resize(320)
        self.note(where + ", 320 wide", checks.overflow(page))
        page.resize(1280)

    # What works without script.

    def radio_filters(self, path):
        page = self.page
        where = f"{path.relative_to(self.root)}: filters"
        page.scripts(False)
        page.open(path.as_uri())
        rows = ("[document.querySelectorAll('.matrix tbody tr, .results tbody tr').length, "
                "Array.from(document.querySelectorAll('.matrix tbody tr, .results tbody tr'))"
                ".filter(r => r.getClientRects().length).length, "
                "document.querySelectorAll('.matrix tbody tr.failing, .results tbody tr.failing').length, "
                "document.querySelectorAll('.matrix tbody tr.changed, .results tbody tr.changed').length]")
        every, shown, failing, changed = page.evaluate(rows)
        problems = [] if every == shown and 0 < failing < every else [f"begins with {shown} of {every} rows"]
        page.click("#rows-failing")
        if page.evaluate(rows)[1] != failing:
            problems.append(f"'Not holding' shows {page.evaluate(rows)[1]} rows, not {failing}")
        page.click("#rows-changed")
        if page.evaluate(rows)[1] != changed:
            problems.append(f"'Changed' shows {page.evaluate(rows)[1]} rows, not {changed}")
        self.note(where, problems)

    def first_click(self):
        """On-call: from the morning page to the first relapse's exchange with one click and no scrolling."""
        page = self.page
        page.scripts(False)
        page.resize(1280, 800)
        page.open((self.root / "night/index.html").as_uri())
        link = "document.querySelector('.entry.relapsed h4 a')"
        bottom = page.evaluate(link + ".getBoundingClientRect().bottom")
        problems = [] if bottom < 800 else [f"the first relapse stands {bottom} down"]
        page.browser.events.clear()
        page.click(".entry.relapsed h4 a")
        page.wait("Page.loadEventFired")
        top = page.evaluate("(e => e ? e.getBoundingClientRect().top : 9999)"
                            "(Array.from(document.querySelectorAll('svg text'))"
                            ".find(t => t.textContent.includes('diverges here')))")
        if top > 800:
            problems.append(f"where it diverges stands {top} down")
        self.note("from index.html to the exchange", problems)

    # What app.js adds.

    def app(self, path):
        page = self.page
        page.scripts(True)
        page.open(path.as_uri())
        problems = []
        shown = ("Array.from(document.querySelectorAll('.results tbody tr'))"
                 ".filter(r => r.getClientRects().length).length")
        every = page.evaluate(shown)
        page.click("input[type=search]")
        for letter in "flaky":
            page.key(letter, text=letter)
        if not 0 < page.evaluate(shown) < every:
            problems.append(f"the filter box shows {page.evaluate(shown)} of {every} rows")
        if page.evaluate("location.hash") != "#filter=flaky":
            problems.append("the filter is not remembered: " + page.evaluate("location.hash"))
        page.open("about:blank")
        page.open(path.as_uri() + "#filter=relapsed")
        if not 0 < page.evaluate(shown) < every:
            problems.append("a remembered filter is not applied")
        page.open("about:blank")
        page.open(path.as_uri())
        first = "document.querySelector('.results tbody tr').cells[3].textContent"
        page.click(".results th:nth-child(4) button")
        page.click(".results th:nth-child(4) button")
        slowest = page.evaluate(first)
        page.click(".results th:nth-child(4) button")
        if slowest == page.evaluate(first):
            problems.append("sorting changes nothing")
        page.evaluate("document.querySelector('section[tabindex]').focus()")
        page.key("j", text="j")
        page.key("j", text="j")
        if page.evaluate("document.querySelectorAll('tr.chosen').length") != 1:
            problems.append("j chooses no row")
        page.key("/", code="Slash", text="/")
        if page.evaluate("document.activeElement.type") != "search":
            problems.append("/ does not reach the filter")
        page.key("j", text="j")
        if page.evaluate("document.querySelector('input[type=search]').value") != "j":
            problems.append("a letter typed into the filter is taken as a command")
        self.note("app.js on a list", problems + page.complaints())

    def app_on_result(self, path):
        page = self.page
        page.scripts(True)
        page.open(path.as_uri())
        problems = []
        open_count = "document.querySelectorAll('details[open]').length"
        every = page.evaluate("document.querySelectorAll('details').length")
        page.click(".script-only button:nth-child(1)")
        if page.evaluate(open_count) != every:
            problems.append("'Expand all' leaves some closed")
        page.click(".script-only button:nth-child(2)")
        if page.evaluate(open_count) != 0:
            problems.append("'Collapse all' leaves some open")
        page.click("button.copy")
        time.sleep(0.2)
        if page.evaluate("document.querySelector('button.copy').textContent") not in ("Copied", "Selected"):
            problems.append("'Copy' does nothing")
        self.note("app.js on a result", problems + page.complaints())

    def close(self):
        self.page.close()


def broken_pages(text):
    """Pages that are wrong in one way each, and the check that has to see it."""
    wide = text.replace("<footer>", "<footer><table><caption>x</caption><tr><td><img alt='' width='3000' height='9'>"
                                    "</td></tr></table>")
    return {
        "an inline style": (text.replace("<footer>", '<footer style="color:red">'), "console"),
        "an inline script": (text.replace("<footer>", "<footer><script>var x = 1;</script>"), "console"),
        "an inline handler": (text.replace("<footer>", '<footer onclick="x()">'), "console"),
        "no stylesheet": (text.replace("style.css", "gone.css"), "styled"),
        "something wide": (wide, "overflow"),
        "two h1": (text.replace("<footer>", "<footer><h1>again</h1>"), "first_seen"),
        "a skipped heading": (text.replace("<h2 ", "<h2>x</h2><h5>x</h5><h2 ", 1), "structure"),
        "an id used twice": (text.replace("<footer>", '<footer id="main">'), "structure"),
        "a table without caption": (text.replace("<footer>", "<footer><table><tr><td>x</td></tr></table>"),
                                    "structure"),
        "a dead link": (text.replace("<footer>", '<footer><a href="#gone">x</a>'), "structure"),
        "no skip link": (text.replace('<a class="skip" href="#main">Skip to the verdict</a>', ""), "keyboard"),
        "an element that Tab cannot reach in order": (text.replace("<footer>",
                                                                   '<footer><a href="x" tabindex="5">x</a>'),
                                                      "keyboard"),
    }


def broken_styles(css):
    return {
        "no outline": (css + "\n* { outline: none !important; }", "keyboard"),
        "weak colours": (css + "\n.where { color: #aaa; }", "contrast"),
        "small links": (css + "\nnav a { display: inline; min-height: 0; font-size: 9px; line-height: 1; }",
                        "targets"),
        "a hidden h1": (css + "\nh1 { visibility: hidden; }", "first_seen"),
        "details closed on paper": (css.replace("details::details-content", "details::nothing-of-that-name"),
                                    "print_opens"),
    }


def notices(page, url, check):
    """Whether this check complains of the page."""
    page.scripts(False if check == "console" else True)
    page.resize(1280)
    page.media()
    page.scripts(True)
    complaints, _ = page.open(url)
    if check == "console":
        return bool(checks.console(complaints, False))
    if check == "overflow":
        page.resize(320)
    return bool(getattr(checks, check)(page))


def check_the_checks(test, root, scratch):
    """Each check sees the page that was broken for it."""
    report = root / "night"
    text = (report / "index.html").read_text()
    css = (report / "style.css").read_text()
    (scratch / "app.js").write_text((report / "app.js").read_text())
    page = scratch / "index.html"
    for name, (broken, check) in broken_pages(text).items():
        (scratch / "style.css").write_text(css)
        page.write_text(broken)
        if broken == text or not notices(test.page, page.as_uri(), check):
            test.problems.append(f"nobody notices a page with {name}: {check}")
        test.done += 1
    page.write_text(text)
    for name, (broken, check) in broken_styles(css).items():
        (scratch / "style.css").write_text(broken)
        if broken == css or not notices(test.page, page.as_uri(), check):
            test.problems.append(f"nobody notices {name}: {check}")
        test.done += 1


def run(samples, only):
    program = devtools.find_chromium()
    if program is None:
        print("chromium was not found; see harness/packages.txt")
        return 77
    with tempfile.TemporaryDirectory(prefix="relapse-pages-") as folder, devtools.Browser(program) as browser:
        root = pathlib.Path(folder, "reports")
        scratch = pathlib.Path(folder, "broken")
        scratch.mkdir()
        subprocess.run([samples, str(root)], check=True)
        paths = [sorted(root.glob(kind))[0] for kind in KINDS if only in kind]
        test = Test(browser, root)
        servers = {name: Server(root, policy) for name, policy in POLICIES.items()}
        for path in paths:
            test.without_script(path)
            if path.name == SINGLE:
                continue
            test.with_script(path)
            for name, server in servers.items():
                test.under_policy(name, server.root, path)
        if not only:
            for name in ("night/index.html", "night/results/01.html", "large/results/matrix-01.html"):
                test.radio_filters(root / name)
            test.first_click()
            test.app(root / "night/results/01.html")
            test.app_on_result(sorted(root.glob("night/s/protocol-bad-utf8-*.html"))[0])
            check_the_checks(test, root, scratch)
        for server in servers.values():
            server.close()
        for problem in test.problems:
            print(problem)
        print(f"{len(paths)} kinds of page, {test.done} checks, {len(test.problems)} problems")
        # Checks that looked at nothing must not pass.
        return 1 if test.problems or test.done < len(paths) * 5 else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[3] if sys.argv[2:3] == ["--only"] else ""))
