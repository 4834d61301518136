#include "history/acknowledgements.hpp"

#include "base/files.hpp"
#include "catch.hpp"
#include "history/testing.hpp"

namespace relapse {
namespace {

Acknowledgement ack(const std::string& scenario, const std::string& until = "2026-01-31",
                    const std::string& target = "") {
  return {.scenario = scenario,
          .target = target,
          .reason = "ticket 7 \"quoted\"",
          .owner = "chat",
          .until = until,
          .made = "2026-01-01T00:00:00.000Z"};
}

/// The night of the 1st of January 2026.
Run run_of(const std::vector<testing::Row>& rows) {
  return testing::night_run(rows, 0);
}

TempDir made_folder() {
  auto made = TempDir::make("relapse-ack");
  REQUIRE(made);
  return *std::move(made);
}

struct Home {
  TempDir folder = made_folder();
  std::filesystem::path file = folder.path() / "ack.json";
};

}  // namespace

TEST_CASE("acknowledgements: the file comes back as it was written", "[history]") {
  const Home home;
  REQUIRE(read_acknowledgements(home.file));
  CHECK(read_acknowledgements(home.file)->empty());
  REQUIRE(write_acknowledgements(home.file, {ack("b"), ack("a", "2026-02-01", "t")}));
  auto back = read_acknowledgements(home.file);
  REQUIRE(back);
  REQUIRE(back->size() == 2);
  CHECK((*back)[0].scenario == "a");
  CHECK((*back)[0].target == "t");
  CHECK((*back)[0].until == "2026-02-01");
  CHECK((*back)[1].reason == "ticket 7 \"quoted\"");
  CHECK((*back)[1].owner == "chat");
  CHECK((*back)[1].made == "2026-01-01T00:00:00.000Z");
}

TEST_CASE("acknowledgements: what is not understood is an error and stays", "[history]") {
  const Home home;
  const std::string head = R"({"format":"relapse-acknowledgements","version":1,)";
  const std::vector<std::pair<std::string, std::string>> bad{
      {"{", "it is not JSON"},
      {"[]", "an object was expected"},
      {R"({"format":"other","version":1,"acknowledgements":[]})", "\"format\""},
      {R"({"format":"relapse-acknowledgements","version":2,"acknowledgements":[]})", "\"version\""},
      {head + R"("more":1,"acknowledgements":[]})", "\"more\" is no key"},
      {head + R"("x":1})", "\"x\" is no key"},
      {head + R"("acknowledgements":[{"scenario":"a","reason":"r","until":"2026-02-30"}]})",
       "acknowledgement 1: \"until\" must be a date"},
      {head + R"("acknowledgements":[{"scenario":"a","reason":"r","until":"2026-02-3"}]})",
       "\"until\" must be a date"},
      {head + R"("acknowledgements":[{"reason":"r","until":"2026-02-03"}]})", "\"scenario\""},
      {head + R"("acknowledgements":[{"scenario":"a","until":"2026-02-03"}]})", "\"reason\""},
      {head + R"("acknowledgements":[{"scenario":"a","reason":"r","until":"2026-02-03","x":1}]})",
       "\"x\" is no key"},
  };
  for (const auto& [text, message] : bad) {
    REQUIRE(write_file(home.file, text));
    const auto refused = read_acknowledgements(home.file);
    INFO(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::usage);
    CHECK(refused.error().message.find(message) != std::string::npos);
    CHECK(refused.error().message.find(home.file.string()) != std::string::npos);
  }
}

TEST_CASE("acknowledgements: they make failures known until they end", "[history]") {
  Run run =
      run_of({{"a", "F"}, {"b", "F"}, {"c", "F"}, {"d", "F"}, {"h", "H"}, {"i", "?"}, {"l", "L"}});
  run.results[2].aliases = {"old/c"};
  run.results[3].known = true;
  run.results[3].known_reason = "the target file's";
  const std::vector<Acknowledgement> all{ack("a", "2026-01-01"),
                                         ack("b", "2025-12-31"),
                                         ack("old/c"),
                                         ack("d"),
                                         ack("h"),
                                         ack("i"),
                                         ack("l"),
                                         ack("elsewhere")};
  acknowledge(run, all);
  CHECK(run.results[0].known);
  CHECK(run.results[0].known_reason == "ticket 7 \"quoted\"");
  CHECK(run.results[0].known_owner == "chat");
  CHECK(run.results[0].known_until == "2026-01-01");
  CHECK_FALSE(run.results[1].known);
  CHECK(run.results[2].known);
  CHECK(run.results[3].known_reason == "the target file's");
  CHECK(run.results[3].known_owner.empty());
  for (std::size_t i = 4; i < 7; ++i)
    CHECK_FALSE(run.results[i].known);
  CHECK(totals(run).known == 3);
  CHECK(totals(run).relapsed == 1);
  CHECK(exit_code(run) == 1);
  Comparison comparison;
  tell_acknowledgements(run, all, comparison);
  CHECK(comparison.acknowledgements.size() == 7);
  REQUIRE(comparison.expired.size() == 1);
  CHECK(comparison.expired[0].scenario == "b");
  REQUIRE(comparison.needless.size() == 1);
  CHECK(comparison.needless[0].scenario == "h");
}

TEST_CASE("acknowledgements: of one target or of all", "[history]") {
  const std::vector<testing::Row> rows{{"a", "F", "t"}, {"a", "F", "u"}};
  Run run = run_of(rows);
  acknowledge(run, {ack("a", "2026-01-31", "u")});
  CHECK_FALSE(run.results[0].known);
  CHECK(run.results[1].known);
  run = run_of(rows);
  acknowledge(run, {ack("a")});
  CHECK(exit_code(run) == 0);
  CHECK(headline(run) == "HOLDS, apart from 2 known relapses");
  Comparison comparison;
  run = run_of({{"a", "H", "t"}, {"a", "F", "u"}});
  tell_acknowledgements(run, {ack("a"), ack("a", "2026-01-31", "t")}, comparison);
  REQUIRE(comparison.needless.size() == 1);
  CHECK(comparison.needless[0].target == "t");
}

TEST_CASE("acknowledgements: the day on which one ends", "[history]") {
  CHECK(refuse_until("2026-01-01", "2026-01-01").empty());
  CHECK(refuse_until("2025-12-31", "2026-01-01").find("is past") != std::string::npos);
  CHECK(refuse_until("tomorrow", "2026-01-01").find("not a date") != std::string::npos);
  CHECK(refuse_until("2026-02-30", "2026-01-01").find("not a date") != std::string::npos);
  CHECK(refuse_until("2026-02-01x", "2026-01-01").find("not a date") != std::string::npos);
}

}  // namespace relapse
