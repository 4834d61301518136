#pragma once
#include <string>

namespace relapse::testing {

/// Compares byte for byte with harness/report/golden/NAME. With RELAPSE_UPDATE_GOLDEN=1 in the
/// environment the file is written instead, and the diff of the version control is the review.
void check_golden(const std::string& name, const std::string& actual);

}  // namespace relapse::testing
