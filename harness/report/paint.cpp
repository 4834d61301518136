#include "report/paint.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace relapse::paint {

Tone tone_of(const ScenarioResult& result) {
  switch (view::group_of(result)) {
    case view::Group::relapsed:
      return Tone::bad;
    case view::Group::inconclusive:
    case view::Group::flaky:
    case view::Group::known:
      return Tone::warn;
    case view::Group::skipped:
      return Tone::muted;
    case view::Group::holds:
      break;
  }
  return Tone::good;
}

std::string paint(std::string_view text, Tone tone, const ConsoleOptions& options) {
  if (!options.colour || tone == Tone::plain)
    return std::string(text);
  const char* code = "";
  switch (tone) {
    case Tone::plain:
      break;
    case Tone::bold:
      code = "1";
      break;
    case Tone::good:
      code = "32";
      break;
    case Tone::bad:
      code = "1;31";
      break;
    case Tone::warn:
      code = "33";
      break;
    case Tone::muted:
      code = "2";
      break;
  }
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

std::size_t columns(const ConsoleOptions& options) {
  return static_cast<std::size_t>(std::max(options.columns, 40));
}

std::string signs(std::string_view text, const ConsoleOptions& options) {
  return options.unicode ? std::string(text) : layout::to_ascii(text);
}

std::string_view mark(const ConsoleOptions& options) {
  return options.unicode ? "…" : "...";
}

std::string ends(std::string_view left, std::string_view right, Tone tone,
                 const ConsoleOptions& options) {
  // ASCII first: it may take more cells, and the layout has to know.
  const std::string laid_out = layout::two_ends(signs(left, options), signs(right, options),
                                                columns(options), mark(options));
  std::string out;
  // A CI system obeys commands at the front of a line, and a text may have got there by wrapping.
  for (const std::string& part : split(laid_out, '\n'))
    out += paint(ci_safe(part, part.size()).str(), tone, options) + "\n";
  return out;
}

std::string line(std::string_view text, Tone tone, const ConsoleOptions& options) {
  return ends(text, "", tone, options);
}

std::string trace_row(const view::Row& row, std::string_view note, const ConsoleOptions& options) {
  if (row.event == nullptr)
    return line("         ⋯ " + std::to_string(row.folded) +
                    (row.folded == 1 ? " more event" : " more events"),
                Tone::muted, options);
  const std::string text = (row.evidence ? "  ✗" : "   ") + trace_line(*row.event);
  const Tone tone = row.diverges ? Tone::bad : Tone::plain;
  return ends(text, note, tone, options);
}

}  // namespace relapse::paint
