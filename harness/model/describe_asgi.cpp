#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/describe_words.hpp"

namespace relapse::words {
namespace {

constexpr int deepest = 20;

std::string quote(std::string_view octets) {
  std::string text = "\"";
  for (const char c : octets) {
    if (c == '"' || c == '\\') {
      text += '\\';
    }
    text += c;
  }
  return text + "\"";
}

std::string repr(const Json& value, int depth);

template <class Items>
std::string listed(const Items& items, char open, char close, int depth) {
  std::string text(1, open);
  for (const Json& item : items) {
    text += (text.size() > 1 ? ", " : "") + repr(item, depth);
  }
  return text + close;
}

/// An object of one reserved key, see model/asgi.hpp; empty when it is none.
std::string tagged(const Json& object, int depth) {
  const std::string& tag = object.begin().key();
  const Json& inner = object.begin().value();
  if (object.size() == 2 && tag == "$repeat" && object.contains("times")) {
    return repr(inner, depth) + " * " + object["times"].dump();
  }
  if (object.size() != 1) {
    return {};
  }
  if (tag == "$bytes" && inner.is_string()) {
    return "b" + quote(inner.get_ref<const std::string&>());
  }
  if (tag == "$hex" && inner.is_string()) {
    return "bytes of " + inner.get<std::string>();
  }
  if (tag == "$tuple" && inner.is_array()) {
    return listed(inner, '(', ')', depth);
  }
  if (tag == "$dict" && inner.is_array()) {
    std::string text = "{";
    for (const Json& pair : inner) {
      const bool whole = pair.is_array() && pair.size() == 2;
      text += (text.size() > 1 ? ", " : "") +
              (whole ? repr(pair[0], depth) + ": " + repr(pair[1], depth) : repr(pair, depth));
    }
    return text + "}";
  }
  if ((tag == "$int" || tag == "$float") && inner.is_string()) {
    return inner.get<std::string>();
  }
  if (tag == "$object" && inner.is_object()) {
    return inner.value("repr", "an object");
  }
  return {};
}

std::string repr(const Json& value, int depth) {
  if (depth > deepest) {
    return "...";
  }
  if (value.is_null()) {
    return "None";
  }
  if (value.is_boolean()) {
    return value.get<bool>() ? "True" : "False";
  }
  if (value.is_string()) {
    return quote(value.get_ref<const std::string&>());
  }
  if (value.is_array()) {
    return listed(value, '[', ']', depth + 1);
  }
  if (!value.is_object()) {
    return value.dump();
  }
  if (!value.empty() && value.begin().key().starts_with('$')) {
    if (std::string text = tagged(value, depth + 1); !text.empty()) {
      return text;
    }
  }
  std::string text = "{";
  for (const auto& [key, item] : value.items()) {
    text += (text.size() > 1 ? ", " : "") + quote(key) + ": " + repr(item, depth + 1);
  }
  return text + "}";
}

}  // namespace

std::string python(const Json& value, std::size_t columns) {
  return preview(repr(value, 0), columns);
}

std::string asgi_event(const Json& event, std::size_t columns) {
  if (!event.is_object()) {
    return python(event, columns);
  }
  std::string text;
  const auto type = event.find("type");
  if (type != event.end()) {
    text = type->is_string() ? preview(type->get_ref<const std::string&>(), 40) : "";
    text = text.empty() ? "type=" + python(*type, 40) : text;
  }
  // What a scope holds besides its path is rarely what a line is read for.
  const bool scope = event.contains("asgi") && event.contains("path");
  std::string rest;
  for (const auto& [key, value] : event.items()) {
    if (key == "type" || (scope && key != "path")) {
      continue;
    }
    rest += " " + key + "=" + repr(value, 0);
  }
  return text + (rest.empty() ? "" : " " + preview(rest.substr(1), columns));
}

}  // namespace relapse::words
