#include "report/console.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/layout.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

/// Lines that are there to be copied are never cut, and do not count.
std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with("  Again ") && !line.starts_with("  Bytes ") &&
        !line.starts_with("  Page "))
      most = std::max(most, layout::width(line));
  }
  return most;
}

const ScenarioResult& find(const Run& run, std::string_view id) {
  for (const ScenarioResult& result : run.results) {
    if (result.scenario == id)
      return result;
  }
  throw std::runtime_error("no such result");
}

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++found;
  return found;
}

}  // namespace

TEST_CASE("console: golden output at every verbosity", "[report]") {
  const Run run = testing::sample_run();
  ConsoleOptions options;
  options.report_dir = "report";
  testing::check_golden("console.txt", console_report(run, Comparison{}, options));
  options.verbosity = -1;
  testing::check_golden("console-quiet.txt", console_report(run, Comparison{}, options));
  options.verbosity = 2;
  testing::check_golden("console-verbose.txt", console_report(run, Comparison{}, options));
  options.verbosity = 0;
  options.unicode = false;
  options.colour = true;
  testing::check_golden("console-ascii-colour.txt", console_report(run, Comparison{}, options));
  testing::check_golden("console-holding.txt",
                        console_report(testing::holding_run(), Comparison{}, {}));
}

TEST_CASE("console: golden trace of one attempt, with octets", "[report]") {
  const Run run = testing::sample_run();
  const ScenarioResult& result = find(run, "protocol/bad-utf8");
  testing::check_golden("show-hex.txt", show_attempt(result, result.attempts[0], {}, true));
  const ScenarioResult& logged = find(run, "lifecycle/disconnect-then-close");
  testing::check_golden("show.txt", show_attempt(logged, logged.attempts[0], {}, false));
  testing::check_golden("show-timeline.txt", show_timeline(logged.attempts[0].timeline, {}, false));
}

TEST_CASE("console: blocks stay within 40 lines and 100 columns", "[report]") {
  Run run = testing::sample_run();
  // The worst case: a long exchange, a long log, every field filled and too long.
  ScenarioResult& big = run.results[6];
  REQUIRE(big.scenario == "protocol/bad-utf8");
  testing::TimelineBuilder b;
  b.step(0);
  for (int i = 0; i < 500; ++i)
    b.add(1, testing::received_frame(1, std::string(120, 'x')));
  for (int i = 0; i < 50; ++i)
    b.log(1, "ERROR " + std::string(300, 'y'));
  big.attempts[0].timeline = b.timeline;
  big.attempts[0].verdict.findings[1].evidence = {250};
  for (std::string* text :
       {&big.title, &big.incident.ref, &big.incident.spec, &big.known_reason, &big.at.file})
    *text = std::string(300, 'z');
  ConsoleOptions options;
  options.report_dir = "report";
  for (const ScenarioResult& result : run.results) {
    const std::string block = result_block(run, Comparison{}, result, options);
    INFO(block);
    CHECK(count(block, "\n") <= 40);
    CHECK(widest(block) <= 100);
  }
  CHECK(count(result_block(run, Comparison{}, big, options), "✗ ") >= 2);
  options.columns = 60;
  options.unicode = false;
  for (const ScenarioResult& result : run.results)
    CHECK(widest(result_block(run, Comparison{}, result, options) + result_line(result, options)) <=
          60);
}

TEST_CASE("console: a command is never cut", "[report]") {
  Run run = testing::sample_run();
  ScenarioResult& result = run.results[6];
  result.scenario = "protocol/" + std::string(150, 'x');
  CHECK(result_block(run, Comparison{}, result, {}).find(rerun_command(result) + "\n") !=
        std::string::npos);
  CHECK(closing_lines(run, {}).find(rerun_command(run.results[3]) + "\n") != std::string::npos);
}

TEST_CASE("console: hostile octets reach no terminal", "[report]") {
  const Run run = testing::hostile_run();
  for (const bool unicode : {true, false}) {
    ConsoleOptions options;
    options.verbosity = 2;
    options.unicode = unicode;
    options.report_dir = testing::hostile_octets();
    const ScenarioResult& first = run.results[0];
    const std::string text = console_report(run, Comparison{}, options) +
                             show_attempt(first, first.attempts[0], options, true) +
                             show_timeline(first.attempts[0].timeline, options, true);
    CHECK(is_valid_utf8(text));
    CHECK(text.find_first_of(std::string("\x1b\x07\r\0", 4)) == std::string::npos);
    CHECK(text.find("\xe2\x80\xae") == std::string::npos);
    CHECK(text.find("\\u{1b}[31m") != std::string::npos);
    if (!unicode)
      CHECK(std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  }
}

TEST_CASE("console: what holds is listed only when asked for", "[report]") {
  Run run = testing::holding_run();
  const ScenarioResult held = run.results[0];
  run.results.assign(3, held);
  run.results.push_back(find(testing::sample_run(), "lifecycle/crash-closes-1011"));
  ConsoleOptions options;
  CHECK(count(console_report(run, Comparison{}, options), "✓ Holds") == 0);
  CHECK(count(console_report(run, Comparison{}, options), "✗ Known relapse") == 1);
  options.verbosity = 1;
  CHECK(count(console_report(run, Comparison{}, options), "✓ Holds") == 3);
}

TEST_CASE("console: one reason for many inconclusive results is said once", "[report]") {
  Run run = testing::sample_run();
  const ScenarioResult unreachable = find(run, "config/missing-secret");
  run.results.assign(30, unreachable);
  for (std::size_t i = 0; i < run.results.size(); ++i)
    run.results[i].scenario += std::to_string(i);
  ConsoleOptions options;
  options.verbosity = -1;
  const std::string text = console_report(run, Comparison{}, options);
  CHECK(count(text, "? Inconclusive  config/") == 1);
  CHECK(count(text, "29 more results are inconclusive for a reason given above.") == 1);
  CHECK(text.find("INCONCLUSIVE: cannot connect to 127.0.0.1:40123: Connection refused") !=
        std::string::npos);
}

TEST_CASE("console: after twenty blocks one line for each way of failing", "[report]") {
  Run run = testing::sample_run();
  const ScenarioResult relapsed = find(run, "protocol/bad-utf8");
  run.results.assign(30, relapsed);
  for (std::size_t i = 0; i < run.results.size(); ++i)
    run.results[i].scenario += std::to_string(i);
  ConsoleOptions options;
  options.verbosity = -1;
  const std::string text = console_report(run, Comparison{}, options);
  CHECK(count(text, "  Expected  ") == 20);
  CHECK(count(text, "✗ Relapsed") == 21);
  CHECK(count(text, "10 results like protocol/bad-utf8") == 1);
}

TEST_CASE("console: a block says what is new about the failure", "[report]") {
  const Run run = testing::sample_run();
  const ScenarioResult& result = find(run, "protocol/bad-utf8");
  Comparison comparison;
  Change change;
  change.kind = ChangeKind::relapsed;
  change.key = key_of(result);
  change.held_nights = 212;
  change.failing_nights = 1;
  change.last_good_at = "2026-11-21T03:00:00Z";
  change.last_good_version = "uvicorn 0.30.6";
  comparison.changes = {change};
  CHECK(since_text(comparison, result) ==
        "held 212 nights; last good 2026-11-21 on uvicorn 0.30.6");
  CHECK(result_block(run, comparison, result, {})
            .find("  Relapsed    held 212 nights; last good 2026-11-21 on uvicorn 0.30.6\n") !=
        std::string::npos);
  comparison.changes[0].kind = ChangeKind::still_failing;
  comparison.changes[0].failing_nights = 8;
  comparison.changes[0].first_bad_at = "2026-11-14T03:00:00Z";
  CHECK(since_text(comparison, result) ==
        "failing for 8 nights, since 2026-11-14; last good 2026-11-21 on uvicorn 0.30.6");
  comparison.changes[0].kind = ChangeKind::slower;
  CHECK(since_text(comparison, result).empty());
}

TEST_CASE("console: the tail of a log names every failure once more", "[report]") {
  const Run run = testing::sample_run();
  ConsoleOptions options;
  CHECK(count(console_report(run, {}, options), "All that did not hold") == 0);
  options.recap = true;
  const std::string text = console_report(run, {}, options);
  const std::size_t tail = text.find("All that did not hold");
  REQUIRE(tail != std::string::npos);
  CHECK(text.find("protocol/bad-utf8 on ", tail) != std::string::npos);
  CHECK(text.find("  Expected", tail) == std::string::npos);
}

TEST_CASE("console: plain lines for scripts", "[report]") {
  const Run run = testing::hostile_run();
  const std::string text = plain_report(run);
  CHECK(count(text, "\n") == run.results.size());
  CHECK(count(text, "\t") == 5 * run.results.size());
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("console: --strict says why the run fails", "[report]") {
  Run run = testing::holding_run();
  run.results[0].outcome = Outcome::flaky;
  ConsoleOptions options;
  CHECK(closing_lines(run, options).find("--strict") == std::string::npos);
  options.strict = true;
  CHECK(closing_lines(run, options).find("--strict: what is flaky or known fails this run.") !=
        std::string::npos);
}

TEST_CASE("console: a sweep shows its curve and its rates", "[report]") {
  const Run run = testing::swept_run();
  testing::check_golden("console-swept.txt", console_report(run, Comparison{}, ConsoleOptions{}));
  testing::check_golden("show-swept.txt",
                        show_attempt(run.results[0], *run.results[0].deciding(), {}, false));
}

}  // namespace relapse
