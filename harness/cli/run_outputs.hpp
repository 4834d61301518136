#pragma once
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/run_store.hpp"
#include "model/history.hpp"
#include "report/junit.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// The formats of other tools that a run writes beside its pages, each to a file of its own. "-" is
/// standard output, for at most one of them.
struct OutputFiles {
  std::string junit;
  std::string tap;
  std::string ctrf;
  std::string sarif;
  std::string summary;
  std::string prometheus;
  JunitDialect dialect = JunitDialect::jenkins;
  bool any() const;
  bool take_stdout() const;
  /// The files that were asked for.
  std::vector<std::filesystem::path> paths() const;
};

/// --junit, --junit-dialect, --tap, --ctrf, --sarif, --summary (--markdown), --prometheus. A second
/// "-" is an error of usage.
void add_output_options(CLI::App& command, OutputFiles& files);

/// Writes those that were asked for; the first failure ends it.
Result<void> write_outputs(const Run& run, const Comparison& comparison, const OutputFiles& files);

/// The same of a stored run: fetches what was exchanged where it did not hold. A timeline that is
/// not there any more is left out with a note.
Result<void> write_stored_outputs(LoadedRun& loaded, const Comparison& comparison,
                                  const OutputFiles& files);

/// Prints the report for the terminal to `stream`. Under GitHub Actions (GITHUB_ACTIONS is "true")
/// folded away and guarded, with the verdict and annotations behind it; and appends the Markdown
/// summary to the file $GITHUB_STEP_SUMMARY, where that is set.
Result<void> print_report(const Run& run, const Comparison& comparison, const std::string& text,
                          std::FILE* stream);

/// While it lives, no line on the stream is a command of GitHub Actions; nothing elsewhere. For
/// what is printed before print_report and holds words of a target.
class UntrustedLines {
 public:
  explicit UntrustedLines(std::FILE* stream);
  UntrustedLines(const UntrustedLines&) = delete;
  UntrustedLines& operator=(const UntrustedLines&) = delete;
  ~UntrustedLines();

 private:
  std::FILE* stream_;
  std::string token_;
};

}  // namespace relapse
