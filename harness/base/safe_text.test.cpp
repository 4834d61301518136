#include <random>
#include <string>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "catch.hpp"

using namespace relapse;
using Kind = SafePiece::Kind;

namespace {

std::string utf8(char32_t c) {
  std::string out;
  const auto add = [&out](char32_t octet) { out += static_cast<char>(octet); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0U | (c >> 6));
    add(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    add(0xE0U | (c >> 12));
    add(0x80U | ((c >> 6) & 0x3FU));
    add(0x80U | (c & 0x3FU));
  } else {
    add(0xF0U | (c >> 18));
    add(0x80U | ((c >> 12) & 0x3FU));
    add(0x80U | ((c >> 6) & 0x3FU));
    add(0x80U | (c & 0x3FU));
  }
  return out;
}

/// The list of the specification, apart from the table that the code has.
bool must_not_survive(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0x2066 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFDD0 && c <= 0xFDEF) ||
         (c & 0xFFFE) == 0xFFFE || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE007F) ||
         (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0xFFF9 && c <= 0xFFFB) || c == 0xAD ||
         c == 0x34F || (c >= 0x180B && c <= 0x180F) || c == 0x115F || c == 0x1160 || c == 0x3164 ||
         c == 0xFFA0;
}

bool holds_none(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
      c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    if (must_not_survive(c)) {
      return false;
    }
    i += size;
  }
  return true;
}

std::string joined(const std::vector<SafePiece>& pieces) {
  std::string out;
  for (const SafePiece& piece : pieces) {
    out += piece.text;
  }
  return out;
}

}  // namespace

TEST_CASE("safe_text: every code point, alone", "[base]") {
  bool all = true;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) {
      continue;
    }
    const std::string octets = utf8(c);
    const std::string shown = safe_text(octets).str();
    const bool fine = must_not_survive(c) ? shown.find(octets) == std::string::npos
                                          : shown == octets || shown.starts_with("\\u{");
    if (!fine) {
      all = false;
      UNSCOPED_INFO("U+" << std::hex << static_cast<unsigned>(c) << " -> " << shown);
    }
  }
  CHECK(all);
}

TEST_CASE("safe_text: random octets become one valid, stable line without a listed character",
          "[base]") {
  std::mt19937 random(20261125);
  const auto up_to = [&random](std::uint32_t most) {
    return static_cast<std::uint32_t>(random() % (most + 1));
  };
  for (int round = 0; round < 3000; ++round) {
    std::string bytes;
    const std::uint32_t size = up_to(200);
    while (bytes.size() < size) {
      switch (up_to(3)) {
        case 0:
          bytes += static_cast<char>(up_to(255));
          break;
        case 1:
          bytes += utf8(up_to(0x2100));
          break;
        case 2:
          bytes += utf8(0xE000 + up_to(0x10FFFF - 0xE000));
          break;
        default:
          bytes += std::string(up_to(150), 'x');
      }
    }
    const std::size_t most = up_to(300);
    const std::string shown = safe_text(bytes, most).str();
    const std::string again = safe_text(shown, shown.size()).str();
    const std::string pieces = joined(safe_pieces(bytes, most));
    const bool fine = is_valid_utf8(shown) && holds_none(shown) && again == shown &&
                      pieces == shown &&
                      ci_safe(ci_safe(bytes).str()).str() == ci_safe(bytes).str();
    if (!fine) {
      CAPTURE(to_hex(bytes), shown, again, pieces);
      REQUIRE(fine);
    }
  }
  SUCCEED();
}

TEST_CASE("safe_pieces: what is text, what an escape, and where a line may end", "[base]") {
  const auto pieces = safe_pieces("a\x1b[0m\nb\xff\xe2\x80\xae", 100);
  const std::vector<SafePiece> wanted = {{Kind::text, "a"},          {Kind::escape, "\\u{1b}"},
                                         {Kind::text, "[0m"},        {Kind::newline, "\\n"},
                                         {Kind::text, "b"},          {Kind::escape, "\\xff"},
                                         {Kind::escape, "\\u{202e}"}};
  CHECK(pieces == wanted);
  CHECK(safe_pieces("abc", 1).back() == SafePiece{Kind::cut, "… (2 more bytes)"});
  CHECK(safe_pieces("").empty());
}

TEST_CASE("safe_pieces: no run of more than 120 characters without a space", "[base]") {
  const auto turns = [](const std::string& text) {
    int count = 0;
    for (const SafePiece& piece : safe_pieces(text, text.size())) {
      count += piece.kind == Kind::turn ? 1 : 0;
    }
    return count;
  };
  CHECK(turns(std::string(120, 'x')) == 0);
  CHECK(turns(std::string(121, 'x')) == 1);
  CHECK(turns(std::string(361, 'x')) == 3);
  CHECK(turns(std::string(100, 'x') + " " + std::string(100, 'x')) == 0);
  CHECK(turns(std::string(100, 'x') + "\n" + std::string(100, 'x')) == 0);
  CHECK(turns(std::string(60, '\xff')) == 1);  // 240 characters of escapes
}

TEST_CASE("xml_text: only characters of XML 1.0, lines kept", "[base]") {
  const std::string hostile = std::string("a\0b\x1b\r\n\tc", 8) + "\xff\xef\xbf\xbe]]>";
  CHECK(xml_text(hostile) == "a\\u{0}b\\u{1b}\\r\n\tc\\xff\\u{fffe}]]>");
}

TEST_CASE("ci_safe: no line is a command of a CI system", "[base]") {
  CHECK(ci_safe("::error file=a::b").str() == "\\u{3a}:error file=a::b");
  CHECK(ci_safe("  ::stop-commands::x").str() == "  \\u{3a}:stop-commands::x");
  CHECK(ci_safe("x\n::error::y").str() == "x\\n::error::y");  // one line: not at its front
  CHECK(ci_safe("a ##[group]x").str() == "a \\u{23}#[group]x");
  CHECK(ci_safe("##vso[task.setvariable]##teamcity[x]").str() ==
        "\\u{23}#vso[task.setvariable]\\u{23}#teamcity[x]");
  CHECK(ci_safe("std::string").str() == "std::string");
}
