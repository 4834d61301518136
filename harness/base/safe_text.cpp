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

/// What stands for a character that is not shown as it is; "" for one that is.
std::string escape_of(char32_t c) {
  if (c == U'\n') {
    return "\\n";
  }
  if (c == U'\r') {
    return "\\r";
  }
  if (c == U'\t') {
    return "\\t";
  }
  if (!is_unsafe(c)) {
    return {};
  }
  std::array<char, 16> escape{};
  std::snprintf(escape.data(), escape.size(), "\\u{%x}", static_cast<unsigned>(c));
  return escape.data();
}

std::string escape_of_octet(char octet) {
  std::array<char, 8> escape{};
  std::snprintf(escape.data(), escape.size(), "\\x%02x",
                static_cast<unsigned>(static_cast<unsigned char>(octet)));
  return escape.data();
}

/// Calls plain(octets of one character), escape(text, character or nothing) and cut(text), in
/// order.
template <class Sink>
void walk(std::string_view bytes, std::size_t max_bytes, Sink& sink);

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

template <class Sink>
void walk(std::string_view bytes, std::size_t max_bytes, Sink& sink) {
  const std::size_t shown =
      bytes.size() <= max_bytes ? bytes.size() : cut_position(bytes, max_bytes);
  std::string_view rest = bytes.substr(0, shown);
  while (!rest.empty()) {
    std::string_view valid = rest.substr(0, valid_utf8_prefix(rest));
    rest.remove_prefix(valid.size());
    while (!valid.empty()) {
      std::size_t size = 0;
      const char32_t c = decode(valid, size);
      const std::string escape = escape_of(c);
      if (escape.empty()) {
        sink.plain(valid.substr(0, size));
      } else {
        sink.escape(escape, c);
      }
      valid.remove_prefix(size);
    }
    if (!rest.empty()) {
      sink.escape(escape_of_octet(rest[0]), 0);
      rest.remove_prefix(1);
    }
  }
  if (shown < bytes.size()) {
    const std::size_t more = bytes.size() - shown;
    sink.cut("… (" + std::to_string(more) + (more == 1 ? " more byte)" : " more bytes)"));
  }
}

struct OneText {
  std::string out{};
  void plain(std::string_view octets) { out += octets; }
  void escape(const std::string& text, char32_t) { out += text; }
  void cut(const std::string& text) { out += text; }
};

struct XmlText : OneText {
  void escape(const std::string& text, char32_t c) {
    if (c == U'\n' || c == U'\t') {
      out += static_cast<char>(c);
    } else {
      out += text;
    }
  }
};

class Pieces {
 public:
  void plain(std::string_view octets) {
    if (octets == " ") {
      run_ = 0;
    }
    grow(1);
    if (pieces.empty() || pieces.back().kind != SafePiece::Kind::text) {
      pieces.push_back({SafePiece::Kind::text, {}});
    }
    pieces.back().text += octets;
  }
  void escape(const std::string& text, char32_t c) {
    grow(text.size());
    const bool newline = c == U'\n';
    pieces.push_back({newline ? SafePiece::Kind::newline : SafePiece::Kind::escape, text});
    run_ = newline ? 0 : run_;
  }
  void cut(const std::string& text) { pieces.push_back({SafePiece::Kind::cut, text}); }

  std::vector<SafePiece> pieces{};

 private:
  void grow(std::size_t characters) {
    constexpr std::size_t longest = 120;
    if (run_ + characters > longest) {
      pieces.push_back({SafePiece::Kind::turn, {}});
      run_ = 0;
    }
    run_ += characters;
  }

  std::size_t run_ = 0;  ///< characters since a line could last end
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

SafeText safe_text(std::string_view bytes, std::size_t max_bytes) {
  OneText one;
  one.out.reserve(std::min(bytes.size(), max_bytes));
  walk(bytes, max_bytes, one);
  return SafeText(std::move(one.out));
}

std::vector<SafePiece> safe_pieces(std::string_view bytes, std::size_t max_bytes) {
  Pieces made;
  walk(bytes, max_bytes, made);
  return std::move(made.pieces);
}

std::string xml_text(std::string_view bytes) {
  XmlText text;
  walk(bytes, bytes.size(), text);
  return std::move(text.out);
}

SafeText ci_safe(std::string_view bytes, std::size_t max_bytes) {
  std::string text = safe_text(bytes, max_bytes).str();
  const std::size_t front = text.find_first_not_of(' ');
  if (front != std::string::npos && text.compare(front, 2, "::") == 0) {
    text.replace(front, 1, "\\u{3a}");
  }
  for (const std::string_view command : {"##[", "##vso[", "##teamcity["}) {
    replace_all(text, command, "\\u{23}" + std::string(command.substr(1)));
  }
  return SafeText(std::move(text));
}

}  // namespace relapse
