#include <algorithm>
#include <array>
#include <cstdio>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace relapse {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Characters that a terminal or a page would obey, hide or reorder instead of showing: controls,
/// soft hyphen, bidi controls, zero-width and invisible characters, line and paragraph separators,
/// variation selectors, interlinear marks, tags, and the blocks of non-characters in the BMP.
constexpr std::array<Range, 19> unsafe{{{0x00, 0x1F},
                                        {0x7F, 0x9F},
                                        {0xAD, 0xAD},
                                        {0x34F, 0x34F},
                                        {0x61C, 0x61C},
                                        {0x115F, 0x1160},
                                        {0x17B4, 0x17B5},
                                        {0x180B, 0x180F},
                                        {0x200B, 0x200F},
                                        {0x2028, 0x202E},
                                        {0x2060, 0x206F},
                                        {0x3164, 0x3164},
                                        {0xFDD0, 0xFDEF},
                                        {0xFE00, 0xFE0F},
                                        {0xFEFF, 0xFEFF},
                                        {0xFFA0, 0xFFA0},
                                        {0xFFF0, 0xFFFB},
                                        {0x1D173, 0x1D17A},
                                        {0xE0000, 0xE0FFF}}};

bool is_unsafe(char32_t c) {
  if ((c & 0xFFFEU) == 0xFFFEU) {
    return true;  // the last two code points of every plane are non-characters
  }
  return std::any_of(unsafe.begin(), unsafe.end(),
                     [c](Range r) { return c >= r.first && c <= r.last; });
}

/// Decodes one character of valid UTF-8.
char32_t decode(std::string_view text, std::size_t& size) {
  const auto lead = static_cast<unsigned char>(text[0]);
  size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  constexpr std::array<unsigned, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t c = lead & lead_bits[size];
  for (std::size_t i = 1; i < size; ++i) {
    c = (c << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return c;
}

void append_character(std::string& out, std::string_view octets, char32_t c) {
  if (c == U'\n') {
    out += "\\n";
  } else if (c == U'\r') {
    out += "\\r";
  } else if (c == U'\t') {
    out += "\\t";
  } else if (is_unsafe(c)) {
    std::array<char, 16> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u{%x}", static_cast<unsigned>(c));
    out += escape.data();
  } else {
    out += octets;
  }
}

/// Where to cut so that a whole character is not torn: at most three octets before `limit`.
std::size_t cut_position(std::string_view bytes, std::size_t limit) {
  for (std::size_t back = 0; back < 4 && back <= limit; ++back) {
    const std::size_t at = limit - back;
    const auto octet = static_cast<unsigned char>(bytes[at]);
    if ((octet & 0xC0U) != 0x80U) {  // bytes[at] starts a character or stands alone
      std::size_t size = 1;
      if (octet >= 0xC2 && valid_utf8_prefix(bytes.substr(at, 4)) > 0) {
        decode(bytes.substr(at), size);
      }
      return size > back ? at : limit;
    }
  }
  return limit;
}

}  // namespace

SafeText safe_text(std::string_view bytes, std::size_t max_bytes) {
  const std::size_t shown =
      bytes.size() <= max_bytes ? bytes.size() : cut_position(bytes, max_bytes);
  std::string_view rest = bytes.substr(0, shown);
  std::string out;
  out.reserve(rest.size());
  while (!rest.empty()) {
    std::string_view valid = rest.substr(0, valid_utf8_prefix(rest));
    rest.remove_prefix(valid.size());
    while (!valid.empty()) {
      std::size_t size = 0;
      const char32_t c = decode(valid, size);
      append_character(out, valid.substr(0, size), c);
      valid.remove_prefix(size);
    }
    if (!rest.empty()) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(rest[0])));
      out += escape.data();
      rest.remove_prefix(1);
    }
  }
  if (shown < bytes.size()) {
    const std::size_t more = bytes.size() - shown;
    out += "… (" + std::to_string(more) + (more == 1 ? " more byte)" : " more bytes)");
  }
  return SafeText(std::move(out));
}

}  // namespace relapse
