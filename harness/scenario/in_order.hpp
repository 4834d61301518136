#pragma once
#include <filesystem>
#include <span>
#include <string>

#include "base/result.hpp"

namespace relapse {

/// A scenario file as the plain one that takes the steps of another in a given order: without
/// together, use and repeat. `order` holds indices of the steps as they are written out; those that
/// it does not name are left out, and then the claims that need a whole replay (always, count) and
/// the claims that its proof names are too. An error when the file cannot be read.
Result<std::string> scenario_in_order(const std::filesystem::path& file,
                                      const std::filesystem::path& root,
                                      std::span<const std::size_t> order, const std::string& title);

}  // namespace relapse
