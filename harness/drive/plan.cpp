#include "drive/plan.hpp"

#include "base/clock.hpp"
#include "drive/http_client.hpp"
#include "drive/resolve.hpp"

namespace relapse {

Result<Plan> make_plan(const Scenario& scenario, const Instance& instance) {
  Plan plan;
  plan.variables = instance.variables();
  plan.variables["nonce"] = random_hex(6);
  auto outside =
      outside_variables(references(scenario), instance.target(), plan.variables, instance.keys());
  if (!outside) {
    return std::move(outside).error();
  }
  Variables all = plan.variables;
  all.insert(outside->begin(), outside->end());
  plan.scenario = scenario;
  for (Step& step : plan.scenario.steps) {
    step = resolve(std::move(step), all);
  }
  plan.defaults.host = instance.address().host + ":" + instance.address().port;
  plan.defaults.headers = instance.target().headers;
  for (Header& header : plan.defaults.headers) {
    header.value = substitute(header.value, all);
  }
  plan.defaults.user_agent = user_agent;
  if (instance.target().trace_headers) {
    plan.defaults.trace_id = random_hex(16);
  }
  return plan;
}

Result<Plan> make_probe_plan(const Probe& probe, const Instance& instance) {
  Scenario scenario;
  scenario.id = "probe:" + probe.name;
  scenario.steps = probe.steps;
  scenario.guards = Guards{false, false, false};
  auto plan = make_plan(scenario, instance);
  if (plan) {
    plan->defaults.trace_id.clear();  // its log lines belong to no replay
  }
  return plan;
}

}  // namespace relapse
