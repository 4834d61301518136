#pragma once
#include <filesystem>
#include <span>
#include <string>

#include "base/result.hpp"

namespace relapse {

/// A step as it is written out: its index, or, beyond the last, one that stands in no file yet.
struct OrderedStep {
  std::size_t index = 0;
  std::string added{};  ///< JSON
};

/// A scenario file as the plain one that takes the steps of another in a given order: without
/// together, use and repeat. Steps that `order` does not name are left out, and then the claims
/// that need a whole replay (always, count) and the claims that its proof names are too. An error
/// when the file cannot be read.
Result<std::string> scenario_in_order(const std::filesystem::path& file,
                                      const std::filesystem::path& root,
                                      std::span<const OrderedStep> order, const std::string& title);

}  // namespace relapse
