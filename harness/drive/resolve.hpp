#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/result.hpp"
#include "codec/signing.hpp"
#include "match/selector.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

namespace relapse {

/// Calls `edit` on every string of the step that may hold ${...}.
void for_each_string(Step& step, const std::function<void(std::string&)>& edit);
void for_each_string(HttpRequest& request, const std::function<void(std::string&)>& edit);

/// The step with every ${name} that is known replaced. Names that are not known yet (captures)
/// stay.
Step resolve(Step step, const Variables& variables);

/// Every name inside ${...}, in steps and claims.
std::set<std::string> references(const Scenario& scenario);
std::set<std::string> references(const std::vector<Step>& steps);

/// Every name that the target's own settings use: headers, launch, readiness,
/// fault, TLS and log sources.
/// `fault` may be null.
std::set<std::string> references(const Target& target, const Fault* fault);

/// The key pairs of a target, by name.
using KeyRing = std::map<std::string, KeyPair>;
/// Reads those that have a file and makes the others.
Result<KeyRing> make_keys(const Target& target);

/// Values for all references that do not come from captures: token:, env:, secret:. `known` holds
/// nonce, port, public_key: and the like; recipes may use them.
Result<Variables> outside_variables(const std::set<std::string>& names, const Target& target,
                                    const Variables& known, const KeyRing& keys);

}  // namespace relapse
