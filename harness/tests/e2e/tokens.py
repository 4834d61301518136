"""tokens.py BINARY: the tokens on the wire verify, or fail to, with PyJWT under the key that the
launched target was given."""
import base64
import hashlib
import hmac
import json
import sys

try:
    import jwt
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
except ImportError:
    print("python3-jwt or python3-cryptography is not installed")
    raise SystemExit(77)

from harness import HERE, PYTHON, Bench, check

bench = Bench(sys.argv[1])
TOKENS = {
    "rs": {"algorithm": "RS256", "key": "service", "claims": {"sub": "u", "exp": "+1h"}},
    "es": {"algorithm": "ES256", "key": "device", "claims": {"sub": "u", "exp": "+1h"}},
    "late": {"algorithm": "RS256", "key": "service", "claims": {"sub": "u", "exp": "-1h"}},
    "stranger": {"algorithm": "RS256", "key": "other", "claims": {"sub": "u", "exp": "+1h"}},
    "confused": {"algorithm": "HS256", "secret": "${public_key:service}", "claims": {"sub": "u"}},
    "lies": {"secret": "s" * 40, "header": {"alg": "RS256"}, "claims": {"sub": "u"}},
    "endless": {"secret": "s" * 40, "claims": {"exp": {"$literal": "Infinity"}}},
}
key_file = bench.home / "fixtures/targets/device.pem"
key_file.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption()))
# What the target received: a token signed with a key from a file is shown in no timeline.
received = bench.home / "received"
bench.standin("mirror", tokens=TOKENS, logs=None, log_mark=None,
              keys={"service": {"type": "RSA"}, "other": {"type": "RSA"},
                    "device": {"file": "device.pem"}},
              launch={"command": [PYTHON, str(HERE / "standin.py"), "mirror", "${port}", str(received)],
                      "env": {"SERVICE_KEY": "${public_key:service}"},
                      "ready": {"path": "/health", "status": 200, "within": "5s"},
                      "stop": {"signal": "TERM", "within": "5s", "exit": [-15]}})
steps = []
for name in TOKENS:
    steps += [{"send": {"request": {"path": f"/{name}", "headers": {
        "Authorization": "Bearer Bearer ${token:%s}" % name}}}},
        {"expect": {"response": {"status": 200}}}]
bench.scenario("all", steps=steps)
done = bench.run("run", "all", "-t", "mirror")
check(done.returncode == 0, done.stdout, done.stderr)
timeline = bench.last_run()["results"][0]["attempts"][0]["timeline"]
sent = {}
for line in received.read_text().splitlines():
    told = json.loads(line.removeprefix("ERROR: ")) if line.startswith("ERROR: ") else {"seen": {}}
    value = told["seen"].get("Authorization")
    if value:
        check(value.startswith("Bearer Bearer "), value)
        sent[told["path"].lstrip("/")] = value.split(" ")[-1]
check(set(sent) == set(TOKENS), sent.keys())
variables = dict(map(tuple, timeline["variables"])) if isinstance(
    timeline["variables"], list) else timeline["variables"]
service, device = variables["public_key:service"], variables["public_key:device"]
check("PRIVATE" not in json.dumps(bench.last_run()), "a private key must not be stored")
check(sent["es"] not in json.dumps(bench.last_run()), "a token of a kept key must not be stored")
check(sent["rs"] not in json.dumps(bench.last_run()), "any token has the shape of a credential")
check("[redacted token:rs, " in json.dumps(bench.last_run()), "it is named by its recipe")


def refused(name, key, algorithm, error):
    try:
        jwt.decode(sent[name], key, algorithms=[algorithm])
    except error:
        return
    check(False, f"{name} was accepted")


check(jwt.decode(sent["rs"], service, algorithms=["RS256"])["sub"] == "u")
check(jwt.decode(sent["es"], device, algorithms=["ES256"])["sub"] == "u")
refused("late", service, "RS256", jwt.ExpiredSignatureError)
refused("stranger", service, "RS256", jwt.InvalidSignatureError)
refused("lies", service, "RS256", jwt.InvalidSignatureError)
# PyJWT refuses a public key as a secret; the recipe is for servers that do not.
head, payload, signature = sent["confused"].split(".")
mine = hmac.new(service.encode(), f"{head}.{payload}".encode(), hashlib.sha256).digest()
check(base64.urlsafe_b64encode(mine).rstrip(b"=").decode() == signature, "the confused signature")
check(b'"exp":Infinity' in base64.urlsafe_b64decode(sent["endless"].split(".")[1] + "=="), sent["endless"])
refused("endless", "s" * 40, "HS256", (OverflowError, jwt.InvalidTokenError))
bench.remove()
print("ok")
