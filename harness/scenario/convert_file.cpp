#include <charconv>
#include <nlohmann/json.hpp>
#include <system_error>

#include "scenario/convert.hpp"
#include "scenario/schema_table.hpp"

// The top levels: scenario and target.

namespace relapse {
namespace {

Incident convert_incident(const Node& node) {
  return {.ref = text(node, "ref"),
          .seen = text(node, "seen"),
          .story = text(node, "story"),
          .evidence = text(node, "evidence"),
          .fix = text(node, "fix"),
          .spec = text(node, "spec")};
}

void convert_claims(const Node& root, std::string_view list, Claim::Kind kind, Scenario& scenario,
                    const Conversion& conversion) {
  const Node* claims = root.find(list);
  for (std::size_t i = 0; claims != nullptr && i < claims->items.size(); ++i) {
    const Node& node = claims->items[i];
    Claim claim;
    claim.kind = kind;
    claim.name = text(node, "name", std::string(list) + " " + std::to_string(i + 1));
    const Node* of = node.find("of");
    claim.selector = convert_selector(of != nullptr ? *of : node, text(node, "on"), conversion);
    if (const Node* is = kind == Claim::Kind::count ? node.find("is") : nullptr) {
      claim.count = {Value(to_json(*is)), source(*is, conversion)};
    }
    claim.if_observed = flag(node, "if_observed", false);
    claim.at = source(node, conversion);
    scenario.claims.push_back(std::move(claim));
  }
}

void convert_proof(const Node& root, Scenario& scenario, const Conversion& conversion) {
  const Node* proof = root.find("proof");
  const Node* entries = proof != nullptr ? proof->find("relapses_on") : nullptr;
  if (entries == nullptr) {
    return;
  }
  for (const Node& entry : entries->items) {
    const bool plain = entry.is(Node::Kind::string);
    scenario.proof.push_back({plain ? entry.text : text(entry, "fault"),
                              plain ? std::string{} : text(entry, "claim"),
                              source(entry, conversion)});
  }
}

Launch convert_launch(const Node& node, Conversion& conversion) {
  Launch launch;
  launch.command = texts(node, "command");
  launch.cwd = absolute_path(text(node, "cwd"), conversion);
  launch.env = environment(node, "env");
  launch.files = file_contents(node, "files");
  if (const Node* ready = node.find("ready")) {
    const Node* request = ready->find("request");
    launch.ready_request = convert_request(request != nullptr ? *request : *ready, conversion);
    launch.ready_status = small_number(*ready, "status", launch.ready_status);
    launch.ready_within = time_of(*ready, "within").value_or(launch.ready_within);
  }
  if (const Node* stop = node.find("stop")) {
    if (stop->find("signal") != nullptr) {
      launch.stop_signal = schema::signal_number(text(*stop, "signal"));
    }
    launch.stop_within = time_of(*stop, "within").value_or(launch.stop_within);
    if (const Node* exits = stop->find("exit")) {
      launch.stop_exit.clear();
      for (const Node& code : exits->items) {
        int value = 0;
        std::from_chars(code.text.data(), code.text.data() + code.text.size(), value);
        launch.stop_exit.push_back(value);
      }
    }
  }
  return launch;
}

Identity convert_identity(const Node& node, Conversion& conversion) {
  Identity identity;
  const Node* request = node.find("request");
  identity.request = convert_request(request != nullptr ? *request : node, conversion);
  identity.grows = node.find("grows") != nullptr;
  identity.pointer = text(node, identity.grows ? "grows" : "same");
  return identity;
}

Limits convert_limits(const Node& node) {
  return {.connections = small_number(node, "connections", 0),
          .per_second = static_cast<double>(small_number(node, "per_second", 0))};
}

Tls convert_tls(const Node& node, const Conversion& conversion) {
  const auto file = [&](std::string_view key) {
    const std::string path = text(node, key);
    return path.empty() ? path : absolute_path(path, conversion);
  };
  return {.ca = file("ca"),
          .cert = file("cert"),
          .key = file("key"),
          .server_name = text(node, "server_name"),
          .min_version = text(node, "min_version", "1.2"),
          .verify = flag(node, "verify", true)};
}

TokenRecipe convert_token(const Node& node) {
  TokenRecipe recipe;
  recipe.algorithm = text(node, "algorithm", recipe.algorithm);
  recipe.secret = text(node, "secret");
  recipe.key = text(node, "key");
  const Node* claims = node.find("claims");
  recipe.claims = Value(claims != nullptr ? to_json(*claims) : Json::object());
  const Node* header = node.find("header");
  recipe.header = Value(header != nullptr ? to_json(*header) : Json::object());
  recipe.garble = text(node, "garble");
  return recipe;
}

Fault convert_fault(const Node& node, const Conversion& conversion) {
  Fault fault;
  fault.title = text(node, "title");
  fault.env = environment(node, "env");
  fault.args = texts(node, "args");
  if (node.find("command") != nullptr) {
    fault.command = texts(node, "command");
  }
  if (const Node* revision = node.find("revision")) {
    fault.revision = Revision{absolute_path(text(*revision, "repository", "."), conversion),
                              text(*revision, "commit"), texts(*revision, "build")};
  }
  if (const Node* unseen = node.find("unseen_by")) {
    for (const Member& one : unseen->members) {
      fault.unseen_by[one.key] = one.value.text;
    }
  }
  fault.at = source(node, conversion);
  return fault;
}

void convert_logs(const Node& root, Target& target, const Conversion& conversion) {
  if (const Node* logs = root.find("logs")) {
    for (const Node& log : logs->items) {
      LogSource source;
      if (const Node* file = log.find("file")) {
        source.kind = LogSource::Kind::file;
        source.path = absolute_path(file->text, conversion);
      } else if (log.find("command") != nullptr) {
        source.kind = LogSource::Kind::command;
        source.command = texts(log, "command");
        source.cwd = absolute_path({}, conversion);
      }
      target.logs.push_back(std::move(source));
    }
  }
  if (const Node* mark = root.find("log_mark")) {
    LogMark converted;
    converted.path = text(*mark, "path");
    converted.within = time_of(*mark, "within").value_or(converted.within);
    target.log_mark = converted;
  }
  if (const Node* signatures = root.find("fault_signatures")) {
    for (const Node& one : signatures->items) {
      target.fault_signatures.push_back(
          {text(one, "name"), text(one, "contains"), flag(one, "late", false)});
    }
  }
  target.log_settle = time_of(root, "log_settle").value_or(std::chrono::milliseconds{200});
}

}  // namespace

std::string absolute_path(const std::string& path, const Conversion& conversion) {
  if (path.starts_with("${")) {
    return path;
  }
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(conversion.file, ignored).parent_path();
  auto result = (folder / path).lexically_normal();
  return result.has_filename() ? result.string() : result.parent_path().string();
}

Scenario convert_scenario(const Node& root, Conversion& conversion) {
  Scenario scenario;
  scenario.file = conversion.file.generic_string();
  scenario.title = text(root, "title");
  if (const Node* incident = root.find("incident")) {
    scenario.incident = convert_incident(*incident);
  }
  scenario.tags = texts(root, "tags");
  scenario.aliases = texts(root, "aliases");
  scenario.required = texts(root, "requires");
  scenario.within = time_of(root, "within").value_or(scenario.within);
  scenario.budget = time_of(root, "budget").value_or(scenario.budget);
  if (const Node* repeat = root.find("repeat")) {
    scenario.repeat.times = small_number(*repeat, "times", 1);
    scenario.repeat.at_least = small_number(*repeat, "at_least", scenario.repeat.times);
  }
  scenario.virtual_clock = text(root, "clock") == "virtual";
  if (const Node* steps = root.find("steps")) {
    scenario.steps = convert_steps(*steps, conversion);
  }
  convert_claims(root, "never", Claim::Kind::never, scenario, conversion);
  convert_claims(root, "always", Claim::Kind::always, scenario, conversion);
  convert_claims(root, "count", Claim::Kind::count, scenario, conversion);
  if (const Node* guards = root.find("guards")) {
    scenario.guards.server_error = flag(*guards, "server_error", true);
    scenario.guards.log = flag(*guards, "log", true);
    scenario.guards.liveness = flag(*guards, "liveness", true);
    scenario.guards.exception = flag(*guards, "exception", true);
    scenario.guards.protocol = flag(*guards, "protocol", true);
  }
  convert_proof(root, scenario, conversion);
  return scenario;
}

Target convert_target(const Node& root, Conversion& conversion) {
  Target target;
  target.id = conversion.file.stem().string();
  target.file = conversion.file.generic_string();
  target.title = text(root, "title");
  target.address = text(root, "address");
  if (const Node* tls = root.find("tls")) {
    target.tls = convert_tls(*tls, conversion);
  }
  target.headers = headers(root, "headers");
  target.provides = texts(root, "provides");
  if (const Node* launch = root.find("launch")) {
    target.launch = convert_launch(*launch, conversion);
  }
  if (const Node* asgi = root.find("asgi")) {
    target.asgi = convert_asgi_app(*asgi, conversion);
  }
  if (const Node* probes = root.find("probes")) {
    for (const Member& probe : probes->members) {
      target.probes.push_back(
          {probe.key, convert_steps(probe.value, conversion), source(probe.value, conversion)});
    }
  }
  if (const Node* identity = root.find("identity")) {
    target.identity = convert_identity(*identity, conversion);
  }
  if (const Node* limits = root.find("limits")) {
    target.limits = convert_limits(*limits);
  }
  target.trace_headers = flag(root, "trace_headers", true);
  convert_logs(root, target, conversion);
  if (const Node* keys = root.find("keys")) {
    for (const Member& key : keys->members) {
      const Node* file = key.value.find("file");
      target.keys[key.key] = {
          text(key.value, "type") == "EC" ? TokenKey::Type::ec : TokenKey::Type::rsa,
          file != nullptr ? absolute_path(file->text, conversion) : std::string()};
    }
  }
  if (const Node* tokens = root.find("tokens")) {
    for (const Member& token : tokens->members) {
      target.tokens[token.key] = convert_token(token.value);
    }
  }
  if (const Node* faults = root.find("faults")) {
    for (const Member& fault : faults->members) {
      target.faults[fault.key] = convert_fault(fault.value, conversion);
    }
  }
  if (const Node* known = root.find("known")) {
    for (const Node& one : known->items) {
      target.known.push_back({text(one, "scenario"), text(one, "reason"), text(one, "until")});
    }
  }
  target.allow_hosts = texts(root, "allow_hosts");
  target.is_protected = flag(root, "protected", false);
  target.version_command = texts(root, "version_command");
  return target;
}

}  // namespace relapse
