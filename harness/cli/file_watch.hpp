#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <vector>

#include "base/result.hpp"

namespace relapse {

/// Tells when a .json file below some folders was saved, made, renamed or removed (inotify). New
/// folders are watched too.
class FileWatch {
 public:
  static Result<FileWatch> make(const std::vector<std::filesystem::path>& folders);
  FileWatch(FileWatch&& other) noexcept;
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;
  ~FileWatch();

  /// Waits for a change, and then until `quiet` has passed without another: an editor saves in
  /// several steps. False when `stop` said so before.
  bool wait(std::chrono::milliseconds quiet, const std::function<bool()>& stop);

 private:
  explicit FileWatch(int fd) : fd_(fd) {}
  Result<void> add(const std::filesystem::path& folder);
  bool read_events();

  int fd_ = -1;
  std::map<int, std::filesystem::path> folders_;
};

}  // namespace relapse
