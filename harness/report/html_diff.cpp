#include <algorithm>
#include <array>
#include <cstdio>

#include "report/html_parts.hpp"
#include "report/view_diff.hpp"

namespace relapse::html {

namespace {

constexpr std::size_t most_lines = 120;

std::string hash_of(const std::string& text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  std::array<char, 12> out{};
  std::snprintf(out.data(), out.size(), "%08x", hash);
  return out.data();
}

std::string side(const std::string& name, const std::string& text) {
  return name + " " + std::to_string(text.size()) + " octets, #" + hash_of(text);
}

/// A scenario that wants silence, or that something never comes, has no second side to compare.
bool is_comparable(const Finding& finding) {
  return finding.kind == ClaimKind::expectation && finding.outcome == Outcome::relapsed &&
         finding.expected != finding.observed && !finding.observed.empty();
}

void fill_parts(Fields line, const std::vector<view::DiffPart>& parts) {
  for (const view::DiffPart& part : parts)
    line.section("PART")
        .section(part.different ? "DIFFERENT" : "EQUAL")
        .text("TEXT", part.text, 4000);
}

}  // namespace

void fill_diff(Fields& page, const ScenarioResult& result) {
  const Finding* finding = view::decisive(result);
  if (finding == nullptr || !is_comparable(*finding))
    return;
  Fields section = page.section("DIFF");
  section.text(
      "NOTE", side("- expected", finding->expected) + "; " + side("+ observed", finding->observed));
  section.text("PLACE", view::place(result));
  const auto lines = view::diff(finding->expected, finding->observed);
  for (std::size_t i = 0; i < std::min(most_lines, lines.size()); ++i) {
    Fields line = section.section("LINE");
    if (lines[i].kind == view::DiffLine::Kind::same)
      line.section("SAME").text("TEXT", lines[i].parts.front().text, 4000);
    else
      fill_parts(line.section(lines[i].kind == view::DiffLine::Kind::removed ? "REMOVED" : "ADDED"),
                 lines[i].parts);
  }
  if (lines.size() > most_lines)
    section.section("LINE").section("SAME").text(
        "TEXT", "⋯ " + std::to_string(lines.size() - most_lines) + " more lines");
}

}  // namespace relapse::html
