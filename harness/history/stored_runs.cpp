#include "history/stored_runs.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "base/clock.hpp"
#include "history/index.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

fs::path database_in(const fs::path& folder) {
  return folder / "history.sqlite";
}

void remove_database(const fs::path& folder) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm", "-journal"})
    fs::remove(database_in(folder).string() + end, ignored);
}

}  // namespace

History::History(fs::path folder) : folder_(std::move(folder)) {}
History::~History() = default;

void History::start(bool anew) {
  const fs::path runs = folder_ / "runs";
  const int attempts = fs::is_directory(folder_) ? 2 : 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (anew)
      remove_database(folder_);
    try {
      index_.reset();
      index_ = std::make_unique<Index>(database_in(folder_), runs);
      index_->sync();
      return;
    } catch (const IndexError& error) {
      anew = error.damaged();
      if (!anew)
        break;
    }
  }
  // It may not be written, the disk is full, or there is nothing yet: for this process alone.
  index_.reset();
  index_ = std::make_unique<Index>(":memory:", runs);
  index_->sync();
}

template <class Question>
auto History::ask(const Question& question) {
  try {
    return question(*index_);
  } catch (const IndexError&) {
    start(true);  // damaged where nobody had looked
    return question(*index_);
  }
}

std::unique_ptr<History> History::open(const fs::path& folder) {
  std::unique_ptr<History> history(new History(folder));
  history->start(false);
  return history;
}

std::unique_ptr<History> History::rebuild(const fs::path& folder) {
  remove_database(folder);
  return open(folder);
}

void History::refresh() {
  ask([](Index& index) {
    index.sync();
    return 0;
  });
}

std::vector<StoredRun> History::runs() {
  return ask([](Index& index) { return index.runs(); });
}

std::optional<StoredRun> History::last() {
  auto all = runs();
  if (all.empty())
    return std::nullopt;
  return std::move(all.back());
}

std::optional<StoredRun> History::find(const std::string& id) {
  std::optional<StoredRun> found;
  for (StoredRun& run : runs()) {
    if (run.summary.id == id)
      return std::move(run);
    if (run.summary.id.starts_with(id) && id.size() >= 4) {
      if (found)
        return std::nullopt;
      found = std::move(run);
    }
  }
  return found;
}

std::vector<std::string> History::unreadable() {
  return ask([](Index& index) { return index.unreadable(); });
}

Past History::past_of(const Run& run, const std::optional<StoredRun>& baseline) {
  return ask([&](Index& index) { return index.past_of(run, baseline); });
}

std::vector<StoredRun> prunable(const std::vector<StoredRun>& runs, const std::string& before) {
  std::map<std::string, std::string> last_complete;  // comparable name -> id; the oldest come first
  for (const StoredRun& run : runs) {
    if (run.summary.complete)
      last_complete[run.comparable] = run.summary.id;
  }
  std::vector<StoredRun> old;
  for (const StoredRun& run : runs) {
    const auto last = last_complete.find(run.comparable);
    const bool needed = last != last_complete.end() && last->second == run.summary.id;
    if (run.summary.started < before && !needed)
      old.push_back(run);
  }
  return old;
}

Result<void> remove_run(const StoredRun& run) {
  const fs::path parent = run.file.parent_path();
  // A file that was copied into the folder of the runs has no folder of its own.
  const fs::path victim = run.file.filename() == "run.json" ? parent : run.file;
  const fs::path aside = victim.parent_path() / (".part-" + random_hex(8));
  std::error_code failed;
  fs::rename(victim, aside, failed);
  if (!failed)
    fs::remove_all(aside, failed);
  if (failed) {
    return Error{ErrorKind::environment,
                 "cannot remove the stored run: " + failed.message(),
                 {victim.string(), 0, 0}};
  }
  return {};
}

}  // namespace relapse
