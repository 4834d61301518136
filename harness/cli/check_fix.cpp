#include "cli/check_fix.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace relapse {
namespace {

constexpr std::string_view before = "did you mean \"";
constexpr std::string_view after = "\"?";

/// X of `did you mean "X"?`; empty when the diagnostic suggests nothing for this file.
std::string_view suggested(const Diagnostic& diagnostic) {
  const std::string_view label = diagnostic.label;
  if (diagnostic.severity != Diagnostic::Severity::error || !diagnostic.used_by.empty() ||
      !label.starts_with(before) || !label.ends_with(after)) {
    return {};
  }
  return label.substr(before.size(), label.size() - before.size() - after.size());
}

}  // namespace

Fixed fix_spelling(const std::string& text, const std::vector<Diagnostic>& diagnostics) {
  Fixed fixed{text, 0};
  std::vector<const Diagnostic*> from_behind;
  std::set<std::size_t> places;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!suggested(diagnostic).empty() && places.insert(diagnostic.offset).second) {
      from_behind.push_back(&diagnostic);
    }
  }
  std::ranges::sort(from_behind,
                    [](const Diagnostic* a, const Diagnostic* b) { return a->offset > b->offset; });
  for (const Diagnostic* diagnostic : from_behind) {
    const auto length = static_cast<std::size_t>(diagnostic->length);
    // Only a whole string is replaced: what is part of one, or no string, may mean more.
    const std::string_view old = std::string_view(text).substr(diagnostic->offset, length);
    if (old.size() >= 2 && old.front() == '"' && old.back() == '"') {
      fixed.text.replace(diagnostic->offset, length,
                         "\"" + std::string(suggested(*diagnostic)) + "\"");
      ++fixed.replaced;
    }
  }
  return fixed;
}

}  // namespace relapse
