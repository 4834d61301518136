#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace relapse {

/// Why the pattern is not a valid regular expression (Perl syntax, as Boost.Regex reads it);
/// nothing when it is valid.
std::optional<std::string> regex_error(std::string_view pattern);

/// Whether the pattern is found anywhere in the text. Bounded: a pattern that explodes on this text
/// counts as not found, and the second member says so. std::regex is not used because it recurses
/// per character and a long log line would overflow the stack.
struct RegexAnswer {
  bool found = false;
  bool gave_up = false;
};
RegexAnswer regex_search(std::string_view pattern, std::string_view text);

}  // namespace relapse
