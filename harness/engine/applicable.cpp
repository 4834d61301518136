#include "engine/applicable.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string_view>

#include "base/text.hpp"
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

}  // namespace

std::optional<std::string> skip_reason(const Scenario& scenario, const Target& target) {
  for (const std::string& needed : scenario.required) {
    const bool built_in =
        (needed == "launch" && target.launch) || (needed == "log" && !target.logs.empty());
    if (!built_in && !has(target.provides, needed)) {
      return "the target does not provide \"" + needed + "\"";
    }
  }
  if (needs_launch(scenario) && !target.launch) {
    return "the scenario starts or stops the target, which has no launch command";
  }
  if (needs_log(scenario) && target.logs.empty()) {
    return "the scenario reads the log, and the target has no log source";
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
  return std::nullopt;
}

Result<void> check_host_allowed(const Target& target,
                                const std::vector<std::string>& also_allowed) {
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
