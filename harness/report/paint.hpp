#pragma once
#include <string>
#include <string_view>

#include "report/console.hpp"
#include "report/view.hpp"

/// What the console's two files share: colours, and the last step before text leaves.
namespace relapse::paint {

enum class Tone { plain, bold, good, bad, warn, muted };

Tone tone_of(const ScenarioResult& result);
/// Wraps in SGR sequences when colour is on. Measure before painting, not after.
std::string paint(std::string_view text, Tone tone, const ConsoleOptions& options);
/// `left` and `right` at the ends of one line (two when they do not fit), cut to the columns,
/// painted, with \n; ASCII if asked.
std::string ends(std::string_view left, std::string_view right, Tone tone,
                 const ConsoleOptions& options);
std::string line(std::string_view text, Tone tone, const ConsoleOptions& options);
/// "…", or "..." where only ASCII is written.
std::string_view mark(const ConsoleOptions& options);
/// ASCII if asked; nothing else.
std::string signs(std::string_view text, const ConsoleOptions& options);
std::size_t columns(const ConsoleOptions& options);

/// A row of an exchange with its marker: "  ✗  4    0.193 ← RST".
std::string trace_row(const view::Row& row, std::string_view note, const ConsoleOptions& options);

}  // namespace relapse::paint
