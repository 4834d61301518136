#pragma once
#include <string>

#include "model/history.hpp"
#include "model/run.hpp"

namespace relapse {

/// How much is shown, and with which characters. The caller knows the terminal and the environment;
/// nothing here looks at them.
struct ConsoleOptions {
  bool colour = false;
  bool unicode = true;  ///< false: only ASCII is written
  /// -1: blocks of failures and the closing lines; 0: also one line for what was skipped and what
  /// is known to relapse; 1: one line for every result, and blocks of known relapses; 2: also the
  /// exchange of every result.
  int verbosity = 0;
  int columns = 100;
  std::string report_dir{};  ///< where the pages are; empty: none were written
  /// For a log: all failures once more at the end, one line each, so that its tail says it all.
  bool recap = false;
  /// Flaky and known failures fail the run (--strict).
  bool strict = false;
};

/// One line with status, id, reason if any, and duration; ends in \n.
std::string result_line(const ScenarioResult& result, const ConsoleOptions& options);

/// The same with its target, for the moment at which it is known.
std::string live_line(const ScenarioResult& result, const ConsoleOptions& options);

/// "held 212 nights; last good 2026-11-21 on uvicorn 0.30.6": what is new about a failure; "" when
/// nothing is known.
std::string since_text(const Comparison& comparison, const ScenarioResult& result);

/// One result, complete enough not to open the report: status, attempts, incident, expected and
/// observed, the exchange with the diverging event marked, up to three lines of the target's log,
/// how to run it again. At most 40 lines.
std::string result_block(const Run& run, const Comparison& comparison, const ScenarioResult& result,
                         const ConsoleOptions& options);

/// The verdict over all with its counts, where the report is, and one command to go on with.
std::string closing_lines(const Run& run, const ConsoleOptions& options);

/// All of the above for a run that has ended. At most 20 blocks, then one line per signature.
std::string console_report(const Run& run, const Comparison& comparison,
                           const ConsoleOptions& options);

/// For scripts: one line per result, with tabs between outcome, id, target, plane, seconds and what
/// is to be said; no symbols, no colour.
std::string plain_report(const Run& run);

/// `relapse show`: everything that is in one attempt's timeline, step by step, as a packet trace.
/// `hex` adds a dump of the octets of every message, frame and piece.
std::string show_attempt(const ScenarioResult& result, const Attempt& attempt,
                         const ConsoleOptions& options, bool hex);
/// The same for a timeline alone, for example a recording.
std::string show_timeline(const Timeline& timeline, const ConsoleOptions& options, bool hex);

}  // namespace relapse
