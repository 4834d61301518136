#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace relapse {

/// What stands at one place of a text when escapes are undone: up to four octets.
struct Spelt {
  std::array<char, 4> octets{};
  std::size_t count = 0;   ///< octets that are meant; 0: no escape stands there
  std::size_t length = 0;  ///< octets of the text that say so

  std::string_view text() const { return {octets.data(), count}; }
};

/// An octet with which an escape may begin.
inline bool may_escape(char c) {
  return c == '%' || c == '\\' || c == '&' || c == '+';
}

/// Reads the escape at the front: %2F; \", \/, \n, \x1b, \u00f6, \u{1f600} and pairs of surrogates;
/// &amp; &#39; &#x27;; and a plus for a blank.
Spelt read_escape(std::string_view text);

/// How many octets of `text` spell the front of `value`, wholly or until the text ends.
struct SpellingMatch {
  std::size_t length = 0;   ///< of the text
  std::size_t matched = 0;  ///< of the value
};
SpellingMatch match_spelling(std::string_view text, std::string_view value);

}  // namespace relapse
