#include "cli/run_outputs.hpp"

#include <CLI/CLI.hpp>

#include "base/files.hpp"
#include "report/junit.hpp"

namespace relapse {

void add_output_options(CLI::App& command, OutputFiles& files) {
  command.add_option("--junit", files.junit, "Also write JUnit XML to this file");
}

Result<void> write_outputs(const Run& run, const OutputFiles& files) {
  if (!files.junit.empty()) {
    return write_file(files.junit, junit_xml(run));
  }
  return {};
}

}  // namespace relapse
