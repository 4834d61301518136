#pragma once
#include <string>
#include <vector>

#include "engine/interrupt.hpp"
#include "model/target.hpp"

namespace relapse {

/// How something is: in order, in disorder, or impossible to find out; `note` is neither.
enum class Sign { good, bad, unknown, note };

/// One thing that was looked at, and what to do when it is not in order.
struct Symptom {
  Sign sign = Sign::good;
  std::string subject{};  ///< "probe echo"
  std::string text{};
  std::string advice{};
};

/// Tries one plane of a target out, without a scenario: is it there and ready, do its probes work,
/// is its log alive, do the clocks agree, is its certificate valid, does it stop as it should.
std::vector<Symptom> examine(const Target& target, Plane plane, Interrupt* interrupt);

}  // namespace relapse
