#include "cli/run_plan.hpp"

#include <map>
#include <set>

#include "catch.hpp"

namespace relapse {
namespace {

std::map<std::string, std::string> variables;
std::string lookup(const char* name) {
  const auto found = variables.find(name);
  return found == variables.end() ? "" : found->second;
}

std::vector<Scenario> numbered(int count) {
  std::vector<Scenario> scenarios(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    scenarios[i].id = "family/scenario-" + std::to_string(i);
  }
  return scenarios;
}

std::vector<std::string> ids(const std::vector<Scenario>& scenarios) {
  std::vector<std::string> ids;
  for (const Scenario& scenario : scenarios) {
    ids.push_back(scenario.id);
  }
  return ids;
}

}  // namespace

TEST_CASE("shard: i/n, from 1 to n", "[cli]") {
  const auto second = parse_shard("2/4", lookup);
  REQUIRE(second);
  CHECK(second->index == 2);
  CHECK(second->total == 4);
  for (const char* wrong : {"", "2", "0/4", "5/4", "1/0", "-1/4", "a/b", "1/4x", "1//4", "2/ 4"}) {
    INFO(wrong);
    CHECK(!parse_shard(wrong, lookup));
  }
}

TEST_CASE("shard: from what CI systems say, whatever they count from", "[cli]") {
  variables = {{"CI_NODE_INDEX", "2"}, {"CI_NODE_TOTAL", "4"}};
  CHECK(parse_shard("auto", lookup)->index == 2);
  variables = {{"CIRCLE_NODE_INDEX", "0"}, {"CIRCLE_NODE_TOTAL", "3"}};
  CHECK(parse_shard("auto", lookup)->index == 1);
  variables = {{"TEST_SHARD_INDEX", "2"}, {"TEST_TOTAL_SHARDS", "3"}};
  CHECK(parse_shard("auto", lookup)->index == 3);
  variables = {{"CIRCLE_NODE_TOTAL", "3"}};
  CHECK(!parse_shard("auto", lookup));
  variables = {{"BUILDKITE_PARALLEL_JOB", "1"}};
  CHECK(!parse_shard("auto", lookup));
  variables = {};
  CHECK(!parse_shard("auto", lookup));
}

TEST_CASE("shard: every scenario belongs to one, evenly, and stays there", "[cli]") {
  const std::vector<Scenario> all = numbered(400);
  std::set<std::string> seen;
  for (int i = 1; i <= 4; ++i) {
    std::vector<Scenario> part = all;
    keep_shard(part, {i, 4});
    CHECK(part.size() > 70);
    CHECK(part.size() < 130);
    for (const std::string& id : ids(part)) {
      CHECK(seen.insert(id).second);
    }
  }
  CHECK(seen.size() == 400);
  // Machines with different versions must agree: these numbers are part of the format.
  CHECK(shard_of("lifecycle/crash-closes-1011", 4) == 4);
  CHECK(shard_of("protocol/bad-utf8", 4) == 1);
  CHECK(shard_of("lifecycle/crash-closes-1011", 7) == 7);
  CHECK(shard_of("", 1) == 1);
}

TEST_CASE("seed: the order follows from it", "[cli]") {
  std::vector<Scenario> a = numbered(30), b = numbered(30), c = numbered(30);
  shuffle(a, 7);
  shuffle(b, 7);
  shuffle(c, 8);
  CHECK(ids(a) == ids(b));
  CHECK(ids(a) != ids(c));
  CHECK(ids(a) != ids(numbered(30)));
  const auto order = ids(a);
  CHECK(std::set<std::string>(order.begin(), order.end()).size() == 30);
}

TEST_CASE("dry run: says what would be skipped, and why", "[cli]") {
  std::vector<Scenario> scenarios = numbered(2);
  scenarios[1].required = {"teleport"};
  Target target;
  target.id = "here";
  target.address = "http://127.0.0.1:1";
  const DryRun dry = dry_run(scenarios, {target}, std::nullopt);
  CHECK(dry.planned == 1);
  CHECK(dry.text.find("  run   family/scenario-0\n") != std::string::npos);
  CHECK(dry.text.find("  skip  family/scenario-1: ") != std::string::npos);
  CHECK(dry.text.find("1 would run, 1 would be skipped. Nothing was sent.\n") != std::string::npos);
  CHECK(dry.json.find("\"runs\": false") != std::string::npos);
}

}  // namespace relapse
