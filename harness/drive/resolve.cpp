#include "drive/resolve.hpp"

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "codec/token.hpp"

namespace relapse {
namespace {

using Edit = std::function<void(std::string&)>;

void edit_json(Json& json, const Edit& edit) {
  if (json.is_string()) {
    edit(json.get_ref<std::string&>());
  } else if (json.is_structured()) {
    for (Json& child : json) {
      edit_json(child, edit);
    }
  }
}

void edit_value(Value& value, const Edit& edit) {
  Json json = value.json();
  edit_json(json, edit);
  value = Value(std::move(json));
}

void edit_octets(Octets& octets, const Edit& edit) {
  if (octets.has_variables) {
    edit(octets.data);
  }
}

struct EditSend {
  const Edit& edit;
  void operator()(SendUpgrade& send) const {
    for_each_string(send.request, edit);
    if (send.version) {
      edit(*send.version);
    }
    if (send.key) {
      edit(*send.key);
    }
  }
  void operator()(SendRequest& send) const { for_each_string(send.request, edit); }
  void operator()(SendText& send) const { edit(send.text); }
  void operator()(SendJson& send) const { edit_value(send.json, edit); }
  void operator()(SendBinary& send) const { edit_octets(send.payload, edit); }
  void operator()(SendPing& send) const { edit_octets(send.payload, edit); }
  void operator()(SendPong& send) const { edit_octets(send.payload, edit); }
  void operator()(SendClose& send) const { edit(send.reason); }
  void operator()(SendFrame& send) const { edit_octets(send.payload, edit); }
  void operator()(SendBytes& send) const { edit_octets(send.data, edit); }
};

struct EditAction {
  const Edit& edit;
  void operator()(Send& send) const { std::visit(EditSend{edit}, send.what); }
  void operator()(Expect& expect) const { edit_value(expect.selector.pattern.json, edit); }
  void operator()(Start& start) const {
    for (auto& [name, value] : start.env) {
      if (value) {
        edit(*value);
      }
    }
    for (std::string& argument : start.args) {
      edit(argument);
    }
    for (auto& [name, content] : start.files) {
      edit(content);
    }
  }
  void operator()(End&) const {}
  void operator()(Pause&) const {}
  void operator()(Signal&) const {}
  void operator()(Stop&) const {}
  void operator()(Call& call) const {
    for (ScopeEdit& change : call.edits) {
      edit_value(change.value, edit);
    }
  }
  void operator()(Receive& receive) const { edit_value(receive.event, edit); }
  void operator()(FailSend& fail) const { edit(fail.message); }
  void operator()(HoldSend&) const {}
  void operator()(ReleaseSend&) const {}
  void operator()(Disconnect& gone) const { edit(gone.reason); }
  void operator()(Cancel&) const {}
};

void collect(const std::string& text, std::set<std::string>& names) {
  for (std::size_t open = text.find("${"); open != std::string::npos;
       open = text.find("${", open + 2)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) {
      return;
    }
    names.insert(text.substr(open + 2, close - open - 2));
  }
}

Result<std::string> token(const std::string& name, const Target& target, const Variables& known,
                          const KeyRing& keys) {
  const auto found = target.tokens.find(name);
  if (found == target.tokens.end()) {
    return Error{ErrorKind::usage,
                 "target \"" + target.id + "\" has no token recipe \"" + name + "\"",
                 {target.file, 0, 0},
                 "add it under \"tokens\" in the target file"};
  }
  TokenRecipe recipe = found->second;
  std::set<std::string> names;
  const Edit note = [&](std::string& text) { collect(text, names); };
  edit_value(recipe.claims, note);
  note(recipe.secret);
  auto inner = outside_variables(names, target, known, keys);
  if (!inner) {
    return std::move(inner).error();
  }
  inner->insert(known.begin(), known.end());
  const Edit fill = [&](std::string& text) { text = substitute(text, *inner); };
  edit_value(recipe.claims, fill);
  fill(recipe.secret);
  const auto key = keys.find(recipe.key);
  auto made = make_token(recipe, std::chrono::system_clock::now(),
                         key != keys.end() ? key->second.private_pem : std::string());
  if (!made) {
    Error error = std::move(made).error();
    error.message = "token \"" + name + "\": " + error.message;
    error.at.file = target.file;
    return error;
  }
  return made;
}

Result<std::string> environment(const std::string& reference, const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) {
    return Error{ErrorKind::usage,
                 "${" + reference + "} needs the environment variable " + name,
                 {},
                 "export " + name + " before the run"};
  }
  return std::string(value);
}

}  // namespace

void for_each_string(HttpRequest& request, const Edit& edit) {
  edit(request.method);
  edit(request.path);
  for (auto& [name, value] : request.query) {
    edit(name);
    edit(value);
  }
  for (Header& header : request.headers) {
    edit(header.name);
    edit(header.value);
  }
  edit_octets(request.body, edit);
  if (request.json_body) {
    edit_value(*request.json_body, edit);
  }
}

void for_each_string(Step& step, const Edit& edit) {
  std::visit(EditAction{edit}, step.action);
}

Step resolve(Step step, const Variables& variables) {
  for_each_string(step, [&](std::string& text) { text = substitute(text, variables); });
  return step;
}

std::set<std::string> references(const std::vector<Step>& steps) {
  std::set<std::string> names;
  for (Step step : steps) {
    for_each_string(step, [&](std::string& text) { collect(text, names); });
  }
  return names;
}

std::set<std::string> references(const Scenario& scenario) {
  std::set<std::string> names = references(scenario.steps);
  for (const Claim& claim : scenario.claims) {
    collect(claim.selector.pattern.json.dump(), names);
  }
  return names;
}

std::set<std::string> references(const Target& target, const Fault* fault) {
  std::set<std::string> names;
  const auto all = [&](const auto& texts) {
    for (const std::string& text : texts) {
      collect(text, names);
    }
  };
  const auto environment = [&](const auto& env) {
    for (const auto& [name, value] : env) {
      collect(value.value_or(""), names);
    }
  };
  for (const Header& header : target.headers) {
    collect(header.value, names);
  }
  for (const LogSource& source : target.logs) {
    collect(source.path, names);
    all(source.command);
  }
  all(std::initializer_list<std::string>{target.tls.ca, target.tls.cert, target.tls.key});
  if (target.launch) {
    all(target.launch->command);
    environment(target.launch->env);
    HttpRequest ready = target.launch->ready_request;
    for_each_string(ready, [&](std::string& text) { collect(text, names); });
    for (const auto& [name, content] : target.launch->files) {
      collect(content, names);
    }
  }
  if (target.asgi) {
    all(target.asgi->python);
    environment(target.asgi->env);
    for (const auto& [name, content] : target.asgi->files) {
      collect(content, names);
    }
  }
  if (fault != nullptr) {
    all(fault->args);
    all(fault->command.value_or(std::vector<std::string>{}));
    environment(fault->env);
  }
  return names;
}

Result<KeyRing> make_keys(const Target& target) {
  KeyRing keys;
  for (const auto& [name, key] : target.keys) {
    if (key.file.empty()) {
      keys[name] = generate_key(key.type);
      continue;
    }
    auto pem = read_file(key.file);
    if (!pem) {
      return std::move(pem).error();
    }
    auto pair = read_key(*pem);
    if (!pair) {
      Error error = std::move(pair).error();
      error.message = "key \"" + name + "\", " + key.file + ": " + error.message;
      error.at.file = target.file;
      return error;
    }
    keys[name] = std::move(*pair);
  }
  return keys;
}

Result<Variables> outside_variables(const std::set<std::string>& names, const Target& target,
                                    const Variables& known, const KeyRing& keys) {
  Variables values;
  for (const std::string& name : names) {
    const std::size_t colon = name.find(':');
    if (colon == std::string::npos || known.contains(name)) {
      continue;
    }
    const std::string kind = name.substr(0, colon);
    const std::string rest = name.substr(colon + 1);
    auto value = kind == "token" ? token(rest, target, known, keys) : environment(name, rest);
    if (!value) {
      return std::move(value).error();
    }
    values[name] = std::move(*value);
  }
  return values;
}

}  // namespace relapse
