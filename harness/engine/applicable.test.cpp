#include "engine/applicable.hpp"

#include "catch.hpp"

using namespace relapse;

namespace {

Step on(std::string lane, Action action, int group = -1, int branch = 0) {
  Step step;
  step.lane = std::move(lane);
  step.action = std::move(action);
  step.group = group;
  step.branch = branch;
  return step;
}

Step sends(std::string lane, int group = -1, int branch = 0) {
  return on(std::move(lane), Send{SendText{"x"}, {}, {}}, group, branch);
}

Step ends(std::string lane, EndKind kind = EndKind::fin, int group = -1, int branch = 0) {
  return on(std::move(lane), End{kind}, group, branch);
}

Step sees_end(std::string lane) {
  Expect expect;
  expect.selector.kind = SelectorKind::end;
  expect.selector.lane = lane;
  return on(std::move(lane), expect);
}

struct Row {
  int needed;
  std::vector<Step> steps;
};

std::vector<Row> rows() {
  return {{0, {}},
          {1, {sends("a"), sends("a")}},
          {2, {sends("a"), sends("b")}},
          {1, {sends("a"), ends("a"), sends("b")}},
          {1, {sends("a"), ends("a", EndKind::rst), sends("b")}},
          {2, {sends("a"), ends("a", EndKind::half_close), sends("b")}},
          {1, {sends("a"), sees_end("a"), sends("b")}},
          {2, {sends("a"), ends("a"), sends("b"), sends("c")}},
          // Side by side: the order of their ends is not known.
          {2, {sends("a", 0, 0), ends("a", EndKind::fin, 0, 0), sends("b", 0, 1)}},
          {1, {sends("a", 0, 0), ends("a", EndKind::fin, 0, 0), sends("b")}},
          // A start asks whether it is ready, on a connection of its own.
          {1, {on("main", Start{})}},
          {2, {sends("a"), on("main", Start{})}}};
}

bool allowed(const std::string& address, std::vector<std::string> listed = {}) {
  Target target;
  target.id = "t";
  target.address = address;
  target.allow_hosts = std::move(listed);
  return check_host_allowed(target, {}).has_value();
}

}  // namespace

TEST_CASE("allowed hosts: loopback is an address, not the beginning of a name", "[engine]") {
  CHECK(allowed("ws://127.0.0.1:80"));
  CHECK(allowed("ws://127.8.9.1:80"));
  CHECK(allowed("wss://[::1]:443"));
  CHECK(allowed("http://localhost"));
  CHECK_FALSE(allowed("http://127.0.0.1.example"));
  CHECK_FALSE(allowed("http://127.example:80"));
  CHECK_FALSE(allowed("http://localhost.example"));
  CHECK_FALSE(allowed("http://10.0.0.1"));
  CHECK_FALSE(allowed("http://[::2]:80"));
  CHECK_FALSE(allowed("http://0.0.0.0:80"));
  CHECK_FALSE(allowed("http://user@127.0.0.1:80"));
}

TEST_CASE("allowed hosts: another host must be listed, by its whole name", "[engine]") {
  CHECK(allowed("http://staging.example", {"staging.example"}));
  CHECK_FALSE(allowed("http://staging.example", {"staging"}));
  CHECK_FALSE(allowed("http://x.staging.example", {"staging.example"}));
}

TEST_CASE("applicable: how many connections are open at once", "[engine]") {
  for (const Row& row : rows()) {
    CAPTURE(&row - rows().data(), row.steps.size());
    CHECK(connections_at_once(row.steps) == row.needed);
  }
}

TEST_CASE("applicable: a scenario or a probe that needs more than the limit is skipped",
          "[engine]") {
  Scenario scenario;
  scenario.steps = {sends("a"), sends("b"), sends("c")};
  Target target;
  target.address = "ws://127.0.0.1:1";
  CHECK_FALSE(skip_reason(scenario, target));
  target.limits.connections = 3;
  CHECK_FALSE(skip_reason(scenario, target));
  target.limits.connections = 2;
  CHECK(skip_reason(scenario, target) ==
        "the scenario has 3 connections open at once, and the target allows 2");
  scenario.steps = {sends("a")};
  CHECK_FALSE(skip_reason(scenario, target));
  target.probes = {{"echo", {sends("a"), sends("b"), sends("c")}, {}}};
  CHECK(skip_reason(scenario, target) ==
        "the probe \"echo\" has 3 connections open at once, and the target allows 2");
}
