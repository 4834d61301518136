#include "report/sample_nights.hpp"

#include "report/sample_run.hpp"

namespace relapse::testing {

namespace {

RunSummary night(const std::string& id, const std::string& started, int code) {
  return {.id = id,
          .started = started,
          .duration = std::chrono::seconds(6),
          .harness_version = "0.1.0",
          .code = code,
          .headline = code == 0 ? "HOLDS" : "RELAPSED: 1 fix no longer holds",
          .complete = true};
}

void fill(Change& change, const Bytes& octets) {
  for (std::string* text : {&change.title, &change.signature, &change.text, &change.last_good_run,
                            &change.last_good_at, &change.last_good_version, &change.first_bad_run,
                            &change.first_bad_at, &change.first_bad_version})
    *text = octets;
  change.held_nights = change.failing_nights = 3;
}

}  // namespace

Comparison sample_nights() {
  Comparison nights;
  nights.nights = {night("20261120T031207Z-aaaaaa", "2026-11-20T03:12:07.000Z", 0),
                   night("20261121T031207Z-bbbbbb", "2026-11-21T03:12:07.000Z", 1)};
  nights.baseline = nights.nights.back();
  nights.changes = {{.kind = ChangeKind::relapsed,
                     .key = {"protocol/bad-utf8", "embedded", Plane::wire},
                     .title = "Invalid UTF-8 in a text message is answered with close 1007",
                     .signature = "step 4: CLOSE 1007, RST",
                     .last_good_run = "20261121T031207Z-bbbbbb",
                     .last_good_at = "2026-11-21T03:12:07.000Z",
                     .last_good_version = "chatd 0.0.9",
                     .first_bad_run = "20261122T031207Z-3fa1c2",
                     .first_bad_at = "2026-11-22T03:12:07.193Z",
                     .first_bad_version = "chatd 0.1.0",
                     .held_nights = 212,
                     .failing_nights = 1},
                    {.kind = ChangeKind::lost,
                     .key = {"lifecycle/gone", "embedded", Plane::wire},
                     .title = "A scenario that ran last night",
                     .text = "ran in 20261121T031207Z-bbbbbb"},
                    {.kind = ChangeKind::recovered,
                     .key = {"auth/expired-token", "embedded", Plane::wire},
                     .title = "An expired token is refused",
                     .text = "failed for 2 nights"},
                    {.kind = ChangeKind::target_changed,
                     .key = {"", "embedded", Plane::wire},
                     .text = "chatd 0.0.9 → chatd 0.1.0"},
                    {.kind = ChangeKind::still_failing,
                     .key = {"lifecycle/receive-after-disconnect", "fastapi-uvicorn", Plane::wire},
                     .first_bad_at = "2026-11-20T03:12:07.000Z",
                     .first_bad_version = "fastapi 0.92.0, uvicorn 0.17.6",
                     .failing_nights = 3}};
  return nights;
}

Comparison hostile_nights() {
  const Bytes& bad = nasty_octets();
  Comparison nights;
  nights.baseline = night(bad, bad, 0);
  nights.nights = {night(bad, bad, 0)};
  for (int kind = 0; kind <= static_cast<int>(ChangeKind::still_failing); ++kind) {
    Change change{.kind = static_cast<ChangeKind>(kind), .key = {bad, bad, Plane::wire}};
    fill(change, bad);
    nights.changes.push_back(std::move(change));
  }
  return nights;
}

Run acknowledged_run() {
  Run run = sample_run();
  for (ScenarioResult& result : run.results) {
    if (result.scenario == "protocol/bad-utf8") {
      result.known = true;
      result.known_reason = "waits for release 0.30.3";
      result.known_owner = "chat-team";
      result.known_until = "2026-12-01";
    }
  }
  return run;
}

Run large_run(std::size_t count, bool all_relapse) {
  const Run sample = sample_run();
  const auto of = [&](const char* scenario) {
    for (const ScenarioResult& result : sample.results) {
      if (result.scenario == scenario)
        return result;
    }
    return sample.results.front();
  };
  const ScenarioResult holds = of("auth/expired-token"), relapsed = of("protocol/bad-utf8"),
                       inconclusive = of("config/missing-secret"),
                       flaky = of("lifecycle/two-sessions");
  Run run = sample;
  run.targets.clear();
  run.results.clear();
  for (const char* target : {"one", "two", "three", "four"})
    run.targets.push_back({target, target, "ws://127.0.0.1:1", "1.0", ""});
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kind = i / 4 % 100;
    ScenarioResult result = all_relapse || kind < 3 ? relapsed
                            : kind == 3             ? inconclusive
                            : kind == 4             ? flaky
                                                    : holds;
    result.scenario = "family-" + std::to_string(i / 4 % 25) + "/scenario-" + std::to_string(i / 4);
    result.target = run.targets[i % 4].id;
    if (all_relapse) {
      for (Attempt& attempt : result.attempts) {
        for (Finding& finding : attempt.verdict.findings)
          finding.claim += " of " + std::to_string(i);
      }
    }
    run.results.push_back(std::move(result));
  }
  return run;
}

const Bytes& nasty_octets() {
  static constexpr char literal[] =
      "\x1b[31m\x07\xe2\x80\xae\xe2\x81\xa6]]>&<!--<script>\"'`a`` "
      "```|\\|[x](javascript:1)![i](//e)\r\n"
      "::error file=x,line=1::owned\n##[error]owned\n::set-output name=x::y;z %0A\n"
      "not ok 99 - owned # TODO x # SKIP\nBail out!\n...\n--- *a: &b !!c {d: e} @everyone #1\t"
      "\xff\xfe\xc0\x80\xed\xa0\x80\xef\xbf\xbe\xef\xbb\xbf\xc2\x9b"
      "31m\0end";
  static const Bytes octets(literal, sizeof literal - 1);
  return octets;
}

Run nasty_run() {
  return hostile_run(nasty_octets());
}

}  // namespace relapse::testing
