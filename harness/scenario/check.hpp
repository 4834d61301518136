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

}  // namespace relapse
