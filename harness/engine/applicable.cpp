#include "engine/applicable.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "drive/asgi_server.hpp"
#include "drive/instance.hpp"
#include "drive/resolve.hpp"

namespace relapse {
namespace {

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// By what it is, not by how it begins: "127.0.0.1.example" is a name on the internet.
bool is_loopback(const std::string& host) {
  boost::system::error_code not_an_address;
  const auto address = boost::asio::ip::make_address(host, not_an_address);
  return host == "localhost" || (!not_an_address && address.is_loopback());
}

/// Which connections are open while the steps are walked.
class OpenLanes {
 public:
  void walk(const Step& step) {
    if (step.group != group_) {
      leave_group();
      group_ = step.group;
    }
    if (std::holds_alternative<Send>(step.action)) {
      open_.insert(step.lane);
      note(0);
    }
    if (const auto* start = std::get_if<Start>(&step.action)) {
      note(start->ready == ReadyWait::none ? 0 : 1);  // whether it is ready is asked beside them
    }
    if (closes(step)) {
      ended_.push_back(step.lane);
      if (group_ < 0) {
        leave_group();
      }
    }
  }
  int most() const { return most_; }

 private:
  static bool closes(const Step& step) {
    const auto* end = std::get_if<End>(&step.action);
    const auto* expect = std::get_if<Expect>(&step.action);
    return (end != nullptr && end->kind != EndKind::half_close) ||
           (expect != nullptr && expect->selector.kind == SelectorKind::end);
  }
  /// Steps side by side: only when all branches are through is it known who has ended.
  void leave_group() {
    for (const std::string& lane : ended_) {
      open_.erase(lane);
    }
    ended_.clear();
  }
  void note(int more) { most_ = std::max(most_, static_cast<int>(open_.size()) + more); }

  std::set<std::string> open_;
  std::vector<std::string> ended_;
  int group_ = -1;
  int most_ = 0;
};

std::optional<std::string> too_many_connections(const Scenario& scenario, const Target& target) {
  const int allowed = target.limits.connections;
  const auto complaint = [&](const std::string& who, const std::vector<Step>& steps) {
    const int needed = connections_at_once(steps);
    return allowed > 0 && needed > allowed
               ? std::optional(who + " has " + std::to_string(needed) +
                               " connections open at once, and the target allows " +
                               std::to_string(allowed))
               : std::nullopt;
  };
  if (auto why = complaint("the scenario", scenario.steps)) {
    return why;
  }
  for (const Probe& probe : target.probes) {
    if (auto why = complaint("the probe \"" + probe.name + "\"", probe.steps)) {
      return why;
    }
  }
  return std::nullopt;
}

}  // namespace

int connections_at_once(const std::vector<Step>& steps) {
  OpenLanes lanes;
  for (const Step& step : steps) {
    lanes.walk(step);
  }
  return lanes.most();
}

Plane plane_for(const Scenario& scenario, const Target& target, std::optional<Plane> asked) {
  if (asked) {
    return *asked;
  }
  return needs_asgi(scenario) || target.address.empty() ? Plane::asgi : Plane::wire;
}

namespace {

/// Why the scenario cannot be replayed on this plane of the target.
std::optional<std::string> off_plane(const Scenario& scenario, const Target& target, Plane plane) {
  if (plane == Plane::asgi) {
    return target.asgi ? not_on_asgi(scenario)
                       : std::optional<std::string>("the target is no ASGI application");
  }
  if (needs_asgi(scenario)) {
    return "the scenario calls the application itself: it needs the ASGI plane";
  }
  if (target.address.empty()) {
    return "the target has no address";
  }
  if (needs_launch(scenario) && !target.launch) {
    return "the scenario starts or stops the target, which has no launch command";
  }
  if (needs_log(scenario) && target.logs.empty()) {
    return "the scenario reads the log, and the target has no log source";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> skip_reason(const Scenario& scenario, const Target& target,
                                       Plane plane) {
  for (const std::string& needed : scenario.required) {
    const bool built_in = (needed == "launch" && (target.launch || plane == Plane::asgi)) ||
                          (needed == "log" && (!target.logs.empty() || plane == Plane::asgi));
    if (!built_in && !has(target.provides, needed)) {
      return "the target does not provide \"" + needed + "\"";
    }
  }
  if (auto why = off_plane(scenario, target, plane)) {
    return why;
  }
  if (target.is_protected && has(scenario.tags, "destructive")) {
    return "the target is protected and the scenario is tagged destructive";
  }
  for (const std::string& name : references(scenario)) {
    if (name.starts_with("token:") && !target.tokens.contains(name.substr(6))) {
      return "the target has no token recipe \"" + name.substr(6) + "\"";
    }
    if (name.starts_with("public_key:") && !target.keys.contains(name.substr(11))) {
      return "the target has no key \"" + name.substr(11) + "\"";
    }
  }
  return plane == Plane::asgi ? std::nullopt : too_many_connections(scenario, target);
}

Result<void> check_host_allowed(const Target& target,
                                const std::vector<std::string>& also_allowed) {
  if (target.address.empty()) {
    return {};  // nothing is sent over a network
  }
  auto address = parse_address(target.address);
  if (!address) {
    Error error = std::move(address).error();
    error.at.file = target.file;
    return error;
  }
  const std::string& host = address->host;
  if (is_loopback(host) || has(target.allow_hosts, host) || has(also_allowed, host)) {
    return {};
  }
  return Error{ErrorKind::usage,
               "target " + target.id + ": host " + host + " is not allowed; nothing was sent",
               {target.file, 0, 0},
               "list it under \"allow_hosts\" in the target file or pass --allow-host " + host};
}

Result<const Fault*> find_fault(const Target& target, const std::string& name) {
  const auto found = target.faults.find(name);
  if (found != target.faults.end()) {
    return &found->second;
  }
  std::vector<std::string_view> names;
  for (const auto& [known, fault] : target.faults) {
    names.push_back(known);
  }
  const auto near = did_you_mean(name, names);
  return Error{ErrorKind::usage,
               "target " + target.id + " has no fault \"" + name + "\"",
               {target.file, 0, 0},
               near ? "did you mean \"" + *near + "\"?" : ""};
}

}  // namespace relapse
