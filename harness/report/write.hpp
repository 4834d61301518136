#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "model/run.hpp"

namespace relapse {

/// Writes index.html, s/*.html, style.css, junit.xml and data/run.json. Each file appears whole or
/// not at all; index.html comes last, so that it never links to a page that is not there yet. Pages
/// of an earlier report in the same directory are removed.
Result<void> write_report(const Run& run, const std::filesystem::path& directory);

}  // namespace relapse
