"""completion.py BINARY: the completion scripts, in the shells themselves."""
import os
import pathlib
import shutil
import subprocess
import sys

from harness import Bench, check, get

bench = Bench(sys.argv[1])
bench.standin("well", faults={"old-bug": {"title": "t", "env": {"X": "1"}}})
bench.scenario("lone", steps=get("/a"), tags=["quick"])
(bench.home / "scenarios/ws").mkdir()
bench.scenario("ws/early", steps=get("/b"), tags=["socket"])
folder = bench.home / "bin"
folder.mkdir()
(folder / "relapse").symlink_to(pathlib.Path(sys.argv[1]).resolve())
environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(bench.home)}
SCRIPTS = {}
for shell in ("bash", "zsh", "fish"):
    SCRIPTS[shell] = bench.home / f"complete.{shell}"
    text = subprocess.run(["relapse", "completion", shell], env=environment, capture_output=True,
                          text=True, check=True).stdout
    SCRIPTS[shell].write_text(text)

BASH = """
source "$1"; shift
COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
read -ra COMP_WORDS <<< "${COMP_LINE//:/ : }"
[[ $COMP_LINE == *[[:space:]:] ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_relapse
printf '%s\\n' "${COMPREPLY[@]}"
"""


def bash(line):
    done = subprocess.run(["bash", "-c", BASH, "bash", str(SCRIPTS["bash"]), line], cwd=bench.home,
                          env=environment, capture_output=True, text=True)
    check(done.stderr == "", line, done.stderr)
    return done.stdout.split()


def fish(line):
    done = subprocess.run(["fish", "-c", f"source {SCRIPTS['fish']}; complete -C '{line}'"],
                          cwd=bench.home, env=environment, capture_output=True, text=True)
    check(done.stderr == "", line, done.stderr)
    return [one.split("\t")[0] for one in done.stdout.splitlines()]


ZSH = """
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1="> "; fpath=(%s $fpath); autoload -U compinit; compinit -u -D; cd %s; source %s; print READY'
for i in {1..100}; do zpty -r z line; [[ $line == READY* ]] && break; done
zpty -n -w z "$1"$'\\t\\t'
sleep 2
while zpty -r -t z line; do print -r -- "$line"; done
zpty -d z
"""


def zsh(line):
    text = ZSH % (folder, bench.home, SCRIPTS["zsh"])
    done = subprocess.run(["zsh", "-f", "-c", text, "zsh", line], env={**environment, "TERM": "dumb"},
                          capture_output=True, text=True, timeout=60)
    return done.stdout


def expect(ask, line, wanted, unwanted=()):
    words = ask(line)
    for word in wanted:
        check(word in words, ask.__name__, line, word, words)
    for word in unwanted:
        check(word not in words, ask.__name__, line, word, words)


subprocess.run(["bash", "-n", str(SCRIPTS["bash"])], check=True)
for ask in [bash, *([fish] if shutil.which("fish") else [])]:
    expect(ask, "relapse ", ["run", "doctor", "completion"], ["__complete"])
    expect(ask, "relapse r", ["run", "report"], ["list"])
    expect(ask, "relapse run --re", ["--retries", "--repeat", "--report"], ["--target"])
    expect(ask, "relapse run -t ", ["well"], ["lone"])
    expect(ask, "relapse run --target w", ["well"])
    expect(ask, "relapse run --fault ", ["old-bug"])
    expect(ask, "relapse run --plane ", ["wire", "asgi"], ["lone"])
    expect(ask, "relapse run ws", ["ws/early"], ["lone"])
    expect(ask, "relapse run -t well lo", ["lone"])
    expect(ask, "relapse completion ", ["bash", "zsh", "fish"])
    expect(ask, "relapse help sel", ["selectors"])
    expect(ask, f"relapse -C {bench.home} run -t ", ["well"])
# bash takes the part before a colon for done.
check("quick" in bash("relapse run tag:q"), bash("relapse run tag:q"))
if shutil.which("fish"):
    check("tag:quick" in fish("relapse run tag:q"), fish("relapse run tag:q"))
if shutil.which("zsh"):
    subprocess.run(["zsh", "-n", str(SCRIPTS["zsh"])], check=True)
    for line, word in (("relapse doc", "doctor"), ("relapse run -t w", "well"),
                       ("relapse run ws", "ws/early"), ("relapse run --fail", "--fail-fast")):
        check(word in zsh(line), line, zsh(line))
bench.remove()
