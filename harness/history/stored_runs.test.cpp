#include "history/stored_runs.hpp"

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/files.hpp"
#include "catch.hpp"
#include "history/run_file.hpp"
#include "history/sqlite.hpp"
#include "history/summary_json.hpp"
#include "history/testing.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;
using testing::Row;

TempDir folder() {
  auto made = TempDir::make("relapse-history");
  REQUIRE(made);
  return *std::move(made);
}

std::unique_ptr<History> open(const fs::path& path) {
  return History::open(path);
}

void store(const Run& run, const fs::path& home) {
  auto stored = write_run(run, home / "runs");
  INFO((stored ? "" : stored.error().message));
  REQUIRE(stored);
}

void store_nights(const std::vector<Row>& rows, const fs::path& home,
                  const std::string& versions = "") {
  for (std::size_t column = 0; column < rows.front().nights.size(); ++column) {
    const std::string version =
        column < versions.size() ? std::string(1, versions[column]) : std::string("1");
    store(testing::night_run(rows, column, version), home);
  }
}

/// Everything that a comparison says of changes, as text.
std::string told(const Comparison& comparison) {
  std::string text = comparison.baseline ? to_json(*comparison.baseline).dump() : "none";
  for (const Change& change : comparison.changes)
    text += "\n" + to_json(change).dump();
  for (const auto& [key, nights] : comparison.history) {
    text += "\n" + key.scenario + "@" + key.target + ":";
    for (const Night& night : nights)
      text += " " + night.run + std::string(to_string(night.outcome)) + night.version +
              night.signature + std::to_string(night.duration.count());
  }
  for (const IncidentHistory& one : comparison.incidents)
    text += "\n" + one.ref + one.first_guarded + std::to_string(one.nights_held);
  for (const RetiredScenario& one : comparison.retired)
    text += "\n" + one.scenario + one.reason;
  return text;
}

const std::vector<Row> rows{{"a", "HHFFGH"}, {"b", "HHHHHF"}, {"c", ".H?SHH"},
                            {"d", "HHHHH."}, {"e", "FFFFFF"}, {"b", "HLHHHH", "u"}};

}  // namespace

TEST_CASE("history: the index gives what the nights were", "[history]") {
  const TempDir home = folder();
  store_nights(rows, home.path(), "111112");
  const auto history = open(home.path());
  const Run run = testing::tonight(rows, "111112");
  const std::string by_hand = told(compare(run, testing::past_of(rows, "111112")));
  CHECK(told(compare(run, history->past_of(run))) == by_hand);
  CHECK(by_hand.find("target changed") != std::string::npos);
  REQUIRE(history->runs().size() == 6);
  CHECK(history->last()->summary.id == run.id);
  CHECK(history->last()->summary.totals.relapsed == 2);
  CHECK(history->last()->summary.totals.planned == 5);
  CHECK(history->last()->summary.code == 1);
  CHECK(history->last()->summary.headline == headline(run));
  CHECK(history->last()->summary.versions.at("u") == "2");
  CHECK(history->unreadable().empty());
}

TEST_CASE("history: only earlier runs count", "[history]") {
  const TempDir home = folder();
  store_nights(rows, home.path());
  const auto history = open(home.path());
  const Run third = testing::night_run(rows, 2);
  CHECK(history->past_of(third).nights.size() == 2);
  CHECK(history->past_of(testing::night_run(rows, 0)).nights.empty());
}

TEST_CASE("history: partial, interrupted and other runs are no baseline", "[history]") {
  const TempDir home = folder();
  store_nights({{"a", "HH"}}, home.path());
  Run partial = testing::night_run({{"a", "..F"}}, 2);
  partial.whole = false;
  store(partial, home.path());
  Run cut = testing::night_run({{"a", "...F"}}, 3);
  cut.interrupted = true;
  store(cut, home.path());
  store(testing::night_run({{"a", "....F", "other"}}, 4), home.path());
  Run faulty = testing::night_run({{"a", ".....F"}}, 5);
  faulty.targets[0].fault = "late";
  store(faulty, home.path());
  Run suite = testing::night_run({{"a", "......F"}}, 6);
  suite.suite = "plane asgi";
  store(suite, home.path());
  const auto history = open(home.path());
  CHECK(history->runs().size() == 7);
  const Run run = testing::night_run({{"a", ".......F"}}, 7);
  const Past past = history->past_of(run);
  REQUIRE(past.nights.size() == 2);
  CHECK(compare(run, past).changes.at(0).kind == ChangeKind::relapsed);
  // Unless one is named.
  const auto named = history->find(partial.id);
  REQUIRE(named);
  const Past told = history->past_of(run, named);
  REQUIRE(told.nights.size() == 3);
  CHECK(compare(run, told).changes.at(0).kind == ChangeKind::still_failing);
}

TEST_CASE("history: made anew it says the same, whatever came first", "[history]") {
  const TempDir home = folder();
  const Run run = testing::tonight(rows);
  for (const std::size_t column : std::vector<std::size_t>{4, 1, 5, 0, 3, 2}) {
    store(testing::night_run(rows, column), home.path());
    open(home.path());
  }
  const std::string before = told(compare(run, open(home.path())->past_of(run)));
  auto anew = History::rebuild(home.path());
  CHECK(told(compare(run, anew->past_of(run))) == before);
  CHECK(before == told(compare(run, testing::past_of(rows))));
}

TEST_CASE("history: what is copied in is found, what is removed is forgotten", "[history]") {
  const TempDir home = folder();
  const TempDir other = folder();
  store_nights({{"a", "HHH"}}, home.path());
  auto history = open(home.path());
  store(testing::night_run({{"a", "...F"}}, 3), other.path());
  const std::string id = "run-2026-01-04";
  fs::create_directories(home.path() / "runs" / "copied");
  fs::copy_file(other.path() / "runs" / id / "run.json",
                home.path() / "runs" / "copied" / "run.json");
  history->refresh();
  REQUIRE(history->last());
  CHECK(history->last()->summary.id == id);
  CHECK(history->last()->file == home.path() / "runs" / "copied" / "run.json");
  // A file of its own does as well; twice the same run is said.
  fs::copy_file(other.path() / "runs" / id / "run.json", home.path() / "runs" / "one.json");
  history->refresh();
  CHECK(history->runs().size() == 4);
  REQUIRE(history->unreadable().size() == 1);
  CHECK(history->unreadable()[0] == "one.json: the same run is stored twice");
  fs::remove_all(home.path() / "runs" / "copied");
  history->refresh();
  CHECK(history->last()->file == home.path() / "runs" / "one.json");
  CHECK(history->unreadable().empty());
  fs::remove(home.path() / "runs" / "one.json");
  history->refresh();
  CHECK(history->runs().size() == 3);
  CHECK(history->find("run-2026-01-02"));
  CHECK(history->find("run-2026-01-02x") == std::nullopt);
  CHECK(history->find("run-2026") == std::nullopt);  // several
  CHECK(history->find(id) == std::nullopt);
}

TEST_CASE("history: a damaged file is skipped, counted, and loses only itself", "[history]") {
  const TempDir home = folder();
  store_nights({{"a", "HHH"}}, home.path());
  const fs::path middle = home.path() / "runs" / "run-2026-01-02" / "run.json";
  auto text = read_file(middle);
  REQUIRE(text);
  REQUIRE(write_file(middle, text->substr(0, text->size() - 20)));
  fs::create_directories(home.path() / "runs" / "empty");
  fs::create_directories(home.path() / "runs" / ".part-0");
  auto history = open(home.path());
  const auto bad = history->unreadable();
  REQUIRE(bad.size() == 2);
  CHECK(bad[0] == "empty/run.json: there is no run.json");
  CHECK(bad[1].starts_with("run-2026-01-02/run.json: the stored run "));
  CHECK(history->runs().size() == 2);
  const Run run = testing::night_run({{"a", "...F"}}, 3);
  const Comparison comparison = compare(run, history->past_of(run));
  CHECK(comparison.unreadable == bad);
  CHECK(comparison.changes.at(0).held_nights == 2);
  // Repaired, it is back.
  REQUIRE(write_file(middle, *text));
  history->refresh();
  CHECK(history->runs().size() == 3);
}

TEST_CASE("history: an index that is damaged or of another version is made anew", "[history]") {
  const TempDir home = folder();
  store_nights(rows, home.path());
  open(home.path());
  const fs::path database = home.path() / "history.sqlite";
  const auto good = [&] { return open(home.path())->runs().size() == 6; };
  REQUIRE(write_file(database, "this is no database, and long enough to be taken for one......"));
  CHECK(good());
  {
    Database other(database);
    other.execute("PRAGMA user_version=99");
  }
  CHECK(good());
  {
    Database other(database);
    other.execute("DROP TABLE results");
  }
  const Run run = testing::tonight(rows);
  CHECK(open(home.path())->past_of(run).nights.size() == 5);
  auto text = read_file(database);
  REQUIRE(text);
  for (std::size_t i = 4096; i < text->size(); ++i)
    (*text)[i] = static_cast<char>(i * 7);
  REQUIRE(write_file(database, *text));
  const std::string by_hand = told(compare(run, testing::past_of(rows)));
  CHECK(told(compare(run, open(home.path())->past_of(run))) == by_hand);
  fs::remove(database);
  CHECK(good());
  CHECK(fs::exists(database));
}

TEST_CASE("history: where no index can be written it is made in memory", "[history]") {
  const TempDir home = folder();
  store_nights(rows, home.path());
  fs::create_directory(home.path() / "history.sqlite");  // cannot be opened, whoever asks
  CHECK(open(home.path())->runs().size() == 6);
}

TEST_CASE("history: looking where there is none makes none", "[history]") {
  const TempDir home = folder();
  const auto history = open(home.path() / "reports");
  CHECK(history->runs().empty());
  CHECK_FALSE(history->last());
  CHECK(history->past_of(testing::night_run({{"a", "F"}}, 0)).nights.empty());
  CHECK_FALSE(fs::exists(home.path() / "reports"));
}

TEST_CASE("history: several may use and fill it at once", "[history]") {
  const TempDir home = folder();
  store_nights(rows, home.path());
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      Run mine = testing::night_run(rows, 1);
      mine.id = "mine-" + std::to_string(i);
      const bool stored = write_run(mine, home.path() / "runs").has_value();
      auto history = History::open(home.path());
      right += stored && history->find(mine.id) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(right == 6);
  CHECK(open(home.path())->runs().size() == 12);
  CHECK(open(home.path())->unreadable().empty());
}

TEST_CASE("history: a rename keeps the history through the alias", "[history]") {
  const TempDir home = folder();
  store_nights({{"old/a", "HHF."}, {"b", "HHHH"}}, home.path());
  Run run = testing::night_run({{"new/a", "....F"}, {"b", "....H"}}, 4);
  run.results[0].aliases = {"older/a", "old/a"};
  const auto history = open(home.path());
  Comparison comparison = compare(run, history->past_of(run));
  REQUIRE(comparison.changes.size() == 1);
  CHECK(comparison.changes[0].kind == ChangeKind::still_failing);
  CHECK(comparison.changes[0].failing_nights == 2);
  CHECK(comparison.changes[0].held_nights == 2);
  CHECK(comparison.history.at({"new/a", "t", Plane::wire}).size() == 3);
  REQUIRE(comparison.retired.size() == 1);
  CHECK(comparison.retired[0].scenario == "old/a");
  CHECK(comparison.retired[0].reason == "renamed to new/a");
  run.results[0].aliases.clear();
  comparison = compare(run, history->past_of(run));
  CHECK(comparison.changes.at(0).kind == ChangeKind::new_and_failing);
}

TEST_CASE("history: in a night that has both ids the new one counts", "[history]") {
  const TempDir home = folder();
  store_nights({{"a/old", "FF"}, {"b/new", ".H"}, {"z/old", "FF"}, {"y/new", ".H"}}, home.path());
  Run run = testing::night_run({{"b/new", "..F"}, {"y/new", "..F"}}, 2);
  run.results[0].aliases = {"a/old"};
  run.results[1].aliases = {"z/old"};
  const Comparison comparison = compare(run, open(home.path())->past_of(run));
  REQUIRE(changes_of(comparison, ChangeKind::relapsed).size() == 2);
}

TEST_CASE("history: whichever of both ids was known first", "[history]") {
  const TempDir home = folder();
  store_nights({{"new", "HH"}, {"old", ".F"}}, home.path());
  Run run = testing::night_run({{"new", "..F"}}, 2);
  run.results[0].aliases = {"old"};
  const Comparison comparison = compare(run, open(home.path())->past_of(run));
  REQUIRE(comparison.changes.size() == 1);
  CHECK(comparison.changes[0].kind == ChangeKind::relapsed);
  CHECK(comparison.changes[0].held_nights == 2);
}

TEST_CASE("history: nothing of a damaged file gets into the night after it", "[history]") {
  const TempDir home = folder();
  store_nights({{"a", "HHH"}, {"ghost", ".H."}}, home.path());
  const fs::path middle = home.path() / "runs" / "run-2026-01-02" / "run.json";
  auto text = read_file(middle);
  REQUIRE(text);
  REQUIRE(write_file(middle, text->substr(0, text->size() - 3)));
  const Run run = testing::night_run({{"a", "...H"}}, 3);
  const Past past = open(home.path())->past_of(run);
  CHECK(past.nights.size() == 2);
  CHECK_FALSE(past.results.contains({"ghost", "t", Plane::wire}));
}

TEST_CASE("history: pruning spares the last complete run of each set of targets", "[history]") {
  const TempDir home = folder();
  store_nights({{"a", "HHH"}}, home.path());
  Run elsewhere = testing::night_run({{"a", "H", "u"}}, 0);
  elsewhere.id += "-u";
  store(elsewhere, home.path());
  auto history = open(home.path());
  auto runs = history->runs();
  REQUIRE(runs.size() == 4);
  const auto ids = [](const std::vector<StoredRun>& list) {
    std::vector<std::string> all;
    for (const StoredRun& run : list)
      all.push_back(run.summary.id);
    return all;
  };
  CHECK(prunable(runs, "2026-01-01").empty());
  CHECK(ids(prunable(runs, "2026-01-02")) == std::vector<std::string>{"run-2026-01-01"});
  CHECK(ids(prunable(runs, "2027-01-01")) ==
        std::vector<std::string>{"run-2026-01-01", "run-2026-01-02"});
  runs[3].summary.complete = false;
  CHECK(ids(prunable(runs, "2027-01-01")) ==
        std::vector<std::string>{"run-2026-01-01", "run-2026-01-03"});
  for (const StoredRun& run : prunable(history->runs(), "2027-01-01"))
    REQUIRE(remove_run(run));
  history->refresh();
  CHECK(history->runs().size() == 2);
  CHECK(std::distance(fs::directory_iterator(home.path() / "runs"), fs::directory_iterator()) == 2);
}

}  // namespace relapse
