#include "model/value.hpp"

#include <nlohmann/json.hpp>

namespace relapse {

namespace {

constexpr int max_depth = 512;

/// Counted on the text, before anything is built. Brackets inside strings do not count.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > max_depth)
        return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Value::Value() : json_(std::make_shared<const Json>()) {}

Value::Value(Json json) : json_(std::make_shared<const Json>(std::move(json))) {}

std::string Value::dump() const {
  return json_->dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool Value::is_null() const {
  return json_->is_null();
}

bool Value::operator==(const Value& other) const {
  return json_equal(*json_, *other.json_);
}

bool json_equal(const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size())
      return false;
    for (const auto& [key, value] : a.items()) {
      const auto found = b.find(key);
      if (found == b.end() || !json_equal(value, *found))
        return false;
    }
    return true;
  }
  if (a.is_array() && b.is_array()) {
    if (a.size() != b.size())
      return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!json_equal(a[i], b[i]))
        return false;
    }
    return true;
  }
  return a == b;
}

bool parse_json(std::string_view text, Value& out) {
  out = Value();
  if (too_deep(text))
    return false;
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return false;
  out = Value(std::move(json));
  return true;
}

}  // namespace relapse
