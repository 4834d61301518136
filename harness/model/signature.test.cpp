#include "catch.hpp"
#include "model/history.hpp"

namespace relapse {
namespace {

ScenarioResult failing(const std::string& claim, const std::string& expected,
                       const std::string& observed) {
  ScenarioResult r;
  r.scenario = "ws/a";
  r.target = "t";
  r.outcome = Outcome::relapsed;
  Attempt attempt;
  attempt.verdict.outcome = Outcome::relapsed;
  attempt.verdict.findings = {
      {.claim = "step 1", .outcome = Outcome::holds},
      {.claim = claim, .outcome = Outcome::relapsed, .expected = expected, .observed = observed}};
  r.attempts = {attempt};
  return r;
}

std::string seen(const std::string& observed) {
  const std::string whole = failure_signature(failing("c", "x", observed));
  const std::string head = "c: expected x, observed ";
  REQUIRE(whole.starts_with(head));
  return whole.substr(head.size());
}

}  // namespace

TEST_CASE("signature: the claim, what was expected and what was observed", "[history]") {
  CHECK(failure_signature(failing("step 4", "CLOSE 1007 within 2 s", "RST after 0.171 s")) ==
        "step 4: expected CLOSE 1007 within <n> s, observed RST after <n> s");
  ScenarioResult r = failing("c", "a", "b");
  r.outcome = Outcome::holds;
  CHECK(failure_signature(r).empty());
  r.outcome = Outcome::skipped;
  CHECK(failure_signature(r).empty());
}

TEST_CASE("signature: codes and words change it", "[history]") {
  const std::vector<std::string> different{
      "CLOSE 1006",
      "CLOSE 1007",
      "CLOSE 1007 \"bye\"",
      "HTTP 500",
      "HTTP 503",
      "exit 1",
      "exit 3",
      "exit code -15",
      "signal 9",
      "RST",
      "FIN",
      "nothing",
      R"({"code":1007})",
      R"({"code":1008})",
      R"({"status":500})",
      "[Errno 104] Connection reset",
      "[Errno 32] Broken pipe",
      "frame fin=1 rsv=4",
      "frame fin=0 rsv=4",
      "CLOSE 1000 or 1001",
      "CLOSE 1000 or 1002",
      "KeyError in h11",
      "KeyError in utf8",
  };
  for (const std::string& one : different) {
    for (const std::string& other : different) {
      INFO(one << " | " << other);
      CHECK((seen(one) == seen(other)) == (&one == &other));
    }
  }
  CHECK(failure_signature(failing("step 1", "x", "y")) !=
        failure_signature(failing("step 2", "x", "y")));
  CHECK(failure_signature(failing("a", "CLOSE 1000", "y")) !=
        failure_signature(failing("a", "CLOSE 1001", "y")));
}

TEST_CASE("signature: what differs from night to night does not change it", "[history]") {
  const std::vector<std::pair<std::string, std::string>> same{
      {"connection from 127.0.0.1:51544", "connection from 127.0.0.1:60001"},
      {"peer port 51544", "peer port 4711"},
      {"HTTP 500 after 0.171 s", "HTTP 500 after 2.3 s"},
      {"waited 200ms", "waited 1500ms"},
      {"6 min 12 s", "7 min 1 s"},
      {"at 2026-11-22T03:12:07.193Z", "at 2026-11-23T03:11:59.001Z"},
      {"03:12:07 ERROR", "04:11:01 ERROR"},
      {"id 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "id 00000000-4f89-41d3-9a0c-0305e82c3302"},
      {"<Task at 0x7f3a10>", "<Task at 0x55aa00ff>"},
      {"session 3fa1c2", "session 99be01"},
      {"Task-12 was destroyed", "Task-977 was destroyed"},
      {"user42 is gone", "user7 is gone"},
      {"2 of 5 answers", "3 of 5 answers"},
      {"BINARY ce ba ff", "BINARY 01 02 aa bb"},
      {"TEXT \"\\xce\\xba\"", "TEXT \"\\xff\""},
      {"TEXT len=3", "TEXT len=17"},
      {"line 17, in send", "line 23, in send"},
      {"[redacted cookie, 43 bytes, #a1b2] was sent",
       "[redacted cookie, 44 bytes, #ffee] was sent"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0 x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5OTkifQ x"},
      {"CLOSE 1000 \"1234\"", "CLOSE 1000 \"99\""},
      {"two  spaces", "two spaces"},
      {R"({"id":17,"code":1007})", R"({"id":18,"code":1007})"},
  };
  for (const auto& [one, other] : same) {
    INFO(one << " | " << other);
    CHECK(seen(one) == seen(other));
    CHECK_FALSE(seen(one).empty());
  }
  CHECK(failure_signature(failing("step 3.2 (2 of 5)", "x", "y")) ==
        failure_signature(failing("step 3.2 (4 of 5)", "x", "y")));
}

TEST_CASE("signature: of a flaky result it is that of the failure", "[history]") {
  ScenarioResult r = failing("c", "x", "y");
  r.attempts.emplace_back();
  r.attempts.back().verdict.outcome = Outcome::holds;
  r.outcome = Outcome::flaky;
  CHECK(failure_signature(r) == "c: expected x, observed y");
}

TEST_CASE("signature: without a claim it is the reason", "[history]") {
  ScenarioResult r;
  r.outcome = Outcome::inconclusive;
  r.reason = "cannot connect to 127.0.0.1:9: connection refused";
  CHECK(failure_signature(r) == "cannot connect to <address>: connection refused");
  r.reason = "";
  r.attempts.emplace_back();
  r.attempts.back().verdict.reason = "the log gave nothing";
  CHECK(failure_signature(r) == "the log gave nothing");
}

TEST_CASE("signature: hostile and endless texts stay one short safe line", "[history]") {
  const std::string evil = seen("\x1b[31m\n\xff\xe2\x80\xae evil");
  for (const char c : evil)
    CHECK(static_cast<unsigned char>(c) >= 0x20);
  const std::string a = seen(std::string(5000, 'a') + "b"), b = seen(std::string(3000, 'a') + "c");
  const std::string long_a = failure_signature(failing("c", std::string(150, 'x') + " a", "one"));
  const std::string long_b = failure_signature(failing("c", std::string(150, 'x') + " a", "two"));
  CHECK(long_a != long_b);
  const std::string e = failure_signature(failing("c", "x", [] {
    std::string text;
    for (int i = 0; i < 400; ++i)
      text += "é";
    return text;
  }()));
  CHECK(e.size() <= 200);
  CHECK(safe_text(e).str() == e);
  CHECK(a.size() <= 200);
  CHECK(b.size() <= 200);
}

}  // namespace relapse
