#include "cli/run_outputs.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "report/ctrf.hpp"
#include "report/github.hpp"
#include "report/markdown.hpp"
#include "report/prometheus.hpp"
#include "report/sarif.hpp"
#include "report/tap.hpp"

namespace relapse {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool on_github() {
  return environment("GITHUB_ACTIONS") == "true";
}

/// GitHub wants paths from the root of the repository, wherever relapse was called.
formats::SourceRoot source_root() {
  std::error_code error;
  return {environment("GITHUB_WORKSPACE"), std::filesystem::current_path(error).string()};
}

Result<void> put(const std::string& path, const std::string& content) {
  if (path != "-") {
    return write_file(path, content);
  }
  if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size() ||
      std::fflush(stdout) != 0) {
    return Error{ErrorKind::environment,
                 std::string("cannot write to standard output: ") + std::strerror(errno)};
  }
  return {};
}

/// The file is GitHub's: other steps of the job write to it too, so it is never replaced.
Result<void> append_summary(const std::string& path, const std::string& content) {
  std::FILE* file = std::fopen(path.c_str(), "ab");
  const bool written =
      file != nullptr && std::fwrite(content.data(), 1, content.size(), file) == content.size();
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (!written || !closed) {
    return Error{ErrorKind::environment,
                 std::string("cannot write the job's summary: ") + std::strerror(errno),
                 {path, 0, 0}};
  }
  return {};
}

}  // namespace

bool OutputFiles::any() const {
  return !(junit + tap + ctrf + sarif + summary + prometheus).empty();
}

bool OutputFiles::take_stdout() const {
  for (const std::string* path : {&junit, &tap, &ctrf, &sarif, &summary, &prometheus}) {
    if (*path == "-") {
      return true;
    }
  }
  return false;
}

std::vector<std::filesystem::path> OutputFiles::paths() const {
  std::vector<std::filesystem::path> asked;
  for (const std::string* path : {&junit, &tap, &ctrf, &sarif, &summary, &prometheus}) {
    if (!path->empty() && *path != "-") {
      asked.emplace_back(*path);
    }
  }
  return asked;
}

void add_output_options(CLI::App& command, OutputFiles& files) {
  const auto taken = std::make_shared<std::string>();
  const auto add = [&](const char* name, std::string& file, const char* what) {
    command
        .add_option(name, file, std::string("Also write ") + what + " to this file; - prints it")
        ->check([taken, name](const std::string& path) {
          if (path != "-") {
            return std::string{};
          }
          if (!taken->empty() && *taken != name) {
            return "only one output may be \"-\", and " + *taken + " is";
          }
          *taken = name;
          return std::string{};
        });
  };
  add("--junit", files.junit, "JUnit XML");
  command
      .add_option("--junit-dialect", files.dialect, "Whose JUnit XML: jenkins (default) or gitlab")
      ->transform(CLI::CheckedTransformer(std::map<std::string, JunitDialect>{
          {"jenkins", JunitDialect::jenkins}, {"gitlab", JunitDialect::gitlab}}));
  add("--tap", files.tap, "TAP version 14");
  add("--ctrf", files.ctrf, "a CTRF report (JSON)");
  add("--sarif", files.sarif, "SARIF 2.1.0 for code scanning");
  add("--summary,--markdown", files.summary, "a summary in Markdown");
  add("--prometheus", files.prometheus, "metrics for node_exporter's textfile collector");
}

Result<void> write_outputs(const Run& run, const Comparison& comparison, const OutputFiles& files) {
  if (!files.junit.empty()) {
    if (auto done = put(files.junit, junit_xml(run, comparison, files.dialect)); !done) {
      return done;
    }
  }
  if (!files.tap.empty()) {
    if (auto done = put(files.tap, tap(run, comparison)); !done) {
      return done;
    }
  }
  if (!files.ctrf.empty()) {
    if (auto done = put(files.ctrf, ctrf_json(run, comparison)); !done) {
      return done;
    }
  }
  if (!files.sarif.empty()) {
    if (auto done = put(files.sarif, sarif_json(run, comparison, source_root())); !done) {
      return done;
    }
  }
  if (!files.summary.empty()) {
    if (auto done = put(files.summary, markdown_summary(run, comparison)); !done) {
      return done;
    }
  }
  if (!files.prometheus.empty()) {
    return put(files.prometheus, prometheus_text(run, comparison));
  }
  return {};
}

Result<void> write_stored_outputs(LoadedRun& loaded, const Comparison& comparison,
                                  const OutputFiles& files) {
  if (!files.any()) {
    return {};
  }
  std::size_t missing = 0;
  for (ScenarioResult& result : loaded.run.results) {
    if (result.outcome == Outcome::holds) {
      continue;
    }
    for (Attempt& attempt : result.attempts) {
      missing += load_timeline(loaded.timelines, attempt) ? 0U : 1U;
    }
  }
  if (missing > 0) {
    std::fprintf(stderr, "note: %zu timelines are not stored any more; the files lack them\n",
                 missing);
  }
  return write_outputs(loaded.run, comparison, files);
}

Result<void> print_report(const Run& run, const Comparison& comparison, const std::string& text,
                          std::FILE* stream) {
  if (!on_github()) {
    std::fputs(text.c_str(), stream);
    return {};
  }
  const std::string log = github_log(run, comparison, text, random_hex(16), source_root());
  std::fputs(log.c_str(), stream);
  std::fflush(stream);
  const std::string summary = environment("GITHUB_STEP_SUMMARY");
  return summary.empty() ? Result<void>{}
                         : append_summary(summary, markdown_summary(run, comparison));
}

UntrustedLines::UntrustedLines(std::FILE* stream) : stream_(stream) {
  if (on_github()) {
    token_ = random_hex(16);
    std::fprintf(stream_, "::stop-commands::%s\n", token_.c_str());
    std::fflush(stream_);
  }
}

UntrustedLines::~UntrustedLines() {
  if (!token_.empty()) {
    std::fprintf(stream_, "\n::%s::\n", token_.c_str());
    std::fflush(stream_);
  }
}

}  // namespace relapse
