#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/regex.hpp"
#include "match/selector.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 9> operators{
    "is", "not", "in", "contains", "matches", "less", "more", "present", "absent"};

bool is_operator(std::string_view key) {
  return std::find(operators.begin(), operators.end(), key) != operators.end();
}

/// {"contains": "x", "not": "y"}: every key an operator. An object with any other key is a subset
/// of the view's keys.
bool is_operators(const Json& pattern) {
  if (!pattern.is_object() || pattern.empty()) {
    return false;
  }
  return std::all_of(pattern.items().begin(), pattern.items().end(),
                     [](const auto& item) { return is_operator(item.key()); });
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Mismatch differs(const std::string& pointer, const std::string& expected, const Json& actual) {
  return {pointer, expected, dump(actual)};
}

std::optional<Mismatch> match(const Json& pattern, const Json& view, const Variables& variables,
                              const std::string& pointer);

bool contains(const Json& wanted, const Json& view, const Variables& variables) {
  if (view.is_string() && wanted.is_string()) {
    return view.get_ref<const std::string&>().find(wanted.get_ref<const std::string&>()) !=
           std::string::npos;
  }
  if (view.is_array()) {
    return std::any_of(view.begin(), view.end(),
                       [&](const Json& element) { return !match(wanted, element, variables, ""); });
  }
  return false;
}

/// Throws when the expression explodes on this text: not found would then be a guess, and a guess
/// must not make a claim hold. The judge turns it into `inconclusive`.
bool matches_regex(const Json& wanted, const Json& view) {
  if (!view.is_string() || !wanted.is_string()) {
    return false;
  }
  const RegexAnswer answer =
      regex_search(wanted.get_ref<const std::string&>(), view.get_ref<const std::string&>());
  if (answer.gave_up) {
    throw std::runtime_error("the expression " + dump(wanted) + " is too complex for this text");
  }
  return answer.found;
}

bool apply(std::string_view op, const Json& wanted, const Json& view, const Variables& variables) {
  if (op == "is") {
    return view == wanted;
  }
  if (op == "not") {
    return match(wanted, view, variables, "").has_value();
  }
  if (op == "in") {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const Json& one) { return !match(one, view, variables, ""); });
  }
  if (op == "contains") {
    return contains(wanted, view, variables);
  }
  if (op == "matches") {
    return matches_regex(wanted, view);
  }
  if (op == "less") {
    return view.is_number() && wanted.is_number() && view < wanted;
  }
  if (op == "more") {
    return view.is_number() && wanted.is_number() && view > wanted;
  }
  // present and absent of a value that is there; the caller handles a key that is not.
  const bool there = !view.is_null();
  return (op == "present") == (there == wanted.get<bool>());
}

std::optional<Mismatch> match_missing(const Json& pattern, const std::string& pointer) {
  if (is_operators(pattern) &&
      (pattern.value("absent", false) || !pattern.value("present", true))) {
    return std::nullopt;
  }
  return Mismatch{pointer, dump(pattern), "absent"};
}

std::optional<Mismatch> match(const Json& pattern, const Json& view, const Variables& variables,
                              const std::string& pointer) {
  if (is_operators(pattern)) {
    for (const auto& [op, wanted] : pattern.items()) {
      if (!apply(op, wanted, view, variables)) {
        return differs(pointer, op + " " + dump(wanted), view);
      }
    }
    return std::nullopt;
  }
  if (pattern.is_object()) {
    if (!view.is_object()) {
      return differs(pointer, dump(pattern), view);
    }
    for (const auto& [key, wanted] : pattern.items()) {
      const auto found = view.find(key);
      auto why = found == view.end() ? match_missing(wanted, pointer + "/" + key)
                                     : match(wanted, *found, variables, pointer + "/" + key);
      if (why) {
        return why;
      }
    }
    return std::nullopt;
  }
  if (pattern.is_array()) {
    if (!view.is_array() || view.size() != pattern.size()) {
      return differs(pointer, dump(pattern), view);
    }
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (auto why = match(pattern[i], view[i], variables, pointer + "/" + std::to_string(i))) {
        return why;
      }
    }
    return std::nullopt;
  }
  if (pattern != view) {
    return differs(pointer, dump(pattern), view);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Mismatch> mismatch(const Json& pattern, const Json& view,
                                 const Variables& variables) {
  return match(substitute(pattern, variables), view, variables, "");
}

std::string substitute(const std::string& text, const Variables& variables) {
  std::size_t open = text.find("${");
  if (open == std::string::npos) {
    return text;
  }
  std::string out;
  std::size_t done = 0;
  for (; open != std::string::npos; open = text.find("${", done)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) {
      break;
    }
    const auto found = variables.find(text.substr(open + 2, close - open - 2));
    out.append(text, done, open - done);
    if (found != variables.end()) {
      out += found->second;
    } else {
      out.append(text, open, close + 1 - open);
    }
    done = close + 1;
  }
  out.append(text, done);
  return out;
}

Json substitute(const Json& json, const Variables& variables) {
  if (json.is_string()) {
    return substitute(json.get_ref<const std::string&>(), variables);
  }
  if (json.is_object()) {
    Json out = Json::object();
    for (const auto& [key, value] : json.items()) {
      out[substitute(key, variables)] = substitute(value, variables);
    }
    return out;
  }
  if (json.is_array()) {
    Json out = Json::array();
    for (const Json& element : json) {
      out.push_back(substitute(element, variables));
    }
    return out;
  }
  return json;
}

}  // namespace relapse
