#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_ref.hpp"
#include "model/value.hpp"

namespace relapse {

/// What the evidence says. flaky exists only over several attempts.
enum class Outcome { holds, relapsed, inconclusive, skipped, flaky };

std::string_view to_string(Outcome outcome);
/// "✓ Holds", "✗ Relapsed", "? Inconclusive", "– Skipped", "≈ Flaky".
std::string_view badge(Outcome outcome);

enum class ClaimKind { expectation, never, always, count, guard };

/// One claim, judged. Names: a step's name or "step N"; a claim's name; "guard:server-error",
/// "guard:log", "guard:liveness".
struct Finding {
  std::string claim{};
  ClaimKind kind{};
  Outcome outcome{};
  std::string expected{};
  std::string observed{};
  std::vector<std::uint32_t> evidence{};  ///< event numbers
  SourceRef at{};

  bool operator==(const Finding&) const = default;
};

struct Verdict {
  Outcome outcome = Outcome::inconclusive;
  std::string reason{};  ///< one sentence: why inconclusive or skipped, or the first false claim
  std::vector<Finding> findings{};

  /// The first finding that decided the outcome; nullptr when it holds.
  const Finding* decisive() const;
  /// Names of all claims that were false on evidence.
  std::vector<std::string> relapsed_claims() const;

  bool operator==(const Verdict&) const = default;
};

Json to_json(const Verdict& verdict);
/// A verdict that cannot be read is inconclusive, with the reason; it never holds.
Verdict verdict_from_json(const Json& json);

}  // namespace relapse
