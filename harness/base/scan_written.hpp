#pragma once
#include <filesystem>
#include <string_view>

#include "base/known_values.hpp"
#include "base/result.hpp"

namespace relapse {

/// The last line of defence: looks for every known value, in all its spellings, in a file or in all
/// files below a folder. A file that holds one is removed, and the error (kind environment) names
/// the files and what the values are called, never a value.
Result<void> scan_written(const std::filesystem::path& path, const KnownValues& values);
/// The same for what is about to be printed; `where` names it in the error.
Result<void> scan_text(std::string_view text, std::string_view where, const KnownValues& values);

}  // namespace relapse
