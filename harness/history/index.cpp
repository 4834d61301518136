#include "history/index.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/bytes.hpp"
#include "history/run_file.hpp"
#include "history/summary_json.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

/// Counts up whenever the tables or what they hold change, failure_signature() included.
constexpr int schema_version = 1;
constexpr int application_id = 0x726c7073;

constexpr const char* stored_twice = "the same run is stored twice";

constexpr const char* tables = R"(
  CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER, modified INTEGER, run INTEGER,
                      problem TEXT) WITHOUT ROWID;
  CREATE TABLE runs (row INTEGER PRIMARY KEY, id TEXT UNIQUE, started TEXT, comparable TEXT,
                     complete INTEGER, interrupted INTEGER, path TEXT, summary TEXT);
  CREATE INDEX runs_in_order ON runs (comparable, complete, started, id);
  CREATE TABLE words (row INTEGER PRIMARY KEY, text TEXT UNIQUE);
  CREATE TABLE descriptions (row INTEGER PRIMARY KEY, text TEXT UNIQUE);
  CREATE TABLE results (run INTEGER, scenario INTEGER, target INTEGER, plane INTEGER,
                        outcome INTEGER, known INTEGER, ran INTEGER, duration INTEGER,
                        signature INTEGER, description INTEGER,
                        PRIMARY KEY (run, scenario, target, plane)) WITHOUT ROWID;
)";

/// Of what no UTF-8 is, something printable; SQLite takes TEXT as it is.
std::string printable(const std::string& text) {
  return is_valid_utf8(text) ? text : safe_text(text).str();
}

std::int64_t nanoseconds(const struct timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

History::Index::Index(const fs::path& database, fs::path runs)
    : database_(database), runs_(std::move(runs)) {
  if (database != ":memory:") {
    database_.execute("PRAGMA journal_mode=WAL");
    database_.execute("PRAGMA synchronous=NORMAL");
  }
  make_tables();
}

void History::Index::make_tables() {
  const auto pragma = [this](const char* name) {
    Statement statement(database_, std::string("PRAGMA ") + name);
    return statement.step() ? statement.integer(0) : 0;
  };
  const auto ready = [&] {
    return pragma("user_version") == schema_version && pragma("application_id") == application_id;
  };
  if (ready())
    return;
  Transaction transaction(database_);
  if (ready())
    return;  // another process was quicker
  Statement any(database_, "SELECT count(*) FROM sqlite_master");
  if (any.step() && any.integer(0) > 0)
    throw IndexError("the index is of another version", IndexError::not_an_index);
  any.reset();
  database_.execute(tables);
  database_.execute("PRAGMA application_id=" + std::to_string(application_id));
  database_.execute("PRAGMA user_version=" + std::to_string(schema_version));
  transaction.commit();
}

History::Index::Files History::Index::on_disk() const {
  Files files;
  std::error_code failed;
  const auto note = [&](const fs::path& path, const std::string& name) {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode))
      files[name] = {info.st_size, nanoseconds(info.st_mtim)};
    else
      files[name] = {-1, 0};
  };
  for (fs::directory_iterator it(runs_, failed), end; !failed && it != end; it.increment(failed)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;
    if (name.starts_with('.') || !is_valid_utf8(name))
      continue;
    if (it->is_directory(ignored))
      note(it->path() / "run.json", name + "/run.json");
    else if (name.ends_with(".json"))
      note(it->path(), name);
  }
  return files;
}

History::Index::Files History::Index::known() {
  Files files;
  Statement statement(database_, "SELECT path, size, modified FROM files");
  while (statement.step())
    files[statement.text(0)] = {statement.integer(1), statement.integer(2)};
  return files;
}

void History::Index::sync() {
  const Files there = on_disk();
  Files known_before = known();
  if (there == known_before)
    return;
  const std::size_t count = known_before.size();
  for (const auto& [path, file] : known_before) {
    const auto found = there.find(path);
    if (found != there.end() && found->second == file)
      continue;
    Transaction transaction(database_);
    forget(path);
    transaction.commit();
  }
  known_before = known();
  if (known_before.size() < count) {
    // What was the second copy of a run may be the only one now.
    Statement(database_, "DELETE FROM files WHERE problem=?").bind(stored_twice).run();
    known_before = known();
  }
  for (const auto& [path, file] : there) {
    const auto found = known_before.find(path);
    if (found != known_before.end() && found->second == file)
      continue;
    Transaction transaction(database_);
    // Another process may have been quicker.
    Statement same(database_, "SELECT 1 FROM files WHERE path=? AND size=? AND modified=?");
    if (same.bind(path).bind(file.size).bind(file.modified).step())
      continue;
    same.reset();
    forget(path);
    add(path, file);
    transaction.commit();
  }
}

void History::Index::forget(const std::string& path) {
  Statement(database_, "DELETE FROM results WHERE run = (SELECT run FROM files WHERE path=?)")
      .bind(path)
      .run();
  Statement(database_, "DELETE FROM runs WHERE row = (SELECT run FROM files WHERE path=?)")
      .bind(path)
      .run();
  Statement(database_, "DELETE FROM files WHERE path=?").bind(path).run();
}

void History::Index::add(const std::string& path, const File& file) {
  std::int64_t row = 0;
  std::string problem = file.size < 0 ? "there is no run.json" : "";
  if (problem.empty()) {
    database_.execute("SAVEPOINT one_file");
    Statement newest(database_, "SELECT coalesce(max(row), 0) + 1 FROM runs");
    newest.step();
    row = newest.integer(0);
    newest.reset();
    auto run = add_results(runs_ / path, row);
    if (!run)
      problem = run.error().message;
    else if (run->id.empty() || run->started.empty())
      problem = "it says neither its id nor when it started";
    else if (add_run(*run, path, row) == 0)
      problem = stored_twice;
    if (!problem.empty()) {
      database_.execute("ROLLBACK TO one_file");
      numbers_.clear();
      row = 0;
    }
    database_.execute("RELEASE one_file");
  }
  Statement insert(database_, "INSERT INTO files VALUES (?,?,?,?,?)");
  insert.bind(path).bind(file.size).bind(file.modified).bind(row).bind(printable(problem)).run();
}

std::int64_t History::Index::add_run(const Run& run, const std::string& path, std::int64_t row) {
  Statement taken(database_, "SELECT 1 FROM runs WHERE id=?");
  if (taken.bind(printable(run.id)).step())
    return 0;
  Statement insert(database_, "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?)");
  const RunSummary summary = summary_of(run);
  insert.bind(row)
      .bind(printable(run.id))
      .bind(printable(run.started))
      .bind(printable(comparable_name(run)))
      .bind(summary.complete ? 1 : 0)
      .bind(run.interrupted ? 1 : 0)
      .bind(path)
      .bind(to_json(summary).dump(-1, ' ', false, Json::error_handler_t::replace))
      .run();
  return row;
}

Result<Run> History::Index::add_results(const fs::path& path, std::int64_t row) {
  Statement insert(database_, "INSERT OR REPLACE INTO results VALUES (?,?,?,?,?,?,?,?,?,?)");
  std::vector<ScenarioResult> briefs;
  auto run = visit_run(path, [&](ScenarioResult&& result) -> Result<void> {
    Duration duration{};
    for (const Attempt& attempt : result.attempts)
      duration += attempt.duration;
    const std::int64_t scenario = word(result.scenario);
    const std::int64_t target = word(result.target);
    const std::int64_t signature = word(failure_signature(result));
    insert.bind(row)
        .bind(scenario)
        .bind(target)
        .bind(static_cast<std::int64_t>(result.plane))
        .bind(static_cast<std::int64_t>(result.outcome))
        .bind(result.known ? 1 : 0)
        .bind(result.attempts.empty() ? 0 : 1)
        .bind(duration.count())
        .bind(signature)
        .bind(description(result))
        .run();
    // What totals, exit code and headline count; the rest of the result is let go.
    ScenarioResult& brief = briefs.emplace_back();
    brief.outcome = result.outcome;
    brief.known = result.known;
    brief.late_fault = result.late_fault.empty() ? "" : "late";
    if (result.outcome == Outcome::inconclusive)
      brief.reason = result.reason;
    if (!result.attempts.empty())
      brief.attempts.emplace_back();
    return {};
  });
  if (run)
    run->results = std::move(briefs);
  return run;
}

std::int64_t History::Index::number_of(const std::string& table, const std::string& text) {
  std::int64_t& number = numbers_[table][text];
  if (number != 0)
    return number;
  Statement there(database_, "SELECT row FROM " + table + " WHERE text=?");
  if (there.bind(text).step())
    return number = there.integer(0);
  Statement(database_, "INSERT INTO " + table + " (text) VALUES (?)").bind(text).run();
  return number = database_.last_row();
}

std::int64_t History::Index::word(const std::string& text) {
  return number_of("words", printable(text));
}

std::int64_t History::Index::description(const ScenarioResult& result) {
  return number_of("descriptions", past_scenario_json({result.title, result.incident}).dump());
}

std::vector<StoredRun> History::Index::runs() {
  std::vector<StoredRun> list;
  Statement statement(database_,
                      "SELECT summary, path, comparable, interrupted FROM runs "
                      "ORDER BY started, id");
  while (statement.step()) {
    list.push_back({.summary = summary_from_text(statement.text(0)),
                    .file = runs_ / statement.text(1),
                    .comparable = statement.text(2),
                    .interrupted = statement.integer(3) != 0});
  }
  return list;
}

std::vector<std::string> History::Index::unreadable() {
  std::vector<std::string> list;
  Statement statement(database_,
                      "SELECT path, problem FROM files WHERE problem != '' ORDER BY path");
  while (statement.step())
    list.push_back(statement.text(0) + ": " + statement.text(1));
  return list;
}

}  // namespace relapse
