"""The formats of other tools as far as relapse writes them, from their public specifications: JSON
Schemas for CTRF, SARIF 2.1.0 and HAR 1.2, and which elements and attributes JUnit XML may have."""

TEXT = {"type": "string"}
NAME = {"type": "string", "minLength": 1}
INTEGER = {"type": "integer"}
COUNT = {"type": "integer", "minimum": 0}
UTC = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}


def closed(required, **properties):
    """An object that has these properties and no others; those of `required` always."""
    return {"type": "object", "required": required, "properties": properties,
            "additionalProperties": False}


def opened(required, **properties):
    return {"type": "object", "required": required, "properties": properties}


def items(schema, **more):
    return {"type": "array", "items": schema, **more}


# https://ctrf.io: every object is closed, own data goes under "extra".
CTRF_STATUS = {"enum": ["passed", "failed", "skipped", "pending", "other"]}
EXTRA = {"type": "object"}
CTRF = closed(
    ["reportFormat", "specVersion", "results"],
    reportFormat={"const": "CTRF"}, specVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
    timestamp=UTC, generatedBy=TEXT, extra=EXTRA,
    results=closed(
        ["tool", "summary", "tests"],
        tool=closed(["name"], name=NAME, version=TEXT, extra=EXTRA),
        summary=closed(["tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"],
                       tests=COUNT, passed=COUNT, failed=COUNT, skipped=COUNT, pending=COUNT,
                       other=COUNT, flaky=COUNT, suites=COUNT, start=INTEGER, stop=INTEGER,
                       duration=INTEGER, extra=EXTRA),
        tests=items(closed(
            ["name", "status", "duration"],
            name=NAME, status=CTRF_STATUS, duration=COUNT, suite=items(TEXT, minItems=1),
            message=TEXT, trace=TEXT, line=INTEGER, rawStatus=TEXT, tags=items(TEXT), filePath=TEXT,
            retries=COUNT, flaky={"type": "boolean"}, extra=EXTRA,
            retryAttempts=items(closed(["attempt", "status"], attempt={"type": "integer", "minimum": 1},
                                       status=CTRF_STATUS, duration=COUNT, message=TEXT)),
            steps=items(closed(["name", "status"], name=TEXT, status=CTRF_STATUS)))),
        environment=closed([], reportName=TEXT, healthy={"type": "boolean"}, extra=EXTRA)))

# OASIS SARIF 2.1.0; what GitHub's code scanning asks for besides is required here too.
MESSAGE = closed(["text"], text=NAME)
NOTIFICATION = closed(["level", "message"], level={"enum": ["none", "note", "warning", "error"]},
                      message=MESSAGE)
LOCATION = closed(["physicalLocation"], physicalLocation=closed(
    ["artifactLocation", "region"],
    artifactLocation=closed(["uri"], uri={"type": "string", "pattern": r"^([A-Za-z0-9._~/-]|%[0-9A-F]{2}|file:)*$"},
                            uriBaseId={"const": "%SRCROOT%"}),
    region=closed(["startLine"], startLine={"type": "integer", "minimum": 1},
                  startColumn={"type": "integer", "minimum": 1})))
SARIF_RESULT = closed(
    ["ruleId", "ruleIndex", "kind", "level", "message", "locations", "partialFingerprints"],
    ruleId=TEXT, ruleIndex=COUNT, kind={"enum": ["fail", "open"]},
    level={"enum": ["none", "note", "warning", "error"]}, message=MESSAGE,
    locations=items(LOCATION, minItems=1, maxItems=1),
    partialFingerprints=closed(
        ["primaryLocationLineHash", "relapseSignature/v1"],
        **{"primaryLocationLineHash": {"type": "string", "pattern": "^[0-9a-f]{16}:1$"},
           "relapseSignature/v1": {"type": "string", "pattern": "^[0-9a-f]{16}$"}}),
    suppressions=items(closed(["kind", "status", "justification"], kind={"const": "external"},
                              status={"const": "accepted"}, justification=NAME), minItems=1),
    properties=EXTRA)
SARIF_RESULT["allOf"] = [{"if": {"properties": {"kind": {"const": "open"}}},
                          "then": {"properties": {"level": {"const": "none"}}},
                          "else": {"properties": {"level": {"not": {"const": "none"}}}}}]
SARIF_RULE = closed(["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
                    id=TEXT, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE,
                    defaultConfiguration=closed(["level"], level={"const": "error"}),
                    properties=EXTRA)
SARIF = closed(
    ["$schema", "version", "runs"],
    **{"$schema": {"type": "string", "pattern": "^https://"}}, version={"const": "2.1.0"},
    runs=items(closed(
        ["tool", "results"],
        tool=closed(["driver"], driver=closed(["name", "rules"], name=NAME, fullName=TEXT, version=TEXT,
                                              rules=items(SARIF_RULE))),
        columnKind={"const": "utf16CodeUnits"}, automationDetails=closed(["id"], id=TEXT),
        invocations=items(closed(["executionSuccessful"], executionSuccessful={"type": "boolean"},
                                 exitCode=INTEGER, startTimeUtc=UTC, endTimeUtc=UTC,
                                 toolExecutionNotifications=items(NOTIFICATION))),
        results=items(SARIF_RESULT, maxItems=25000)), minItems=1, maxItems=20))

# HAR 1.2 (softwareishard.com); custom fields begin with an underscore.
SIZE = {"type": "integer", "minimum": -1}
TIME = {"type": "number", "minimum": -1}
PAIRS = items(opened(["name", "value"], name=TEXT, value=TEXT))
WS_MESSAGE = opened(["type", "time", "opcode", "data"], type={"enum": ["send", "receive"]},
                    time={"type": "number", "minimum": 0}, opcode=INTEGER, data=TEXT)
HAR_ENTRY = opened(
    ["startedDateTime", "time", "request", "response", "cache", "timings"],
    pageref=TEXT, startedDateTime=UTC, time={"type": "number", "minimum": 0},
    request=opened(["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize",
                    "bodySize"],
                   method=TEXT, url={"type": "string", "pattern": "^(http|ws)s?://"}, httpVersion=TEXT,
                   cookies=PAIRS, headers=PAIRS, queryString=PAIRS, headersSize=SIZE, bodySize=SIZE,
                   postData=opened(["mimeType", "params", "text"], mimeType=TEXT, text=TEXT)),
    response=opened(["status", "statusText", "httpVersion", "cookies", "headers", "content",
                     "redirectURL", "headersSize", "bodySize"],
                    status=COUNT, statusText=TEXT, httpVersion=TEXT, cookies=PAIRS, headers=PAIRS,
                    redirectURL=TEXT, headersSize=SIZE, bodySize=SIZE,
                    content=opened(["size", "mimeType"], size=COUNT, mimeType=TEXT, text=TEXT,
                                   encoding={"const": "base64"})),
    cache={"type": "object"},
    timings=opened(["send", "wait", "receive"], send=TIME, wait=TIME, receive=TIME, blocked=TIME,
                   dns=TIME, connect=TIME, ssl=TIME),
    _resourceType={"const": "websocket"}, _webSocketMessages=items(WS_MESSAGE),
    _webSocketControl=items(WS_MESSAGE))
HAR = closed(["log"], log=closed(
    ["version", "creator", "entries"],
    version={"const": "1.2"}, creator=closed(["name", "version"], name=NAME, version=NAME),
    pages=items(closed(["startedDateTime", "id", "title", "pageTimings"], startedDateTime=UTC, id=NAME,
                       title=TEXT, pageTimings={"type": "object"})),
    entries=items(HAR_ENTRY), comment=TEXT))

EVENT = opened(["format", "version", "event"], format={"const": "relapse-events"},
               version={"const": 1}, event={"enum": ["run_started", "result", "run_finished"]})

# Element: (attributes that must be there, others that may be, elements that may be inside).
# junit-10.xsd of Jenkins' xUnit plugin, which knows no file of a case.
RERUN = ({"type"}, {"message"}, {"stackTrace", "system-out", "system-err"})
JUNIT_JENKINS = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"time", "skipped", "timestamp"},
                  {"properties", "testcase"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": ({"name"}, {"time", "classname"},
                 {"skipped", "error", "failure", "rerunFailure", "flakyFailure", "system-out"}),
    "skipped": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "failure": (set(), {"type", "message"}, set()),
    "rerunFailure": RERUN,
    "flakyFailure": RERUN,
    "stackTrace": (set(), set(), set()),
    "system-out": (set(), set(), set()),
}
JUNIT_GITLAB = {**JUNIT_JENKINS, "testcase": ({"name", "classname"}, {"time", "file", "line"},
                                              JUNIT_JENKINS["testcase"][2])}
