#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace relapse {

/// The whole file; an error (kind usage) when it cannot be read or is larger than max_bytes.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::size_t max_bytes = std::size_t{64} << 20);
/// Writes beside the final name, then renames, so that a reader sees the old file or the new one
/// and never a part. Creates missing parent directories.
Result<void> write_file(const std::filesystem::path& path, std::string_view content);

/// A directory under $TMPDIR that is removed with this object.
class TempDir {
 public:
  static Result<TempDir> make(std::string_view prefix);
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&& other) noexcept;
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TempDir(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace relapse
