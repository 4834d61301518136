#include "cli/run_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/applicable.hpp"
#include "model/sweep.hpp"

namespace relapse {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

Error bad_shard(std::string_view what, std::string hint) {
  return {ErrorKind::usage, "--shard: " + std::string(what), {}, std::move(hint)};
}

Result<Shard> checked(std::optional<int> index, std::optional<int> total, std::string_view said) {
  if (!index || !total || *total < 1 || *index < 1 || *index > *total) {
    return bad_shard("\"" + safe_text(said, 60).str() + "\" is no part of a whole",
                     "write 1/4 for the first of four");
  }
  return Shard{*index, *total};
}

/// How a CI system tells its machines apart.
struct Parts {
  const char* index;
  const char* total;
  int base;
};
constexpr std::array<Parts, 5> systems{
    {{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1},
     {"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0},
     {"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0},
     {"BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT", 0},
     {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0}}};

/// Half of a pair is an error: every machine would replay everything, and all would be green.
Result<Shard> shard_of_ci(std::string (*lookup)(const char*)) {
  for (const Parts& system : systems) {
    const std::string index = lookup(system.index);
    const std::string total = lookup(system.total);
    if (index.empty() && (total.empty() || total == "1")) {
      continue;
    }
    const std::string said =
        std::string(system.index) + "=" + index + " " + system.total + "=" + total;
    const auto at = number(index);
    return checked(at ? std::optional<int>(*at + 1 - system.base) : at, number(total), said);
  }
  return bad_shard("the environment names no part", "write --shard 1/4");
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return hash;
}

/// SplitMix64: the same numbers with every compiler, which std::shuffle does not promise.
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

}  // namespace

Result<Shard> parse_shard(std::string_view text, std::string (*lookup)(const char*)) {
  if (text == "auto") {
    return shard_of_ci(lookup);
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return checked(std::nullopt, std::nullopt, text);
  }
  return checked(number(text.substr(0, slash)), number(text.substr(slash + 1)), text);
}

int shard_of(const std::string& id, int total) {
  // Ids that differ in their last digit have like hashes: mixed once more they fall apart.
  std::uint64_t state = fnv1a(id);
  return static_cast<int>(next_random(state) % static_cast<std::uint64_t>(total)) + 1;
}

void keep_shard(std::vector<Scenario>& scenarios, const Shard& shard) {
  std::erase_if(scenarios, [&](const Scenario& scenario) {
    return shard_of(scenario.id, shard.total) != shard.index;
  });
}

void shuffle(std::vector<Scenario>& scenarios, std::uint64_t seed) {
  for (std::size_t left = scenarios.size(); left > 1; --left) {
    const std::size_t pick = next_random(seed) % left;
    std::swap(scenarios[left - 1], scenarios[pick]);
  }
}

Result<void> keep_point(std::vector<Scenario>& scenarios, Duration point) {
  bool swept = false;
  for (Scenario& scenario : scenarios) {
    if (!sweep_points(scenario).empty()) {
      scenario = at_point(std::move(scenario), point);
      swept = true;
    }
  }
  if (!swept) {
    return Error{ErrorKind::usage,
                 "--at " + duration_text(point) + ": no scenario that is selected sweeps a pause",
                 {},
                 "leave --at away"};
  }
  return {};
}

DryRun dry_run(const std::vector<Scenario>& scenarios, const std::vector<Target>& targets,
               std::optional<Plane> plane) {
  DryRun dry;
  Json list = Json::array();
  std::size_t skipped = 0;
  for (const Target& target : targets) {
    dry.text += ci_safe(target.id, 120).str() + "\n";
    for (const Scenario& scenario : scenarios) {
      const Plane where = plane_for(scenario, target, plane);
      const auto skip = skip_reason(scenario, target, where);
      const std::string id = ci_safe(scenario.id, 400).str();
      Json one{{"scenario", scenario.id},
               {"target", target.id},
               {"plane", where == Plane::asgi ? "asgi" : "wire"},
               {"runs", !skip}};
      if (skip) {
        one["reason"] = *skip;
        dry.text += "  skip  " + id + ": " + ci_safe(*skip, 300).str() + "\n";
        ++skipped;
      } else {
        dry.text += "  run   " + id + (where == Plane::asgi ? " [asgi]" : "") + "\n";
        ++dry.planned;
      }
      list.push_back(std::move(one));
    }
  }
  dry.text += std::to_string(dry.planned) + " would run, " + std::to_string(skipped) +
              " would be skipped. Nothing was sent.\n";
  dry.json = list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return dry;
}

}  // namespace relapse
