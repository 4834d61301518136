#pragma once
#include <string>
#include <string_view>

#include "model/run.hpp"

namespace relapse {

/// JUnit XML as Jenkins and GitLab read it: a suite for every target; classname is the family, name
/// the scenario's id ("ID on TARGET" when the run has several targets: GitLab ignores suites and
/// drops cases of the same name). relapsed is a failure, inconclusive an error, skipped and known
/// relapses are skipped with their reason, flaky passes with flakyFailure. Times in seconds with
/// three decimals.
std::string junit_xml(const Run& run);

/// Safe text as XML character data or attribute value; drops what XML 1.0 (section 2.2, Char)
/// does not allow.
std::string xml_escape(std::string_view text);

}  // namespace relapse
