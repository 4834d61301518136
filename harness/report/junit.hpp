#pragma once
#include <string>
#include <string_view>

#include "model/history.hpp"

namespace relapse {

/// Whose reading of JUnit XML the file is for.
///
///   jenkins  passes the strict schema of the xUnit plugin (junit-10.xsd), so a case has neither
///            file nor line; attempts that did not decide are flakyFailure and rerunFailure, which
///            the JUnit plugin shows.
///   gitlab   shows `classname` as the suite, the text of a failure rather than its message, and
///            `file`; it ignores suites, properties and flakyFailure. So the class says the target,
///            the text begins with the message, and a case has file and line.
enum class JunitDialect { jenkins, gitlab };

/// A suite for every target; classname is the family, name the scenario's id ("ID on TARGET" when
/// the run has several targets: GitLab drops cases of the same name). relapsed is a failure whose
/// type is its signature, inconclusive and not run an error, skipped and known relapses are skipped
/// with their reason, flaky passes. Times in seconds with three decimals. Of the long texts at most
/// `most_of_texts` octets are kept, so that the file stays below 30 MB, what GitLab takes; the
/// others say that they were left out.
std::string junit_xml(const Run& run, const Comparison& comparison = {},
                      JunitDialect dialect = JunitDialect::jenkins,
                      std::size_t most_of_texts = std::size_t{20} << 20);

/// Safe text as XML character data or attribute value; drops what XML 1.0 (section 2.2, Char)
/// does not allow.
std::string xml_escape(std::string_view text);

}  // namespace relapse
