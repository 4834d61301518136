#include "report/view.hpp"

#include <set>

#include "catch.hpp"
#include "report/sample_run.hpp"

namespace relapse::view {

namespace {

using testing::received_frame;
using testing::TimelineBuilder;

Timeline many_frames(int count) {
  TimelineBuilder b;
  b.step(0);
  for (int i = 0; i < count; ++i)
    b.add(1, received_frame(i % 2 == 0 ? 2 : 1, "x"));  // no run of alike ones
  return b.timeline;
}

std::vector<std::uint32_t> numbers(const std::vector<Row>& rows) {
  std::vector<std::uint32_t> seqs;
  for (const Row& row : rows)
    seqs.push_back(row.event == nullptr ? 0 : row.event->seq);
  return seqs;
}

}  // namespace

TEST_CASE("view: a slug is a safe file name that tells results apart", "[report]") {
  const auto slug_of = [](std::string scenario, std::string target) {
    return slug({.scenario = std::move(scenario), .target = std::move(target)});
  };
  CHECK(slug_of("ws/bad-utf8", "staging").starts_with("ws-bad-utf8-staging-"));
  const std::vector<std::string> slugs{slug_of("a", "b"),
                                       slug_of("A", "b"),
                                       slug_of("a-b", ""),
                                       slug_of("a/b", ""),
                                       slug_of("", "a-b"),
                                       slug_of("../../etc/passwd", "CON"),
                                       slug_of("\xff\x1b", ""),
                                       slug_of("", ""),
                                       slug_of(std::string(5000, 'x'), "t"),
                                       slug_of(std::string(5001, 'x'), "t")};
  for (const std::string& name : slugs) {
    CHECK(name.size() <= 67);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
    CHECK(name.front() != '-');
  }
  CHECK(std::set<std::string>(slugs.begin(), slugs.end()).size() == slugs.size());
}

TEST_CASE("view: worst first, in the run's order within a group", "[report]") {
  const Run run = testing::sample_run();
  std::vector<std::string> ids;
  for (const ScenarioResult* result : worst_first(run))
    ids.push_back(result->scenario);
  CHECK(ids == std::vector<std::string>{"lifecycle/disconnect-then-close", "protocol/bad-utf8",
                                        "config/missing-secret", "lifecycle/two-sessions",
                                        "lifecycle/crash-closes-1011",
                                        "asgi/scope-without-query-string", "auth/expired-token",
                                        "auth/expired-token", "lifecycle/double-close"});
  CHECK(counts_text(run) ==
        "9 planned, 8 ran: 3 hold, 2 relapsed, 1 known relapse, 1 flaky, 1 inconclusive, "
        "1 skipped");
  CHECK(family("a/b/c") == "a/b");
  CHECK(family("c") == "scenarios");
}

TEST_CASE("view: a mark of a step stands for the observation before it", "[report]") {
  TimelineBuilder b;
  b.step(0).add(1, received_frame(1, "x")).end_step();
  b.step(1).add(2000, DeadlineHit{std::chrono::seconds(2), true});
  const std::uint32_t deadline = b.last();
  b.log(1, "a line that came late").end_step(false);
  Finding finding{.claim = "step 2", .outcome = Outcome::relapsed, .evidence = {b.last()}};
  CHECK(divergence(b.timeline, &finding) == deadline);

  const auto rows = exchange(b.timeline, &finding);
  CHECK(numbers(rows) == std::vector<std::uint32_t>{2, deadline});
  CHECK(rows[1].diverges);
  CHECK_FALSE(rows[0].evidence);

  finding.evidence = {99};
  CHECK_FALSE(divergence(b.timeline, &finding).has_value());
  finding.evidence.clear();
  CHECK_FALSE(divergence(b.timeline, &finding).has_value());
  CHECK_FALSE(divergence(b.timeline, nullptr).has_value());
}

TEST_CASE("view: a step that observed nothing keeps its own mark", "[report]") {
  TimelineBuilder b;
  b.step(0).add(1, received_frame(1, "x")).end_step();
  b.step(1).end_step(false);
  const Finding finding{.claim = "step 2", .outcome = Outcome::relapsed, .evidence = {b.last()}};
  CHECK(divergence(b.timeline, &finding) == b.last());
  CHECK(exchange(b.timeline, &finding).back().diverges);
}

TEST_CASE("view: log lines and probes are in the exchange only as evidence", "[report]") {
  TimelineBuilder b;
  b.log(0, "harmless").lane("").add(1, Probed{"echo", true, true, ""});
  b.lane("probe").add(1, received_frame(1, "x")).log(1, "ERROR: boom");
  CHECK(exchange(b.timeline, nullptr).empty());
  const Finding finding{.claim = "never 1", .outcome = Outcome::relapsed, .evidence = {b.last()}};
  CHECK(numbers(exchange(b.timeline, &finding)) == std::vector<std::uint32_t>{b.last()});
}

TEST_CASE("view: folding keeps the beginning, the divergence and the end", "[report]") {
  const Timeline timeline = many_frames(200);
  for (const std::uint32_t seq : {2u, 4u, 5u, 100u, 195u, 200u, 201u}) {
    const Finding finding{.claim = "c", .outcome = Outcome::relapsed, .evidence = {seq}};
    const auto all = exchange(timeline, &finding);
    REQUIRE(all.size() == 200);
    const auto rows = fold(all, 18);
    CHECK(rows.size() <= 18);
    CHECK(rows.front().event->seq == 2);
    CHECK(rows.back().event->seq == 201);
    CHECK(std::ranges::count(rows, true, &Row::diverges) == 1);
    std::size_t represented = 0;
    std::uint32_t last = 0;
    for (const Row& row : rows) {
      represented += row.event == nullptr ? row.folded : 1;
      if (row.event != nullptr) {
        CHECK(row.event->seq > last);
        last = row.event->seq;
      }
    }
    CHECK(represented == 200);
  }
  CHECK(fold(exchange(many_frames(18), nullptr), 18).size() == 18);
  CHECK(fold(exchange(timeline, nullptr), 18).size() <= 18);
}

TEST_CASE("view: messages that are alike become one row, the divergence never", "[report]") {
  TimelineBuilder b;
  b.step(0);
  for (int i = 0; i < 50; ++i)
    b.add(1, received_frame(2, std::string(i < 40 ? 100 : 90, 'x')));
  b.add(1, received_frame(8, testing::close_octets(1000)));
  const Finding finding{.claim = "c", .outcome = Outcome::relapsed, .evidence = {20}};
  const auto rows = join_runs(exchange(b.timeline, &finding));
  CHECK(numbers(rows) == std::vector<std::uint32_t>{2, 0, 19, 20, 21, 0, 51, 52});
  CHECK(folded_text(rows[1]) == "events 3 to 18: 16 × ← BINARY, 100 octets each");
  CHECK(folded_text(rows[5]) == "events 22 to 50: 29 × ← BINARY, 90 to 100 octets each");
  CHECK(rows[3].diverges);
  CHECK(join_runs(exchange(many_frames(50), nullptr)).size() == 50);
}

TEST_CASE("view: the log lines that matter come first, in their order", "[report]") {
  TimelineBuilder b;
  b.log(0, "INFO one").log(1, "ERROR two").log(1, "INFO three");
  b.log(1, "quiet evidence").log(1, "INFO five").log(1, "  \n ");
  const Finding finding{.claim = "c", .outcome = Outcome::relapsed, .evidence = {4}};
  const auto rows = log_rows(b.timeline, &finding);
  REQUIRE(rows.size() == 5);
  const auto texts = [&rows](std::size_t limit) {
    std::vector<std::string> all;
    for (const LogRow& row : log_excerpt(rows, limit))
      all.push_back(row.text);
    return all;
  };
  CHECK(texts(1) == std::vector<std::string>{"quiet evidence"});
  CHECK(texts(2) == std::vector<std::string>{"ERROR two", "quiet evidence"});
  CHECK(texts(3) == std::vector<std::string>{"ERROR two", "quiet evidence", "INFO five"});
  CHECK(texts(9).size() == 5);
}

TEST_CASE("view: a log that was not seen alive is said to prove nothing", "[report]") {
  TimelineBuilder b;
  CHECK(log_state(b.timeline) == "no log was observed");
  b.log(0, "x");
  CHECK(log_state(b.timeline) == "the log was not marked: what is missing here proves nothing");
  b.add(0, LogMarked{"n", false, false});
  CHECK(log_state(b.timeline) ==
        "the mark was not found in the log: what is missing here proves nothing");
  b.add(0, LogMarked{"n", true, false});
  CHECK(log_state(b.timeline) == "the log was seen alive");
  b.add(0, LogMarked{"n", false, true});
  CHECK(log_state(b.timeline) == "the log was read to its end");
}

TEST_CASE("view: how connections ended", "[report]") {
  using testing::close_octets;
  using testing::sent_frame;
  TimelineBuilder b;
  b.lane("a").add(1, received_frame(8, close_octets(1000, "bye")));
  b.add(1, sent_frame(8, close_octets(1000)));
  b.add(1, Ended{Direction::received, EndKind::fin, true, ""});
  b.lane("b").add(1, sent_frame(8, {})).add(1, Ended{Direction::received, EndKind::rst, true, ""});
  b.lane("c").add(2000, DeadlineHit{std::chrono::seconds(2), false});
  b.lane("probe").add(1, received_frame(8, {}));
  const auto facts = close_facts(b.timeline);
  REQUIRE(facts.size() == 3);
  CHECK(facts[0].first == "target");
  CHECK(facts[0].received == "CLOSE 1000 \"bye\"");
  CHECK(facts[0].sent == "CLOSE 1000");
  CHECK(facts[0].clean);
  CHECK(facts[0].tcp == "FIN by target");
  CHECK(facts[1].first == "replayer");
  CHECK(facts[1].received == "none");
  CHECK_FALSE(facts[1].clean);
  CHECK(facts[1].tcp == "RST by target");
  CHECK(facts[2].first == "nobody");
  CHECK(facts[2].tcp == "still open");
  CHECK(facts[2].waits == "no byte in 2.00 s, still open (hang)");
  CHECK(facts[2].ended_at < 0);
}

TEST_CASE("view: the curve of a sweep", "[report]") {
  const Run run = testing::swept_run();
  CHECK(curve(run.results[1]).empty());
  const auto points = curve(run.results[0]);
  REQUIRE(points.size() == 6);
  CHECK(curve_text(points) == "0 ms ✓✓✗✗≈? 100 ms");
  CHECK(curve_summary(points) == "2 of 6 points hold, 2 relapsed, 1 inconclusive, 1 flaky");
  CHECK(curve_rates(points) == "40 ms: 0 of 2, 60 ms: 0 of 2, 80 ms: 1 of 2, 100 ms: 0 of 0");
  std::vector<CurvePoint> many;
  for (int i = 0; i < 1000; ++i)
    many.push_back({.at = std::chrono::milliseconds(i),
                    .outcome = i == 530 ? Outcome::relapsed : Outcome::holds});
  const std::string text = curve_text(many);
  CHECK(text.find("✗") != std::string::npos);  // one among a thousand is not lost
  CHECK(text.ends_with("999 ms  (20 points a sign)"));
  CHECK(attempt_status(run.results[1], run.results[1].attempts[0]) == "disturbed by ws/leaves");
  CHECK(attempt_status(run.results[1], run.results[1].attempts[1]) == "✓ Holds");
}

}  // namespace relapse::view
