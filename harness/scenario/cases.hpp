#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/diagnostics.hpp"
#include "scenario/put_in.hpp"

namespace relapse {

/// One scenario of a file that is a template.
struct Case {
  std::string name{};
  Scope values{};  ///< of its parameters
};

/// The cases of the file; none when it has no "cases", or when something is wrong with them.
/// `text` is the file's.
std::vector<Case> read_cases(const Node& root, std::string_view text,
                             const std::filesystem::path& file, std::vector<Diagnostic>& out);

/// The file as if it had been written for this case alone.
Node with_case(const Node& root, const Case& one, const std::filesystem::path& file,
               std::vector<Diagnostic>& out);

/// What is wrong with the cases of a file, each thing once. What stands in the template and is
/// wrong in some of the cases only says in which. `cases` is the node, `found` stand beside `all`.
std::vector<Diagnostic> merge(const std::vector<Case>& all, const Node& cases,
                              std::vector<std::vector<Diagnostic>> found);

}  // namespace relapse
