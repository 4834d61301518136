"""A target that misbehaves on purpose, for the end-to-end tests: standin.py MODE PORT.

MODE: well        answers GET with 200 and logs an access line
      exits       ends at once with status 7
      never-ready listens, answers 503
      no-log      answers, logs nothing
      bad-probe   /health is fine, /probe is 500
      dies        answers /health, ends when it is asked for anything else
      stubborn    answers, ignores SIGTERM
      deaf        accepts connections and never answers, once /hang was asked for
"""
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODE, PORT = sys.argv[1], int(sys.argv[2])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        if MODE == "dies" and path != "/health":
            os._exit(9)
        if MODE == "deaf" and path == "/hang":
            threading.Event().wait()
        status = 200
        if MODE == "never-ready" or (MODE == "bad-probe" and path == "/probe"):
            status = 503
        if path == "/missing":
            status = 404
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format, *arguments):
        if MODE != "no-log":
            sys.stderr.write(f'INFO: "{self.requestline}"\n')


if MODE == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if MODE == "exits":
    print("cannot read the configuration")
    sys.exit(7)
ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
