#include "base/spelling.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace relapse {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `count` hex digits at `at`.
std::optional<std::uint32_t> hex(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size() || count == 0 || count > 6) {
    return std::nullopt;
  }
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const int one = digit(text[i]);
    if (one < 0) {
      return std::nullopt;
    }
    value = value * 16 + static_cast<std::uint32_t>(one);
  }
  return value;
}

Spelt octet(char c, std::size_t length) {
  Spelt spelt;
  spelt.octets[0] = c;
  spelt.count = 1;
  spelt.length = length;
  return spelt;
}

Spelt character(std::uint32_t c, std::size_t length) {
  Spelt spelt;
  spelt.length = length;
  const auto add = [&spelt](std::uint32_t value) {
    spelt.octets[spelt.count++] = static_cast<char>(value);
  };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0U | (c >> 6));
    add(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    add(0xE0U | (c >> 12));
    add(0x80U | ((c >> 6) & 0x3FU));
    add(0x80U | (c & 0x3FU));
  } else if (c < 0x110000) {
    add(0xF0U | (c >> 18));
    add(0x80U | ((c >> 12) & 0x3FU));
    add(0x80U | ((c >> 6) & 0x3FU));
    add(0x80U | (c & 0x3FU));
  }
  return spelt;
}

/// "\u00f6", "\u{f6}", and "\ud83d\ude00".
Spelt read_unicode(std::string_view text) {
  if (text.size() > 2 && text[2] == '{') {
    const std::size_t close = text.substr(0, 11).find('}');
    const auto value = close != std::string_view::npos ? hex(text, 3, close - 3) : std::nullopt;
    return value ? character(*value, close + 1) : Spelt();
  }
  const auto first = hex(text, 2, 4);
  if (!first) {
    return {};
  }
  if (*first >= 0xD800 && *first < 0xDC00 && text.substr(6).starts_with("\\u")) {
    const auto second = hex(text, 8, 4);
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      return character(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), 12);
    }
  }
  return character(*first, 6);
}

Spelt read_backslash(std::string_view text) {
  if (text.size() < 2) {
    return {};
  }
  constexpr std::array<std::pair<char, char>, 7> controls{
      {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'b', '\b'}, {'f', '\f'}, {'0', '\0'}, {'v', '\v'}}};
  const char c = text[1];
  if (c == 'x') {
    const auto value = hex(text, 2, 2);
    return value ? octet(static_cast<char>(*value), 4) : Spelt();
  }
  if (c == 'u') {
    return read_unicode(text);
  }
  for (const auto& [name, meant] : controls) {
    if (name == c) {
      return octet(meant, 2);
    }
  }
  const bool sign = c > ' ' && c < 0x7F && digit(c) < 0 && ((c | 0x20) < 'a' || (c | 0x20) > 'z');
  return sign ? octet(c, 2) : Spelt();
}

Spelt read_entity(std::string_view text) {
  const std::size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos) {
    return {};
  }
  const std::string_view name = text.substr(1, end - 1);
  constexpr std::array<std::pair<std::string_view, char>, 5> named{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [one, meant] : named) {
    if (name == one) {
      return octet(meant, end + 1);
    }
  }
  if (name.size() < 2 || name[0] != '#') {
    return {};
  }
  if (name[1] == 'x' || name[1] == 'X') {
    const auto value = hex(name, 2, name.size() - 2);
    return value ? character(*value, end + 1) : Spelt();
  }
  std::uint32_t value = 0;
  for (const char c : name.substr(1)) {
    if (c < '0' || c > '9' || value > 0x110000) {
      return {};
    }
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return character(value, end + 1);
}

bool fits(std::string_view meant, std::string_view value) {
  return !meant.empty() && value.starts_with(meant);
}

}  // namespace

Spelt read_escape(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  switch (text[0]) {
    case '%': {
      const auto value = hex(text, 1, 2);
      return value ? octet(static_cast<char>(*value), 3) : Spelt();
    }
    case '+':
      return octet(' ', 1);
    case '\\':
      return read_backslash(text);
    case '&':
      return read_entity(text);
    default:
      return {};
  }
}

namespace {

/// Where both readings fit ("\\\\" may be one backslash that is escaped or two that are not), the
/// one that is preferred is taken: text is escaped throughout or not at all.
SpellingMatch match_one_way(std::string_view text, std::string_view value, bool undone) {
  SpellingMatch done;
  while (done.matched < value.size() && done.length < text.size()) {
    const std::string_view rest = text.substr(done.length);
    const std::string_view wanted = value.substr(done.matched);
    const Spelt escape = may_escape(rest[0]) ? read_escape(rest) : Spelt();
    const bool same = rest[0] == wanted[0];
    const bool spelt = fits(escape.text(), wanted);
    if (!same && !spelt) {
      return done;
    }
    const bool plain = same && !(spelt && undone);
    done.length += plain ? 1 : escape.length;
    done.matched += plain ? 1 : escape.count;
  }
  return done;
}

}  // namespace

SpellingMatch match_spelling(std::string_view text, std::string_view value) {
  const SpellingMatch undone = match_one_way(text, value, true);
  if (undone.matched == value.size()) {
    return undone;
  }
  const SpellingMatch plain = match_one_way(text, value, false);
  return plain.matched > undone.matched ? plain : undone;
}

}  // namespace relapse
