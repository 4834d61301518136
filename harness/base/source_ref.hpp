#pragma once
#include <string>

namespace relapse {

/// A place in a file that the user wrote. Lines and columns count from 1; 0 means unknown.
/// Columns count bytes; whoever draws a caret turns them into display cells.
struct SourceRef {
  std::string file{};
  int line = 0;
  int column = 0;

  bool operator==(const SourceRef&) const = default;
};

/// "file:line:column", leaving out what is unknown.
std::string to_string(const SourceRef& at);

}  // namespace relapse
