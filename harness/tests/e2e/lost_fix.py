"""lost_fix.py BINARY: a fix that a later commit deletes. `prove` brings the bug back from the commit
before the fix, and `git bisect run relapse run --bisect` finds the commit that lost it."""
import json
import os
import subprocess
import sys

from harness import PYTHON, Bench, check, get

bench = Bench(sys.argv[1])
repository = bench.home / "service"
repository.mkdir()
ENVIRONMENT = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}

SERVER = '''import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status = 200
        if self.path == "/broken" and not GUARDED:
            status = 500
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

exec(open("built.py").read())
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
'''


def git(*arguments):
    done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, text=True,
                          env=ENVIRONMENT, timeout=120)
    check(done.returncode == 0, arguments, done.stdout, done.stderr)
    return done.stdout.strip()


def commit(subject, guarded, server=SERVER):
    (repository / "server.py").write_text(server)
    (repository / "guard.txt").write_text(f"GUARDED = {guarded}\n")
    (repository / "notes.txt").write_text(subject)
    git("add", "-A")
    git("-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-qm", subject)
    return git("rev-parse", "HEAD")


git("init", "-q")
before = commit("The service", False)
fixed = commit("Guard the route", True)
commit("Tidy up", True)
commit("A commit that does not start", True, "raise SystemExit(1)\n")
commit("Tidy up again", True)
lost = commit("Migrate the logging", False)
commit("Tidy up once more", False)

(bench.home / "fixtures/targets/service.json").write_text(json.dumps({
    "title": "The service", "address": "http://127.0.0.1:${port}",
    "launch": {
        "command": ["/bin/sh", "-c", f"cp guard.txt built.py; exec {PYTHON} server.py ${{port}}"],
        "cwd": "../../service",
        "ready": {"path": "/", "status": 200, "within": "10s"},
        "stop": {"signal": "TERM", "within": "5s", "exit": [-15]},
    },
    "faults": {
        "before-the-fix": {
            "title": "The commit before the fix",
            "revision": {"repository": "../../service", "commit": before,
                         "build": ["cp", "guard.txt", "built.py"]},
        },
        "no-such-commit": {
            "title": "A revision that does not exist",
            "revision": {"repository": "../../service", "commit": "0" * 40},
        },
    },
}))
bench.scenario("route", steps=get("/broken"),
               proof={"relapses_on": [{"fault": "before-the-fix", "claim": "step 2"}]})

git("checkout", "-q", fixed)
proved = bench.run("prove", "route", "-t", "service", "--no-store")
check(proved.returncode == 0 and "discriminates" in proved.stdout, proved.stdout, proved.stderr)
check(git("worktree", "list").count("\n") == 0, git("worktree", "list"))
missing = bench.run("run", "route", "-t", "service", "--fault", "no-such-commit")
check(missing.returncode == 3 and "worktree" in missing.stdout, missing.stdout, missing.stderr)

git("bisect", "start", "master" if "master" in git("branch", "-a") else "main", fixed)
found = subprocess.run(
    ["git", "-C", str(repository), "bisect", "run", bench.binary, "-C", str(bench.home), "run",
     "route", "-t", "service", "--bisect", "--no-report"],
    capture_output=True, text=True, env=ENVIRONMENT, timeout=240)
check(f"{lost} is the first bad commit" in found.stdout, found.stdout, found.stderr)
check("Migrate the logging" in found.stdout, found.stdout)
bench.remove()
print("ok")
