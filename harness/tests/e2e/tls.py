"""tls.py BINARY: the shipped scenarios over wss://, and everything that must stop them there."""
import json
import shutil
import sys

from certificates import Authority
from harness import ROOT, Bench, check

bench = Bench(sys.argv[1])
for folder in ("lifecycle", "fragments"):
    shutil.copytree(ROOT / "scenarios" / folder, bench.home / "scenarios" / folder)
authority = Authority(bench.home / "certificates")
good = authority.sign("good", "IP:127.0.0.1,DNS:chat.test")
expired = authority.sign("expired", "IP:127.0.0.1", days=-1)
elsewhere = authority.sign("elsewhere", "IP:127.0.0.9,DNS:elsewhere.test")
client = authority.sign("client", "DNS:client.test")
stranger = Authority(bench.home / "certificates", "stranger")
ONE = "lifecycle/crash-closes-1011"


def target(name, certificate, tls, *options):
    """Starlette on uvicorn, as shipped, but over TLS."""
    content = json.loads((ROOT / "fixtures/targets/starlette-uvicorn-websockets.json").read_text())
    content["address"] = "wss://127.0.0.1:${port}"
    content["tls"] = {key: value if isinstance(value, bool) else str(value) for key, value in tls.items()}
    content["launch"]["cwd"] = str(ROOT / "fixtures/apps")
    content["launch"]["ready"]["within"] = "8s"
    content["launch"]["command"] += ["--ssl-certfile", str(certificate[0]),
                                     "--ssl-keyfile", str(certificate[1]), *options]
    (bench.home / f"fixtures/targets/{name}.json").write_text(json.dumps(content))
    return name


def run(selector, name, code):
    done = bench.run("run", selector, "-t", name, "--retries", "0")
    check(done.returncode == code, f"{name}: exit {done.returncode}, expected {code}",
          done.stdout, done.stderr)
    return done, bench.last_run()


def stopped(name, certificate, tls, reason, *options):
    """A scenario that cannot be judged there, for this reason."""
    _, last = run(ONE, target(name, certificate, tls, *options), 3)
    found = last["results"][0]
    check(found["outcome"] == "inconclusive" and reason in found["reason"], name, found["reason"])


def holds(name, certificate, tls, *options):
    done, last = run(ONE, target(name, certificate, tls, *options), 0)
    check(last["results"][0]["outcome"] == "holds", last["results"][0])
    return done, last


CA = {"ca": authority.ca}
done, last = run("lifecycle/*", target("trusted", good, CA), 0)
check(len(last["results"]) >= 8 and all(r["outcome"] == "holds" for r in last["results"]), done.stdout)
check("NOT verified" not in done.stdout and "tls_unverified" not in last["targets"][0], done.stdout)
connected = [e for e in last["results"][0]["attempts"][0]["timeline"]["events"]
             if e["kind"] == "connected"]
check(connected and all(e["tls"] == "TLSv1.3, certificate verified" for e in connected), connected)
fault = bench.run("run", ONE, "-t", "trusted", "--fault", "crash-closes-1000", "--retries", "0")
check(fault.returncode == 1, "a fault must relapse over TLS too", fault.stdout, fault.stderr)

stopped("wrong-ca", good, {"ca": stranger.ca}, "certificate not accepted")
stopped("system-store", good, {}, "certificate not accepted")
stopped("expired", expired, CA, "certificate has expired")
stopped("wrong-host", elsewhere, CA, "IP address mismatch")
stopped("wrong-name", good, {**CA, "server_name": "other.test"}, "hostname mismatch")
holds("by-name", good, {**CA, "server_name": "chat.test"})
stopped("no-ca-file", good, {"ca": bench.home / "none.pem"}, "none.pem")

done, last = holds("unverified", expired, {"verify": False})
page = (bench.home / "reports/latest/index.html").read_text()
check("TLS certificate NOT verified" in done.stdout, done.stdout)
check("TLS certificate NOT verified" in page and last["targets"][0]["tls_unverified"] is True)

# --ssl-cert-reqs 2: a client without a certificate is turned away.
MUTUAL = ["--ssl-ca-certs", str(authority.ca), "--ssl-cert-reqs", "2"]
stopped("anonymous", good, CA, "refuses the client or its certificate", *MUTUAL)
holds("mutual", good, {**CA, "cert": client[0], "key": client[1]}, *MUTUAL)
stopped("wrong-key", good, {**CA, "cert": client[0], "key": good[1]}, "tls.key", *MUTUAL)

# A server that speaks no TLS at all.
content = json.loads((bench.home / "fixtures/targets/trusted.json").read_text())
content["launch"]["command"] = content["launch"]["command"][:-4]
(bench.home / "fixtures/targets/in-the-clear.json").write_text(json.dumps(content))
_, last = run(ONE, "in-the-clear", 3)
check("TLS handshake failed" in last["results"][0]["reason"], last["results"][0]["reason"])

mistaken = json.loads((bench.home / "fixtures/targets/trusted.json").read_text())
mistaken["address"] = "ws://127.0.0.1:${port}"
(bench.home / "fixtures/targets/mistaken.json").write_text(json.dumps(mistaken))
done = bench.run("run", ONE, "-t", "mistaken")
check(done.returncode == 2 and '"tls" means nothing to' in done.stderr, done.returncode, done.stderr)
bench.remove()
print("ok")
