"""A target that misbehaves on purpose, for the end-to-end tests: standin.py MODE PORT [LOGFILE [COUNTS]].

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
      mirror      answers and logs what it was sent, and a hash of each header and of $KEY
      window      /end answers 500 when it is asked for between 300 and 700 ms after /begin
      sometimes   keeps count of the requests for /x in LOGFILE; those of COUNTS ("2,5") fail
      poisoned    after /poison, /fragile answers 500 for the rest of the process; everything else works
      late        300 ms after /poison the process ends
      pair        as poisoned, after /salt and then /poison
      collected   asked for $TELLS_AT, it logs once that a task was destroyed; LOGFILE remembers it
      reborn      /health tells a boot id and an uptime; /poke lets another process take its place,
                  /later changes its name and age once /health was asked twice more
      tells       its log lines tell the peer's port, its tracebacks the X-Request-Id
      slow        answers everything 1.5 s late
      slow-deaf   the same; /hang is never answered
"""
import hashlib
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
COUNTS = [int(one) for one in sys.argv[4].split(",")] if len(sys.argv) > 4 else []
silenced = False
began = 0.0
seen = set()
asked = 1 << 31
BORN, BOOT = time.monotonic(), os.urandom(4).hex()


def log(text):
    if LOGFILE and MODE not in ("sometimes", "collected"):
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


def broken(path):
    """Whether the modes that fail now and then fail here."""
    global began
    if path == "/begin":
        began = time.monotonic()
    if MODE == "window" and path == "/end":
        return 0.3 < time.monotonic() - began < 0.7
    if MODE == "sometimes" and path == "/x":
        with open(LOGFILE, "a+") as count:
            count.write("x")
            return count.tell() in COUNTS
    if MODE == "late" and path == "/poison":
        threading.Timer(0.3, os._exit, [9]).start()
    if path == "/salt" or (path == "/poison" and (MODE == "poisoned" or "/salt" in seen)):
        seen.add(path)
    return MODE in ("poisoned", "pair") and path == "/fragile" and "/poison" in seen


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
        if broken(path):
            status = 500
        if path == "/missing":
            status = 404
        if MODE == "mirror":
            body = self.mirrored()
        if MODE == "collected" and path == os.environ["TELLS_AT"] and not os.path.exists(LOGFILE):
            open(LOGFILE, "w").close()
            sys.stderr.write("Task was destroyed but it is pending!\ntask: <Task pending>\n")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def mirrored(self):
        seen = {**dict(self.headers.items()), "KEY": os.environ.get("KEY", "")}
        hashes = {k: hashlib.sha256(v.encode("latin-1")).hexdigest() for k, v in seen.items()}
        body = json.dumps({"path": self.path, "seen": seen, "hashes": hashes})
        if self.path != "/health":
            log("ERROR: " + body)
        return body.encode()

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
