#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace relapse {

/// Something wrong inside a string token.
struct StringFault {
  std::size_t offset = 0;
  std::size_t length = 1;
  std::string message;
  std::string label{};
  std::string note{};
};

/// A string token of RFC 8259 section 7.
struct StringToken {
  std::string decoded;
  std::size_t end = 0;  ///< behind the closing quote, or where the line ended without one
  bool closed = false;
  std::vector<StringFault> faults;
};

/// Reads the string whose quote stands at `start`; the same quote closes it. The text must be valid
/// UTF-8.
StringToken read_string(std::string_view text, std::size_t start);

/// The grammar of RFC 8259 section 6.
bool is_json_number(std::string_view text);

}  // namespace relapse
