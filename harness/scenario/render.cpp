#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/reader.hpp"

// Draws the source line of a diagnostic with carets under it. Columns of the file are bytes; on the
// terminal a tab, a wide character or an escaped one takes another number of cells, so the line is
// first cut into characters that know both.

namespace relapse {
namespace {

constexpr std::size_t tab_stop = 4;
constexpr std::size_t max_cells = 90;  ///< of the source line; more is cut around the caret

struct Range {
  char32_t first;
  char32_t last;
};

/// Two cells: the East Asian Wide and Fullwidth blocks and the emoji (Unicode Standard Annex 11).
constexpr std::array<Range, 15> wide{{{0x1100, 0x115F},
                                      {0x231A, 0x231B},
                                      {0x2329, 0x232A},
                                      {0x23E9, 0x23EC},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xA960, 0xA97F},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1F64F},
                                      {0x1F680, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};

/// No cell: combining marks of the scripts likely in a scenario.
constexpr std::array<Range, 8> combining{{{0x0300, 0x036F},
                                          {0x0483, 0x0489},
                                          {0x0591, 0x05BD},
                                          {0x064B, 0x065F},
                                          {0x1AB0, 0x1AFF},
                                          {0x1DC0, 0x1DFF},
                                          {0x20D0, 0x20FF},
                                          {0xFE20, 0xFE2F}}};

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](Range r) { return c >= r.first && c <= r.last; });
}

struct Cell {
  std::size_t offset;  ///< in the line
  std::string shown;
  std::size_t width;
};

std::size_t character_size(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return size <= rest.size() && is_valid_utf8(rest.substr(0, size)) ? size : 1;
}

char32_t code_point(std::string_view character) {
  constexpr std::array<unsigned, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t c = static_cast<unsigned char>(character[0]) & lead_bits[character.size()];
  for (const char octet : character.substr(1)) {
    c = (c << 6) | (static_cast<unsigned char>(octet) & 0x3FU);
  }
  return c;
}

std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t size = character_size(line.substr(i));
    const std::string_view character = line.substr(i, size);
    Cell cell{i, safe_text(character).str(), 1};
    if (character == "\t") {
      cell.width = tab_stop - width % tab_stop;
      cell.shown = std::string(cell.width, ' ');
    } else if (cell.shown != character) {
      cell.width = cell.shown.size();  // an escape, which is ASCII
    } else if (size > 1) {
      const char32_t c = code_point(character);
      cell.width = in(combining, c) ? 0 : in(wide, c) ? 2 : 1;
    }
    width += cell.width;
    cells.push_back(std::move(cell));
    i += size;
  }
  return cells;
}

std::string_view line_at(std::string_view text, int line) {
  std::size_t start = 0;
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) {
      return {};
    }
    start = end + 1;
  }
  std::string_view found = text.substr(start, text.find('\n', start) - start);
  while (!found.empty() && found.back() == '\r') {
    found.remove_suffix(1);
  }
  return found;
}

/// The line as shown, and where the carets go.
struct Drawn {
  std::string line;
  std::size_t indent = 0;
  std::size_t carets = 1;
};

Drawn draw(std::string_view line, std::size_t column, std::size_t length) {
  const std::vector<Cell> cells = cells_of(line);
  Drawn drawn;
  std::size_t total = 0, start = 0, covered = 0;
  for (const Cell& cell : cells) {
    start += cell.offset < column ? cell.width : 0;
    covered += cell.offset >= column && cell.offset < column + length ? cell.width : 0;
    total += cell.width;
  }
  covered = std::max<std::size_t>(1, covered);
  // A window of max_cells, which shows what leads to the carets too when the line is longer.
  std::size_t first = 0;
  if (total > max_cells && start + covered > max_cells) {
    const std::size_t lead = covered + 30 < max_cells ? max_cells - covered - 10 : 30;
    first = start > lead ? start - lead : 0;
  }
  std::size_t at = 0, cut_left = 0;
  for (const Cell& cell : cells) {
    const bool shown = at >= first && at + cell.width <= first + max_cells;
    cut_left = !shown && at < first ? at + cell.width : cut_left;
    drawn.line += shown ? cell.shown : "";
    at += cell.width;
  }
  drawn.indent = start - cut_left;
  drawn.carets = std::min(covered, first + max_cells > start ? first + max_cells - start : 1);
  if (first > 0) {
    drawn.line = "…" + drawn.line;
    ++drawn.indent;
  }
  if (total > first + max_cells) {
    drawn.line += "…";
  }
  return drawn;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const Cell& cell : cells_of(text)) {
    width += cell.width;
  }
  return width;
}

namespace {

/// What a file holds may look like a command of a CI system, whose log this ends up in.
std::string without_commands(const std::string& lines) {
  std::string out;
  for (const std::string& one : split(lines, '\n')) {
    out += (out.empty() ? "" : "\n") + ci_safe(one, one.size()).str();
  }
  return out;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, std::string_view file_text) {
  const bool error = diagnostic.severity == Diagnostic::Severity::error;
  std::string out = (error ? "error: " : "note: ") + diagnostic.message + "\n";
  const std::string number =
      diagnostic.at.line > 0 ? std::to_string(diagnostic.at.line) : std::string{};
  const std::string margin(std::max<std::size_t>(1, number.size()), ' ');
  out += margin + "--> " + safe_text(to_string(diagnostic.at)).str() + "\n";
  if (diagnostic.at.line > 0) {
    const std::string_view text = diagnostic.text ? std::string_view(*diagnostic.text) : file_text;
    const Drawn drawn = draw(line_at(text, diagnostic.at.line),
                             static_cast<std::size_t>(std::max(0, diagnostic.at.column - 1)),
                             static_cast<std::size_t>(diagnostic.length));
    out += margin + " |\n" + number + " | " + drawn.line + "\n";
    out += margin + " | " + std::string(drawn.indent, ' ') + std::string(drawn.carets, '^') +
           (diagnostic.label.empty() ? "" : " " + diagnostic.label) + "\n";
  }
  if (!diagnostic.note.empty()) {
    out += margin + " = " + diagnostic.note + "\n";
  }
  if (!diagnostic.used_by.empty()) {
    out += margin + " = used by " + diagnostic.used_by + "\n";
  }
  return without_commands(out);
}

}  // namespace relapse
