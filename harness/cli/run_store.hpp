#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "cli/commands.hpp"
#include "model/run.hpp"

namespace relapse {

/// The pages in `folder` (reports/latest when empty), and the run itself, which is the record that
/// everything can be made from again, under reports/runs. Returns the folder of the pages.
Result<std::filesystem::path> store_run(const CommandContext& context,
                                        const std::filesystem::path& folder, const Run& run);

}  // namespace relapse
