#pragma once
#include <string_view>

/// Names of claims that a file gives once and that several steps bear: in a repeat, or in a
/// fragment that is used twice, what tells them apart stands in brackets behind the name:
///
///   the reply comes (step 2)            of the use in step 2
///   the reply comes (3 of 5)            in the third round
///   the reply comes (step 2, 3 of 5)    both
namespace relapse {

/// The name without those brackets.
std::string_view base_claim(std::string_view name);

/// Whether a proof that says `written` means the claim `name`: it is its name, or its name with
/// fewer or no parts in the brackets.
bool names_claim(std::string_view written, std::string_view name);

}  // namespace relapse
