#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "history/past.hpp"

namespace relapse {

/// A stored run as the index knows it.
struct StoredRun {
  RunSummary summary{};
  std::filesystem::path file{};  ///< its run.json
  std::string comparable{};      ///< comparable_name()
  bool interrupted = false;
};

/// All stored runs of a folder: `runs/<id>/run.json`, which are the truth, and `history.sqlite`, an
/// index that is made from them and made again whenever it is missing, damaged or of another
/// version. What was copied into `runs` or removed from it is noticed when the history is opened.
/// Where the index cannot be written it is made in memory. Several processes may use it at once.
class History {
 public:
  /// Where there is no such folder there are no runs, and none is made.
  static std::unique_ptr<History> open(const std::filesystem::path& folder);
  /// The index made anew.
  static std::unique_ptr<History> rebuild(const std::filesystem::path& folder);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  /// The oldest first.
  std::vector<StoredRun> runs();
  /// The newest, whatever it is.
  std::optional<StoredRun> last();
  /// By id, or by a beginning of it that only one has.
  std::optional<StoredRun> find(const std::string& id);
  /// Files that were skipped, and why.
  std::vector<std::string> unreadable();
  /// What the run is compared with: earlier complete runs of its suite and targets; or, when one is
  /// named, that run and those before it.
  Past past_of(const Run& run, const std::optional<StoredRun>& baseline = std::nullopt);

  /// Looks at the folder again.
  void refresh();

 private:
  class Index;
  explicit History(std::filesystem::path folder);
  void start(bool anew);
  template <class Question>
  auto ask(const Question& question);

  std::filesystem::path folder_;
  std::unique_ptr<Index> index_;
};

/// Which runs `prune` removes: those that started before this UTC time, but for the last complete
/// one of every suite and set of targets.
std::vector<StoredRun> prunable(const std::vector<StoredRun>& runs, const std::string& before);
/// Removes a stored run: at once for every reader, then from the disk.
Result<void> remove_run(const StoredRun& run);

}  // namespace relapse
