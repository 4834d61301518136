"""What the end-to-end tests share: running the built relapse in a folder of its own."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
PYTHON = "/usr/bin/python3"


class Bench:
    """A scratch home with scenarios/, fixtures/targets/ and reports/."""

    def __init__(self, binary):
        self.binary = binary
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="relapse-e2e-"))
        (self.home / "scenarios").mkdir()
        (self.home / "fixtures/targets").mkdir(parents=True)

    def remove(self):
        shutil.rmtree(self.home)

    def scenario(self, name, **content):
        base = {
            "title": name,
            "incident": {"ref": "test", "seen": "2025-09-12", "story": "s", "evidence": "e"},
            "proof": {"relapses_on": ["none"]},
        }
        path = self.home / "scenarios" / f"{name}.json"
        path.write_text(json.dumps({**base, **content}, indent=2))
        return path

    def standin(self, mode, **changes):
        target = {
            "title": f"stand-in: {mode}",
            "address": "http://127.0.0.1:${port}",
            "launch": {
                "command": [PYTHON, str(HERE / "standin.py"), mode, "${port}"],
                "ready": {"path": "/health", "status": 200, "within": "5s"},
                "stop": {"signal": "TERM", "within": "5s", "exit": [-15]},
            },
            "logs": [{"process": True}],
            "log_mark": {"path": "/health", "within": "1s"},
        }
        target.update(changes)
        target = {key: value for key, value in target.items() if value is not None}
        target = {key: value for key, value in target.items() if value is not None}
        path = self.home / "fixtures/targets" / f"{mode}.json"
        path.write_text(json.dumps(target, indent=2))
        return mode

    def run(self, *arguments, home=None, timeout=120):
        environment = {k: v for k, v in os.environ.items() if k not in ("RELAPSE_HOME", "CI")}
        return subprocess.run(
            [self.binary, "-C", str(home or self.home), *arguments],
            capture_output=True, text=True, timeout=timeout, env=environment)

    def last_run(self):
        """The newest stored run, with its timelines in their attempts."""
        def head(path):
            return json.loads(path.read_text())
        paths = (self.home / "reports/runs").glob("[!.]*/run.json")
        run, folder = max(((head(path), path.parent) for path in paths),
                          key=lambda one: one[0]["started"])
        stored = (folder / "timelines.jsonl").read_bytes()
        described = {one.get("key", one["id"]): one for one in run["scenarios"]}
        for result in run["results"]:
            known = described[result.get("described", result["scenario"])]
            result.update({key: value for key, value in known.items() if key not in ("id", "key")})
            for attempt in result["attempts"]:
                at, size = attempt["timeline"]["at"], attempt["timeline"]["size"]
                attempt["timeline"] = json.loads(stored[at:at + size])
        return run


def check(condition, *facts):
    """An assertion that shows what it saw."""
    if not condition:
        for fact in facts:
            print(fact, file=sys.stderr)
        raise SystemExit(1)


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(path, status=200):
    return [{"send": {"request": {"path": path}}}, {"expect": {"response": {"status": status}}}]
