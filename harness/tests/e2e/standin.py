"""A target that misbehaves on purpose, for the end-to-end tests: standin.py MODE PORT [LOGFILE].

MODE: well        answers GET with 200 and logs an access line
      exits       ends at once with status 7
      never-ready listens, answers 503
      no-log      answers, logs nothing
      bad-probe   /health is fine, /probe is 500
      dies        answers /health, ends when it is asked for anything else
      stubborn    answers, ignores SIGTERM
      deaf        accepts connections and never answers, once /hang was asked for
      silenced    logs until it is asked for /x, and nothing after that
      to-file     logs to LOGFILE; /rotate renames it and begins anew, /truncate empties it, /raise
                  logs a traceback
      json        logs JSON objects
      reborn      /health tells a boot id and an uptime; /poke lets another process take its place,
                  /later changes its name and age once /health was asked twice more
      tells       its log lines tell the peer's port, its tracebacks the X-Request-Id
      slow        answers everything 1.5 s late
      slow-deaf   the same; /hang is never answered
"""
import json
import os
import signal
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODE, PORT = sys.argv[1], int(sys.argv[2])
LOGFILE = sys.argv[3] if len(sys.argv) > 3 else None
silenced = False
asked = 1 << 31
BORN, BOOT = time.monotonic(), os.urandom(4).hex()


def log(text):
    if LOGFILE:
        with open(LOGFILE, "a") as file:
            file.write(text + "\n")
    else:
        sys.stderr.write(text + "\n")


def fail(request_id):
    """Two tracebacks, the second raised while the first was handled."""
    try:
        try:
            {}["user"]
        except KeyError:
            raise RuntimeError("no such session")
    except RuntimeError:
        told = f" [{request_id}]" if MODE == "tells" else ""
        log(f"ERROR:    Handler failed{told}\n" + traceback.format_exc().rstrip("\n"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        global silenced, asked, BORN, BOOT
        path = self.path.split("?")[0]
        if path == "/rotate":
            os.rename(LOGFILE, LOGFILE + ".1")
        if path == "/truncate":
            os.truncate(LOGFILE, 0)
        if path == "/raise":
            fail(self.headers.get("X-Request-Id"))
        silenced = silenced or (MODE == "silenced" and path == "/x")
        if MODE == "dies" and path != "/health":
            os._exit(9)
        if MODE.startswith("slow"):
            time.sleep(1.5)
        if MODE.endswith("deaf") and path == "/hang":
            threading.Event().wait()
        body = b"ok"
        if MODE == "reborn":
            body = json.dumps({"boot_id": BOOT, "uptime": time.monotonic() - BORN}).encode()
        if MODE == "reborn" and path == "/poke":
            os.execv(sys.executable, [sys.executable] + sys.argv)
        if path == "/later":
            asked = 0
        if MODE == "reborn" and path == "/health":
            asked += 1
            if asked == 2:
                BORN, BOOT = time.monotonic(), os.urandom(4).hex()
        status = 200
        if MODE == "never-ready" or (MODE == "bad-probe" and path == "/probe"):
            status = 503
        if path == "/missing":
            status = 404
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        line = f'INFO: "{self.requestline}"'
        if MODE == "tells":
            line = f'INFO: 127.0.0.1:{self.client_address[1]} - "{self.requestline}"'
        if MODE == "json":
            line = json.dumps({"severity": "INFO", "jsonPayload": {"message": self.requestline}})
        if MODE != "no-log" and not silenced:
            log(line)


if MODE == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if MODE == "exits":
    print("cannot read the configuration")
    sys.exit(7)
ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
