#pragma once
#include <string>
#include <string_view>

#include "model/history.hpp"

namespace relapse {

/// summary.md, for the job summary of GitHub and for GitLab: verdict, what does not hold and since
/// when, what else changed, families by targets, how to run it again. At most `most_bytes`; says
/// how many rows it leaves out. Everything that a target, a log or a file said stands in a code
/// span and nowhere else.
std::string markdown_summary(const Run& run, const Comparison& comparison = {},
                             std::size_t most_bytes = 65536);

/// Safe text as a code span; "" stays "". In a cell of a table "|" is escaped besides.
std::string markdown_code(std::string_view text, std::size_t most = 200);
std::string markdown_cell(std::string_view text, std::size_t most = 200);

}  // namespace relapse
