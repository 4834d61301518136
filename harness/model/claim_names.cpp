#include "model/claim_names.hpp"

#include <algorithm>

namespace relapse {
namespace {

bool is_number(std::string_view text, std::string_view also = {}) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  });
}

/// "step 2.1" or "3 of 5".
bool is_part(std::string_view part) {
  if (part.starts_with("step ")) {
    return is_number(part.substr(5), ".");
  }
  const std::size_t of = part.find(" of ");
  return of != std::string_view::npos && is_number(part.substr(0, of)) &&
         is_number(part.substr(of + 4));
}

}  // namespace

std::string_view base_claim(std::string_view name) {
  const std::size_t open = name.rfind(" (");
  if (open == std::string_view::npos || open == 0 || !name.ends_with(')')) {
    return name;
  }
  std::string_view parts = name.substr(open + 2, name.size() - open - 3);
  while (true) {
    const std::size_t comma = parts.find(", ");
    if (!is_part(parts.substr(0, comma))) {
      return name;
    }
    if (comma == std::string_view::npos) {
      return name.substr(0, open);
    }
    parts.remove_prefix(comma + 2);
  }
}

bool names_claim(std::string_view written, std::string_view name) {
  if (written == name || written == base_claim(name)) {
    return true;
  }
  // "the reply comes (step 2)" means every round of that use.
  return base_claim(written) != written && base_claim(written) == base_claim(name) &&
         name.starts_with(written.substr(0, written.size() - 1)) &&
         name.substr(written.size() - 1).starts_with(", ");
}

}  // namespace relapse
