#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "history/sqlite.hpp"
#include "history/stored_runs.hpp"

namespace relapse {

/// The index itself, in a file or in memory. Throws IndexError.
class History::Index {
 public:
  /// Makes the tables when there are none; throws a damaged error for another version.
  Index(const std::filesystem::path& database, std::filesystem::path runs);

  /// Reads what is new in the folder and forgets what is gone.
  void sync();
  std::vector<StoredRun> runs();
  std::vector<std::string> unreadable();
  Past past_of(const Run& run, const std::optional<StoredRun>& baseline);

 private:
  struct File {
    std::int64_t size = 0;
    std::int64_t modified = 0;
    bool operator==(const File&) const = default;
  };
  using Files = std::map<std::string, File>;  ///< by path below the folder of the runs

  void make_tables();
  Files on_disk() const;
  Files known();
  void forget(const std::string& path);
  void add(const std::string& path, const File& file);
  /// The run's results; returns the run without them, or what is wrong.
  Result<Run> add_results(const std::filesystem::path& path, std::int64_t row);
  std::int64_t add_run(const Run& run, const std::string& path, std::int64_t row);
  std::int64_t word(const std::string& text);
  std::int64_t description(const ScenarioResult& result);
  std::int64_t number_of(const std::string& table, const std::string& text);

  Database database_;
  std::filesystem::path runs_;
  std::map<std::string, std::unordered_map<std::string, std::int64_t>> numbers_{};  ///< by table
};

}  // namespace relapse
