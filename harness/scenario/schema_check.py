"""Compares the JSON Schemas that relapse prints with the files they describe.

usage: schema_check.py RELAPSE SOURCE_DIR

Every shipped scenario, fragment and target must be accepted. Of the bad files of the reader's tests, those
whose fault a schema can express must be refused, so that this test is seen to be able to fail.
Exits with 77 (skipped) when the jsonschema package is not installed.
"""

import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("jsonschema is not installed")
    sys.exit(77)

REFUSED_SCENARIOS = [
    "asgi-call",
    "asgi-patterns",
    "cases-shape",
    "close-reason-without-code",
    "durations",
    "enum-values",
    "exclusive-both",
    "exclusive-none",
    "many-errors",
    "missing-keys",
    "octets",
    "out-of-range",
    "pattern-operators",
    "pattern-views",
    "repeat-wrong",
    "root-is-list",
    "unknown-key",
    "wrong-types",
]
REFUSED_TARGETS = ["target-asgi", "target-nowhere", "target-wrong"]


def without_comments(text):
    """Removes // and /* */ outside strings."""
    out = []
    i = 0
    while i < len(text):
        if text[i] == '"':
            end = i + 1
            while text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            out.append(text[i : end + 1])
            i = end + 1
        elif text.startswith("//", i):
            end = text.find("\n", i)
            i = len(text) if end < 0 else end
        elif text.startswith("/*", i):
            i = text.index("*/", i) + 2
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


def read(path):
    return json.loads(without_comments(path.read_text(encoding="utf-8")))


def validator(relapse, kind):
    printed = subprocess.run(
        [relapse, "schema", kind], check=True, capture_output=True, text=True, timeout=30
    )
    schema = json.loads(printed.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def is_scenario(path):
    hidden = path.name.endswith((".proof.json", ".schema.json")) or path.name.startswith(".")
    return not hidden and "fragments" not in path.parts


def main(relapse, source):
    source = pathlib.Path(source)
    scenarios = [p for p in sorted((source / "scenarios").rglob("*.json")) if is_scenario(p)]
    fragments = sorted((source / "scenarios" / "fragments").rglob("*.json"))
    targets = sorted((source / "fixtures" / "targets").glob("*.json"))
    bad = source / "harness" / "scenario" / "bad"
    wrong = 0
    for kind, good, refused in (
        ("scenario", scenarios, REFUSED_SCENARIOS),
        ("fragment", fragments, ["scenarios/fragments/broken"]),
        ("target", targets, REFUSED_TARGETS),
    ):
        check = validator(relapse, kind)
        for path in good:
            for error in check.iter_errors(read(path)):
                print(f"{path}: refused: {error.json_path}: {error.message[:200]}")
                wrong += 1
        for name in refused:
            if check.is_valid(read(bad / f"{name}.json")):
                print(f"{name}: accepted, and should not be")
                wrong += 1
        print(f"{kind}: {len(good)} good and {len(refused)} bad files compared")
    if not scenarios or not fragments or not targets:
        print("no files were found")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
