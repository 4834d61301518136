#include "base/scan_written.hpp"

#include <limits>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"

namespace relapse {
namespace {

constexpr std::size_t most_named = 10;

Error found(std::vector<std::string> places, bool removed) {
  const std::size_t count = places.size();
  if (count > most_named) {
    places.resize(most_named);
    places.push_back(std::to_string(count - most_named) + " more");
  }
  return {ErrorKind::environment,
          "a secret was about to be kept: " + join_and(places) +
              (removed ? count == 1 ? "; the file was removed" : "; the files were removed" : ""),
          {},
          "report this: a rule of redaction is missing"};
}

/// Nothing when the file holds no value; what to say of it otherwise.
Result<std::string> look_into(const std::filesystem::path& file, const KnownValues& values) {
  auto text = read_file(file, std::numeric_limits<std::size_t>::max() / 2);
  if (!text) {
    return std::move(text).error();
  }
  const std::string name = safe_text(file.string(), 300).str();
  const auto hit = values.first(*text);
  if (!hit) {
    return std::string();
  }
  std::error_code error;
  std::filesystem::remove(file, error);
  const std::string what = name + " holds " + values.values()[hit->value].name;
  return error ? what + " and cannot be removed" : what;
}

}  // namespace

Result<void> scan_written(const std::filesystem::path& path, const KnownValues& values) {
  std::error_code error;
  if (values.empty() || !std::filesystem::exists(path, error)) {
    return {};
  }
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(path, error)) {
    for (auto at = std::filesystem::recursive_directory_iterator(path, error);
         !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
      if (at->is_regular_file()) {
        files.push_back(at->path());
      }
    }
    if (error) {
      return Error{ErrorKind::environment,
                   "cannot look for secrets in what was written: " + error.message(),
                   {path.string(), 0, 0}};
    }
  } else {
    files.push_back(path);
  }
  std::vector<std::string> places;
  for (const auto& file : files) {
    auto place = look_into(file, values);
    if (!place) {
      return std::move(place).error();
    }
    if (!place->empty()) {
      places.push_back(std::move(*place));
    }
  }
  if (!places.empty()) {
    return found(std::move(places), true);
  }
  return {};
}

Result<void> scan_text(std::string_view text, std::string_view where, const KnownValues& values) {
  const auto hit = values.first(text);
  if (hit) {
    return found({std::string(where) + " holds " + values.values()[hit->value].name}, false);
  }
  return {};
}

}  // namespace relapse
