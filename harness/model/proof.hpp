#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace relapse {

/// What replaying a scenario on the fixed target and on the broken one showed.
enum class ProofResult {
  discriminates,     ///< holds when fixed, relapses through the named claim when broken
  misses,            ///< does not relapse on the broken target, or through another claim
  fails_when_fixed,  ///< does not hold on the fixed target
  inconclusive,      ///< one of the two replays was inconclusive
};
std::string_view to_string(ProofResult result);

struct ProofRecord {
  std::string target{};
  std::string fault{};
  std::string claim{};  ///< the claim it relapsed through
  ProofResult result{};
  std::string detail{};
  bool operator==(const ProofRecord&) const = default;
};

/// Stored beside the scenario's file NAME.json as NAME.proof.json, those of a file with cases
/// together. Stale when digest differs from the scenario's.
struct Proof {
  std::string scenario{};
  std::string digest{};
  std::string proved{};  ///< date, UTC
  std::vector<ProofRecord> records{};
  bool operator==(const Proof&) const = default;
};

Json to_json(const Proof& proof);
Result<Proof> proof_from_json(const Json& json);

/// Those of a file with cases.
Json to_json(const std::vector<Proof>& proofs);
/// What either of the two wrote.
Result<std::vector<Proof>> proofs_from_json(const Json& json);

}  // namespace relapse
