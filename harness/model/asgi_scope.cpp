#include "model/asgi_scope.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/bytes.hpp"
#include "model/python_value.hpp"

namespace relapse {
namespace {

Json header(std::string_view name, std::string_view value) {
  return Json::array({python::bytes(name), python::bytes(value)});
}

Json connection_scope(std::string_view type) {
  Json scope{{"type", std::string(type)},
             {"asgi", {{"version", "3.0"}, {"spec_version", "2.5"}}},
             {"http_version", "1.1"}};
  if (type == "http") {
    scope["method"] = "GET";
  }
  scope["scheme"] = type == "http" ? "http" : "ws";
  scope["path"] = "/";
  scope["raw_path"] = python::bytes("/");
  scope["query_string"] = python::bytes("");
  scope["root_path"] = "";
  scope["headers"] = Json::array({header("host", "testserver"), header("user-agent", "relapse")});
  if (type == "websocket") {
    scope["headers"].push_back(header("upgrade", "websocket"));
    scope["headers"].push_back(header("connection", "Upgrade"));
    scope["headers"].push_back(header("sec-websocket-version", "13"));
    scope["headers"].push_back(header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="));
  }
  scope["client"] = Json::array({"127.0.0.1", 50000});
  scope["server"] = Json::array({"127.0.0.1", 80});
  if (type == "websocket") {
    scope["subprotocols"] = Json::array();
  }
  scope["state"] = Json::object();
  scope["extensions"] = Json::object();
  return scope;
}

/// Latin-1, which gives every octet a character.
std::string as_text(const std::string& octets) {
  if (is_valid_utf8(octets)) {
    return octets;
  }
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (octet >> 6));
      text += static_cast<char>(0x80 | (octet & 0x3F));
    }
  }
  return text;
}

std::optional<Json> as_dict(const Json& value) {
  const Json* items = python::items(value);
  std::vector<Json> pairs;
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const Json* pair = python::items((*items)[i]);
    if (pair == nullptr || pair->size() != 2) {
      return std::nullopt;
    }
    pairs.push_back(Json::array({(*pair)[0], (*pair)[1]}));
  }
  return items == nullptr ? std::nullopt : std::optional(Json{{"$dict", std::move(pairs)}});
}

std::optional<Json> as_list(const Json& value) {
  if (const Json* items = python::items(value)) {
    return *items;
  }
  if (value.is_object()) {
    std::vector<Json> keys;
    for (const auto& [key, item] : value.items()) {
      keys.push_back(Json::array({key, item}));
    }
    return Json(std::move(keys));
  }
  return Json::array({value});
}

std::optional<Json> converted(const Json& value, std::string_view type) {
  const auto octets = python::octets(value);
  if (type == "none") {
    return Json(nullptr);
  }
  if (type == "bool") {
    return Json(true);
  }
  if (type == "int") {
    return Json(1);
  }
  if (type == "float") {
    return Json(1.5);
  }
  if (type == "str") {
    return octets ? Json(as_text(*octets)) : Json(value.dump());
  }
  if (type == "bytes") {
    return octets ? python::bytes(*octets) : python::bytes(value.dump());
  }
  if (type == "list") {
    return as_list(value);
  }
  if (type == "tuple") {
    const auto list = as_list(value);
    return list ? std::optional(Json{{"$tuple", *list}}) : std::nullopt;
  }
  return as_dict(value);
}

class Editor {
 public:
  explicit Editor(Json scope) : scope_(std::move(scope)) {}

  std::optional<std::string> apply(const ScopeEdit& edit) {
    const std::string& pointer = edit.pointer;
    if (!pointer.starts_with('/')) {
      return "the pointer must begin with \"/\"";
    }
    const Json::json_pointer whole(pointer);
    const Json::json_pointer above = whole.parent_pointer();
    if (!scope_.contains(above) || !scope_.at(above).is_structured()) {
      return "nothing is at \"" + above.to_string() + "\" in the scope";
    }
    Json& parent = scope_.at(above);
    const std::string& last = whole.back();
    if (edit.kind == ScopeEdit::Kind::set) {
      return set(parent, last, edit.value.json());
    }
    if (!scope_.contains(whole)) {
      return "nothing is at \"" + pointer + "\" in the scope";
    }
    if (edit.kind == ScopeEdit::Kind::retype) {
      auto made = retyped(Value(parent.is_array() ? parent[index(last)] : parent[last]), edit.type);
      if (!made) {
        return made.error().message;
      }
      return set(parent, last, made->json());
    }
    if (parent.is_array()) {
      parent.erase(index(last));
    } else {
      parent.erase(last);
    }
    return std::nullopt;
  }

  Json take() { return std::move(scope_); }

 private:
  static std::size_t index(const std::string& text) { return std::stoul(text); }

  static std::optional<std::string> set(Json& parent, const std::string& key, Json value) {
    if (!parent.is_array()) {
      parent[key] = std::move(value);
      return std::nullopt;
    }
    if (key == "-") {
      parent.push_back(std::move(value));
      return std::nullopt;
    }
    const bool number =
        !key.empty() && key.size() < 10 &&
        std::all_of(key.begin(), key.end(), [](char c) { return '0' <= c && c <= '9'; });
    if (!number || index(key) >= parent.size()) {
      return "\"" + key + "\" is no element of the list; it has " + std::to_string(parent.size());
    }
    parent[index(key)] = std::move(value);
    return std::nullopt;
  }

  Json scope_;
};

}  // namespace

const std::vector<std::string_view>& scope_types() {
  static const std::vector<std::string_view> types{"websocket", "http", "lifespan"};
  return types;
}

const std::vector<std::string_view>& python_types() {
  static const std::vector<std::string_view> types{"none",  "bool", "int",   "float", "str",
                                                   "bytes", "list", "tuple", "dict"};
  return types;
}

Value base_scope(std::string_view type) {
  if (type == "lifespan") {
    return Value(Json{{"type", "lifespan"},
                      {"asgi", {{"version", "3.0"}, {"spec_version", "2.0"}}},
                      {"state", Json::object()}});
  }
  return Value(connection_scope(type));
}

Result<Value> retyped(const Value& value, std::string_view type) {
  auto made = converted(value.json(), type);
  if (!made) {
    return Error{ErrorKind::usage,
                 "it cannot be written as a " + std::string(type) + ": " + value.dump(),
                 {},
                 "use \"set\" with the value itself"};
  }
  return Value(std::move(*made));
}

Result<Value> make_scope(const Call& call) {
  Editor editor(base_scope(call.scope).json());
  for (std::size_t i = 0; i < call.edits.size(); ++i) {
    if (auto wrong = editor.apply(call.edits[i])) {
      return Error{ErrorKind::usage, std::move(*wrong), {"", static_cast<int>(i), 0}, ""};
    }
  }
  return Value(editor.take());
}

}  // namespace relapse
