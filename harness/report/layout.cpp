#include "report/layout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace relapse::layout {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Unicode's East Asian Width W and F in coarse blocks, and the emoji planes.
constexpr std::array<Range, 11> wide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xA960, 0xA97F},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 5> combining{
    {{0x300, 0x36F}, {0x483, 0x489}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}}};

bool within(std::uint32_t c, const auto& ranges) {
  return std::ranges::any_of(ranges, [c](Range r) { return c >= r.first && c <= r.last; });
}

/// Takes the first character off valid UTF-8; on anything else one octet, so that it always ends.
std::string_view take(std::string_view& rest, std::uint32_t& code) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  size = std::min(size, rest.size());
  code = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i)
    code = code << 6 | (static_cast<unsigned char>(rest[i]) & 0x3Fu);
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

std::size_t cells(std::uint32_t c) {
  if (c < 0x300)
    return 1;
  if (within(c, combining))
    return 0;
  return within(c, wide) ? 2 : 1;
}

struct Sign {
  std::string_view symbol;
  std::string_view ascii;
};
constexpr std::array<Sign, 14> signs{{{"→", ">"},
                                      {"←", "<"},
                                      {"✓", "+"},
                                      {"✗", "x"},
                                      {"≈", "~"},
                                      {"–", "-"},
                                      {"·", "."},
                                      {"⋯", "..."},
                                      {"…", "..."},
                                      {"µ", "u"},
                                      {"×", "x"},
                                      {"◀", "<"},
                                      {"○", "o"},
                                      {"▸", ">"}}};

}  // namespace

std::size_t width(std::string_view text) {
  std::size_t total = 0;
  while (!text.empty()) {
    std::uint32_t code = 0;
    take(text, code);
    total += cells(code);
  }
  return total;
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string fit(std::string_view text, std::size_t columns, std::string_view mark) {
  if (width(text) <= columns)
    return std::string(text);
  if (columns < width(mark))
    return {};
  const std::size_t room = columns - width(mark);
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    std::uint32_t code = 0;
    const std::string_view character = take(text, code);
    if (used + cells(code) > room)
      break;
    used += cells(code);
    out += character;
  }
  return out + std::string(mark);
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t most,
                              std::string_view mark) {
  std::vector<std::string> lines;
  while (lines.size() + 1 < most && width(text) > columns) {
    const std::size_t fitting = fit(text, columns, "").size();
    const std::size_t space = text.substr(0, fitting + 1).rfind(' ');
    // A space far to the left would waste the line.
    const bool at_space = space != std::string_view::npos && space > fitting / 2;
    const std::size_t end = at_space ? space : fitting;
    if (end == 0)
      break;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(at_space ? end + 1 : end);
  }
  lines.push_back(fit(text, columns, mark));
  return lines;
}

std::string pad(std::string_view text, std::size_t columns) {
  std::string out(text);
  const std::size_t used = width(text);
  if (used < columns)
    out.append(columns - used, ' ');
  return out;
}

std::string two_ends(std::string_view left, std::string_view right, std::size_t columns,
                     std::string_view mark) {
  if (right.empty())
    return fit(left, columns, mark);
  const std::size_t needed = width(right) + 2;
  // A right end that leaves no room for the left goes to a line of its own.
  if (needed + 20 > columns)
    return fit(left, columns, mark) + "\n" +
           fit(std::string(14, ' ') + std::string(right), columns, mark);
  return pad(fit(left, columns - needed, mark), columns - needed) + "  " + std::string(right);
}

std::string to_ascii(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::uint32_t code = 0;
    const std::string_view character = take(text, code);
    if (code < 0x80) {
      out += character;
      continue;
    }
    const auto* const found = std::ranges::find(signs, character, &Sign::symbol);
    if (found != signs.end()) {
      out += found->ascii;
      continue;
    }
    std::array<char, 16> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u{%x}", code);
    out += escape.data();
  }
  return out;
}

std::string hex_dump(std::string_view octets, std::string_view indent) {
  std::string out;
  for (std::size_t offset = 0; offset < octets.size(); offset += 16) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%06zx ", offset);
    out += indent;
    out += text.data();
    std::string readable;
    for (std::size_t i = offset; i < offset + 16; ++i) {
      if (i % 16 == 8)
        out += ' ';
      if (i >= octets.size()) {
        out += "   ";
        continue;
      }
      const auto octet = static_cast<unsigned char>(octets[i]);
      std::snprintf(text.data(), text.size(), " %02x", static_cast<unsigned>(octet));
      out += text.data();
      readable += octet >= 0x20 && octet < 0x7F ? octets[i] : '.';
    }
    out += "  " + readable + "\n";
  }
  return out;
}

}  // namespace relapse::layout
