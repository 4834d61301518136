#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/scenario.hpp"
#include "model/target.hpp"

namespace relapse {

/// One part of a suite that several machines share.
struct Shard {
  int index = 1;  ///< from 1
  int total = 1;
};

/// "2/4". With "auto": what the CI system says (GitLab, Buildkite, CircleCI, Bitbucket, Bazel); an
/// error when it says nothing or only half. `lookup` reads the environment.
Result<Shard> parse_shard(std::string_view text, std::string (*lookup)(const char*));

/// The shard that a scenario belongs to, from 1. Depends on its id alone, so that a scenario stays
/// where it is when others come and go.
int shard_of(const std::string& id, int total);

/// Only those of the shard.
void keep_shard(std::vector<Scenario>& scenarios, const Shard& shard);

/// Another order, the same for the same seed on every machine.
void shuffle(std::vector<Scenario>& scenarios, std::uint64_t seed);

/// Replays only this point of each sweep. An error when no scenario sweeps.
Result<void> keep_point(std::vector<Scenario>& scenarios, Duration point);

/// What would be replayed, and what would be skipped and why. `planned` counts the former.
struct DryRun {
  std::string text{};  ///< for people
  std::string json{};
  std::size_t planned = 0;
};
DryRun dry_run(const std::vector<Scenario>& scenarios, const std::vector<Target>& targets,
               std::optional<Plane> plane);

}  // namespace relapse
