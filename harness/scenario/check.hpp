#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "scenario/diagnostics.hpp"
#include "scenario/jsonc.hpp"
#include "scenario/schema_table.hpp"

namespace relapse {

/// One ${name} in a string of the file.
struct VariableUse {
  std::string name;  ///< "token:valid", "session"
  Span span;         ///< of the whole ${name}
  std::string where;
  int step = -1;  ///< index of the step in which it stands, when the steps were checked one by one
};

/// What walking a file by its table found.
struct CheckResult {
  std::vector<Diagnostic> diagnostics;
  std::vector<VariableUse> variables;
};

/// Compares every value with the table: unknown and missing keys, wrong types, values out of range,
/// keys that exclude each other, bad patterns. Knows nothing of what the steps mean together; that
/// is flow.hpp.
CheckResult check_tree(const Node& root, const schema::ObjectTable& table,
                       const std::filesystem::path& file);

/// The same for the root of a scenario or fragment, whose steps are checked apart by check_step: a
/// value of theirs may be known only after they were expanded.
CheckResult check_tree_without_steps(const Node& root, const schema::ObjectTable& table,
                                     const std::filesystem::path& file);
/// One step with everything put in; `label` is what messages call it.
void check_step(const Node& step, const std::string& label, int index,
                const std::filesystem::path& file, CheckResult& result);

}  // namespace relapse
