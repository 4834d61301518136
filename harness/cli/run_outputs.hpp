#pragma once
#include <string>

#include "base/result.hpp"
#include "model/run.hpp"

namespace CLI {
class App;
}

namespace relapse {

/// The formats of other tools that a run writes beside its pages, each to a file of its own.
struct OutputFiles {
  std::string junit;
};

void add_output_options(CLI::App& command, OutputFiles& files);
/// Writes those that were asked for; the first failure ends it.
Result<void> write_outputs(const Run& run, const OutputFiles& files);

}  // namespace relapse
