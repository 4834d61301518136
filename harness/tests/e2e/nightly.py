"""A target that does each night what a plan says: nightly.py PORT PLAN, or nightly.py PLAN for its version.

PLAN is JSON: {"version": "1.0", "mute": "/x", "paths": {"/x": {"status": 404, "wait": 0.3, "once": true}}}.
What is not in it is answered with 200 at once. `once`: only the first of all processes does that; PLAN.seen
remembers. `mute`: nothing is logged once that path was asked for.
"""
import json
import pathlib
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

plan_file = pathlib.Path(sys.argv[-1])
plan = json.loads(plan_file.read_text())
seen = pathlib.Path(f"{plan_file}.seen")
if len(sys.argv) == 2:
    print(plan["version"])
    sys.exit()


muted = False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        global muted
        path = self.path.split("?")[0]
        muted = muted or path == plan["mute"]
        told = plan["paths"].get(path, {})
        if told.get("once"):
            known = seen.read_text().split() if seen.exists() else []
            seen.write_text(" ".join([*known, path]))
            told = {} if path in known else told
        time.sleep(told.get("wait", 0))
        self.send_response(told.get("status", 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        if not muted:
            super().log_message(*words)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
