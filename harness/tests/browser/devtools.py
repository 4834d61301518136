"""A headless Chromium, driven over the DevTools protocol through two pipes. Standard library only.

The browser gets a profile of its own, reads JSON messages that end in NUL from its file descriptor 3 and writes them
to 4 (--remote-debugging-pipe), so no port is opened.
"""
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
           "--disable-extensions", "--disable-component-update", "--disable-sync", "--mute-audio",
           "--remote-debugging-pipe"]


def find_chromium():
    """The path of the program, or None."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


class Failed(Exception):
    """The browser refused a command, or said nothing in time."""


class Browser:
    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="relapse-chromium-")
        commands = os.pipe()
        answers = os.pipe()
        # Above 4, so that neither is in the way of the descriptors that the browser expects.
        reads = fcntl.fcntl(commands[0], fcntl.F_DUPFD, 10)
        writes = fcntl.fcntl(answers[1], fcntl.F_DUPFD, 10)

        def arrange():
            os.dup2(reads, 3)
            os.dup2(writes, 4)

        self.process = subprocess.Popen([program, *OPTIONS, f"--user-data-dir={self.profile}", "about:blank"],
                                        preexec_fn=arrange, pass_fds=(3, 4), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for used in (reads, writes, commands[0], answers[1]):
            os.close(used)
        self.out = commands[1]
        self.into = answers[0]
        self.buffer = b""
        self.number = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        try:
            self.call("Browser.close", timeout=5)
        except (Failed, OSError):
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self, timeout):
        """The next message, or None when the time is over."""
        end = time.monotonic() + timeout
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                return None
            data = os.read(self.into, 1 << 16)
            if not data:
                raise Failed("the browser has gone")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, parameters=None, session=None, timeout=30):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        end = time.monotonic() + timeout
        while True:
            answer = self.receive(max(0, end - time.monotonic()))
            if answer is None:
                raise Failed(f"{method}: no answer in {timeout} s")
            if answer.get("id") == number:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def page(self):
        return Page(self)


class Page:
    """One tab."""

    def __init__(self, browser):
        self.browser = browser
        target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.target = target
        self.session = browser.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")

    def call(self, method, parameters=None, timeout=30):
        return self.browser.call(method, parameters, self.session, timeout)

    def close(self):
        self.browser.call("Target.closeTarget", {"targetId": self.target})

    def resize(self, width, height=800):
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def media(self, media="", scheme="light"):
        self.call("Emulation.setEmulatedMedia",
                  {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def scripts(self, allowed):
        self.call("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def open(self, url):
        """Loads the page; gives what the browser complained of meanwhile."""
        self.browser.events.clear()
        answer = self.call("Page.navigate", {"url": url})
        if answer.get("errorText"):
            raise Failed(f"{url}: {answer['errorText']}")
        loader = answer.get("loaderId")
        self.wait("Page.loadEventFired")
        # What was refused while loading is told a little later.
        self.evaluate("1")
        return self.complaints(), loader

    def wait(self, method, timeout=20):
        end = time.monotonic() + timeout
        while not any(event["method"] == method and event.get("sessionId") == self.session
                      for event in self.browser.events):
            message = self.browser.receive(max(0, end - time.monotonic()))
            if message is None:
                raise Failed(f"no {method} in {timeout} s")
            if "method" in message:
                self.browser.events.append(message)

    def complaints(self):
        """Errors and warnings of the console, refused content, exceptions."""
        found = []
        for event in self.browser.events:
            parameters = event.get("params", {})
            if event["method"] == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(parameters["entry"]["text"])
            elif event["method"] == "Runtime.exceptionThrown":
                found.append("exception: " + json.dumps(parameters["exceptionDetails"].get("text")))
            elif event["method"] == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
                found.append("console: " + json.dumps(parameters.get("args"))[:200])
        return found

    def evaluate(self, expression, timeout=60):
        answer = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True},
                           timeout)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failed(f"{expression[:80]}: {details.get('exception', {}).get('description', details.get('text'))}")
        return answer["result"].get("value")

    def key(self, key, code=None, text=None, modifiers=0):
        numbers = {"Tab": 9, "Enter": 13, " ": 32}
        event = {"key": key, "code": code or key, "modifiers": modifiers,
                 "windowsVirtualKeyCode": numbers.get(key, ord(key[0].upper()))}
        down = {"type": "keyDown" if text else "rawKeyDown", **event}
        if text:
            down["text"] = text
        self.call("Input.dispatchKeyEvent", down)
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def click(self, selector):
        box = self.evaluate(f"(e => {{ e.scrollIntoView({{block: 'center'}}); const b = e.getBoundingClientRect(); "
                            f"return [b.x + b.width / 2, b.y + b.height / 2]; }})(document.querySelector({selector!r}))")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent",
                      {"type": kind, "x": box[0], "y": box[1], "button": "left", "clickCount": 1})

    def pdf(self):
        import base64
        return base64.b64decode(self.call("Page.printToPDF", {"preferCSSPageSize": True}, timeout=60)["data"])

    def screenshot(self, path, full=False):
        import base64
        answer = self.call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": full}, timeout=60)
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
