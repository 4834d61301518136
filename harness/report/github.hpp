#pragma once
#include <string>
#include <string_view>

#include "model/history.hpp"
#include "report/format_parts.hpp"

namespace relapse {

/// Annotations as workflow commands of GitHub Actions: at most ten errors (relapsed) and ten
/// warnings (inconclusive, flaky), which is what GitHub shows of a step. Results that failed in the
/// same way on one target share one; when there are more than ten, the tenth says how many.
std::string github_annotations(const Run& run, const Comparison& comparison = {},
                               const formats::SourceRoot& root = {});

/// The text between commands that stop the reading of commands and start it again. What a target
/// said must not be printed otherwise: a line of it could be a command. The token must be new and
/// random.
std::string github_guarded(std::string_view text, const std::string& token);

/// All that is printed at the end of a run there: `details` folded away, the verdict and one line
/// for everything that does not hold, then the annotations.
std::string github_log(const Run& run, const Comparison& comparison, std::string_view details,
                       const std::string& token, const formats::SourceRoot& root = {});

/// Octets as the message of a workflow command, and as one of its properties.
std::string github_message(std::string_view text);
std::string github_property(std::string_view text);

}  // namespace relapse
