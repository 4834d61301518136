#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/text.hpp"

/// Classes of characters and words, for the rules that look for credentials.
namespace relapse {

template <class List>
bool is_in(std::string_view word, const List& list) {
  return std::any_of(list.begin(), list.end(),
                     [word](std::string_view one) { return iequals(word, one); });
}

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
inline bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
inline bool is_alnum(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c);
}
inline bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
inline bool is_quote(char c) {
  return c == '"' || c == '\'';
}
inline bool is_base64url(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}
inline bool is_token68(char c) {
  return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/' ||
         c == '=' || c == '%' || c == ':' || c == '|' || c == '!' || c == '*';
}

template <class Test>
std::size_t end_of(std::string_view text, std::size_t from, Test test) {
  while (from < text.size() && test(text[from])) {
    ++from;
  }
  return from;
}

inline std::size_t skip_blanks(std::string_view text, std::size_t from) {
  return end_of(text, from, is_blank);
}

}  // namespace relapse
