#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "scenario/reader.hpp"

namespace relapse {

/// The text with every misspelt key and value replaced by what its diagnostic suggests.
struct Fixed {
  std::string text{};
  std::size_t replaced = 0;
};
Fixed fix_spelling(const std::string& text, const std::vector<Diagnostic>& diagnostics);

}  // namespace relapse
