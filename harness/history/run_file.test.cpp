#include "history/run_file.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

Attempt attempt(const std::string& said) {
  Attempt a;
  a.verdict.outcome = Outcome::relapsed;
  a.verdict.findings = {{.claim = "step 1", .outcome = Outcome::relapsed, .observed = said}};
  a.duration = std::chrono::milliseconds(3);
  a.timeline.scenario = "ws/a";
  a.timeline.complete = true;
  a.timeline.events = {{.seq = 1, .lane = "main", .payload = LogLine{"", said}}};
  return a;
}

ScenarioResult result(const std::string& target) {
  ScenarioResult r;
  r.scenario = "ws/a";
  r.target = target;
  r.title = "a title";
  r.incident = {"issue #1", "2025-09-11", "story \xff", "evidence", "fix", "RFC 6455"};
  r.tags = {"t"};
  r.aliases = {"old/a"};
  r.at = {"scenarios/ws/a.json", 0, 0};
  r.digest = "d";
  r.step_texts = {"send TEXT"};
  r.step_lines = {10};
  r.step_labels = {"step 1"};
  r.outcome = Outcome::relapsed;
  r.known = true;
  r.known_reason = "why";
  r.known_owner = "who";
  r.known_until = "2026-12-01";
  r.attempts = {attempt("one \xfe"), attempt("two")};
  return r;
}

Run sample() {
  Run run;
  run.id = "20261122T031207Z-3fa1c2";
  run.started = "2026-11-22T03:12:07.000Z";
  run.duration = std::chrono::seconds(2);
  run.harness_version = "0.1.0";
  run.command = {"relapse", "run"};
  run.whole = true;
  run.suite = "plane asgi";
  run.redactions = {{"cookie", 3}};
  run.targets = {{.id = "t", .version = "1.0"}, {.id = "u"}};
  run.results = {result("t"), result("u")};
  run.results[1].repeat = {3, 2};
  return run;
}

TempDir folder() {
  auto made = TempDir::make("relapse-run-file");
  REQUIRE(made);
  return *std::move(made);
}

std::string text_of(const fs::path& path) {
  auto text = read_file(path);
  REQUIRE(text);
  return *std::move(text);
}

std::size_t entries(const fs::path& path) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("run file: comes back exactly, with its timelines", "[history]") {
  const TempDir home = folder();
  const Run run = sample();
  auto stored = write_run(run, home.path() / "runs");
  REQUIRE(stored);
  CHECK(*stored == home.path() / "runs" / run.id);
  CHECK(entries(home.path() / "runs") == 1);
  CHECK(entries(*stored) == 2);
  auto back = read_run(*stored / "run.json", Timelines::all);
  REQUIRE(back);
  CHECK(to_json(*back).dump() == to_json(run).dump());
  // Fields that neither form writes would not be seen above.
  CHECK(back->whole);
  CHECK(back->suite == "plane asgi");
  CHECK(back->redactions == run.redactions);
  const ScenarioResult& r = back->results[1];
  CHECK(r.aliases == std::vector<std::string>{"old/a"});
  CHECK(r.known_owner == "who");
  CHECK(r.known_until == "2026-12-01");
  CHECK(r.repeat.times == 3);
  CHECK(r.attempts[1].timeline == run.results[1].attempts[1].timeline);
  CHECK_FALSE(r.attempts[0].elsewhere);
}

TEST_CASE("run file: a scenario is described once, and timelines stand apart", "[history]") {
  const TempDir home = folder();
  auto stored = write_run(sample(), home.path());
  REQUIRE(stored);
  const Json json = Json::parse(text_of(*stored / "run.json"));
  CHECK(json["version"] == 2);
  CHECK(json["scenarios"].size() == 1);
  CHECK_FALSE(json["results"][0].contains("title"));
  CHECK(json["results"][0]["scenario"] == "ws/a");
  CHECK_FALSE(json["results"][0]["attempts"][0]["timeline"].contains("events"));
  auto back = read_run(*stored / "run.json", Timelines::none);
  REQUIRE(back);
  Attempt& second = back->results[1].attempts[1];
  REQUIRE(second.elsewhere);
  CHECK(second.timeline.events.empty());
  REQUIRE(load_timeline(timelines_in(*stored), second));
  CHECK(second.timeline == sample().results[1].attempts[1].timeline);
  CHECK_FALSE(second.elsewhere);
}

TEST_CASE("run file: two descriptions of one id are kept apart", "[history]") {
  const TempDir home = folder();
  Run run = sample();
  run.results[1].step_texts = {"another plane"};
  auto stored = write_run(run, home.path());
  REQUIRE(stored);
  auto back = read_run(*stored / "run.json", Timelines::all);
  REQUIRE(back);
  CHECK(back->results[0].step_texts == std::vector<std::string>{"send TEXT"});
  CHECK(back->results[1].step_texts == std::vector<std::string>{"another plane"});
}

TEST_CASE("run file: version 1 is still read", "[history]") {
  const TempDir home = folder();
  REQUIRE(write_file(home.path() / "run.json", to_json(sample()).dump()));
  auto back = read_run(home.path() / "run.json", Timelines::none);
  REQUIRE(back);
  CHECK(to_json(*back).dump() == to_json(sample()).dump());
}

TEST_CASE("run file: a copy without its timelines is as good, but for the evidence", "[history]") {
  const TempDir home = folder();
  auto stored = write_run(sample(), home.path());
  REQUIRE(stored);
  fs::create_directory(home.path() / "copy");
  fs::copy_file(*stored / "run.json", home.path() / "copy" / "run.json");
  auto back = read_run(home.path() / "copy" / "run.json", Timelines::all);
  REQUIRE(back);
  Attempt& first = back->results[0].attempts[0];
  REQUIRE(first.elsewhere);
  const auto loaded = load_timeline(timelines_in(home.path() / "copy"), first);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().message == "the timelines of this run are not stored here");
}

TEST_CASE("run file: what is damaged is an error that names the file", "[history]") {
  const TempDir home = folder();
  auto stored = write_run(sample(), home.path());
  REQUIRE(stored);
  const fs::path path = *stored / "run.json";
  const std::string good = text_of(path);
  const auto refused = [&](const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    auto back = read_run(path, Timelines::none);
    REQUIRE_FALSE(back);
    CHECK(back.error().message.find(path.string()) != std::string::npos);
    return back.error().message;
  };
  for (std::size_t cut = 0; cut + 2 < good.size(); cut += good.size() / 40)
    refused(good.substr(0, cut));
  CHECK(refused("{}").find("no results") != std::string::npos);
  CHECK(refused("[]").find("no results") != std::string::npos);
  CHECK(refused(R"({"format":"relapse-run","version":3,"results":[]})").find("version") !=
        std::string::npos);
  std::string other = good;
  other.replace(other.find("\"relapsed\""), 10, "\"green\"");
  CHECK(refused(other).find("result 1") != std::string::npos);
  std::string deep = good;
  deep.insert(deep.rfind("]}"), "," + std::string(3000, '[') + std::string(3000, ']'));
  CHECK(refused(deep).find("too deep") != std::string::npos);
  CHECK_FALSE(read_run(home.path() / "nothing" / "run.json", Timelines::none));
}

TEST_CASE("run file: a timeline that does not stand where it should is an error", "[history]") {
  const TempDir home = folder();
  auto stored = write_run(sample(), home.path());
  REQUIRE(stored);
  const fs::path lines = *stored / "timelines.jsonl";
  const std::string good = text_of(lines);
  const auto read = [&] { return read_run(*stored / "run.json", Timelines::all); };
  REQUIRE(read());
  REQUIRE(write_file(lines, good.substr(0, good.size() / 2)));
  CHECK_FALSE(read());
  REQUIRE(write_file(lines, "x" + good));
  CHECK_FALSE(read());
  Attempt attempt;
  attempt.elsewhere = StoredTimeline{~std::uint64_t{0}, 5};
  CHECK_FALSE(load_timeline(timelines_in(*stored), attempt));
}

TEST_CASE("run file: a run that cannot be stored leaves nothing behind", "[history]") {
  const TempDir home = folder();
  REQUIRE(write_run(sample(), home.path()));
  // Its name is taken.
  const auto again = write_run(sample(), home.path());
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::environment);
  CHECK(entries(home.path()) == 1);
  REQUIRE(read_run(home.path() / sample().id / "run.json", Timelines::all));
}

TEST_CASE("run file: what killed writers left is removed when it is old", "[history]") {
  const TempDir home = folder();
  fs::create_directory(home.path() / ".part-old");
  REQUIRE(write_file(home.path() / ".part-old" / "run.json", "{"));
  fs::create_directory(home.path() / ".part-new");
  fs::create_directory(home.path() / "other");
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(25);
  fs::last_write_time(home.path() / ".part-old", old);
  fs::last_write_time(home.path() / "other", old);
  remove_leftovers(home.path());
  CHECK_FALSE(fs::exists(home.path() / ".part-old"));
  CHECK(fs::exists(home.path() / ".part-new"));
  CHECK(fs::exists(home.path() / "other"));
}

}  // namespace relapse
