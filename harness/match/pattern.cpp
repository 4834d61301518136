#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/regex.hpp"
#include "match/selector.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 9> operators{
    "is", "not", "in", "contains", "matches", "less", "more", "present", "absent"};

bool is_operator(std::string_view key) {
  return std::find(operators.begin(), operators.end(), key) != operators.end();
}

}  // namespace

bool is_operators(const Json& pattern) {
  if (!pattern.is_object() || pattern.empty()) {
    return false;
  }
  return std::all_of(pattern.items().begin(), pattern.items().end(),
                     [](const auto& item) { return is_operator(item.key()); });
}

namespace {

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

enum class Truth { no, yes, unknown };

Truth truth(bool is) {
  return is ? Truth::yes : Truth::no;
}

Truth truth(const std::optional<Mismatch>& why) {
  return !why ? Truth::yes : why->undecided ? Truth::unknown : Truth::no;
}

/// One pattern against one view. A part of a value decides what it can: a text that is found in it
/// is in the whole, a text that is not found may be in the rest.
class Matcher {
 public:
  explicit Matcher(const std::map<std::string, std::uint64_t>& cut) : cut_(cut) {}

  std::optional<Mismatch> match(const Json& pattern, const Json& view,
                                const std::string& pointer) const {
    if (is_operators(pattern)) {
      return match_operators(pattern, view, pointer);
    }
    if (is_unseen(view, pointer)) {
      return differs(pointer, dump(pattern), view, Truth::unknown);
    }
    if (pattern.is_object() && view.is_object()) {
      return match_members(pattern, view, pointer);
    }
    if (pattern.is_array() && view.is_array() && view.size() == pattern.size()) {
      return match_elements(pattern, view, pointer);
    }
    const bool literal = !pattern.is_object() && !pattern.is_array();
    return differs(pointer, dump(pattern), view,
                   literal ? equal(pattern, view, pointer) : Truth::no);
  }

 private:
  /// Nothing when it does not differ after all.
  static std::optional<Mismatch> differs(const std::string& pointer, const std::string& expected,
                                         const Json& actual, Truth same) {
    if (same == Truth::yes) {
      return std::nullopt;
    }
    return Mismatch{pointer, expected, dump(actual), same == Truth::unknown};
  }

  /// What is certainly wrong counts before what cannot be known.
  static bool settles(std::optional<Mismatch>& first, std::optional<Mismatch> next) {
    const bool certain = next && !next->undecided;
    if (next && (certain || !first)) {
      first = std::move(next);
    }
    return certain;
  }

  bool is_unseen(const Json& view, const std::string& pointer) const {
    return !view.is_string() && cut_.contains(pointer);
  }

  Truth equal(const Json& wanted, const Json& view, const std::string& pointer) const {
    const auto cut = cut_.find(pointer);
    if (cut == cut_.end() || !wanted.is_string()) {
      return truth(wanted == view);
    }
    const std::string& whole = wanted.get_ref<const std::string&>();
    const std::string& part = view.get_ref<const std::string&>();
    const bool fits = cut->second == 0 || whole.size() == cut->second;
    return fits && whole.starts_with(part) ? Truth::unknown : Truth::no;
  }

  Truth any(const Json& patterns, const Json& view, const std::string& pointer) const {
    Truth found = Truth::no;
    for (const Json& one : patterns) {
      const Truth matches = truth(match(one, view, pointer));
      if (matches != Truth::no && found != Truth::yes) {
        found = matches;
      }
    }
    return found;
  }

  Truth contains(const Json& wanted, const Json& view, const std::string& pointer) const {
    if (view.is_string() && wanted.is_string()) {
      const bool found = view.get_ref<const std::string&>().find(
                             wanted.get_ref<const std::string&>()) != std::string::npos;
      return !found && cut_.contains(pointer) ? Truth::unknown : truth(found);
    }
    return truth(view.is_array() && std::any_of(view.begin(), view.end(), [&](const Json& element) {
                   return !match(wanted, element, pointer + "/-");
                 }));
  }

  Truth matches(const Json& wanted, const Json& view, const std::string& pointer) const {
    if (!view.is_string() || !wanted.is_string()) {
      return Truth::no;
    }
    if (cut_.contains(pointer)) {
      return Truth::unknown;  // what follows may make a match, or undo one: "end$"
    }
    const RegexAnswer answer =
        regex_search(wanted.get_ref<const std::string&>(), view.get_ref<const std::string&>());
    return answer.gave_up ? Truth::unknown : truth(answer.found);
  }

  Truth apply(std::string_view op, const Json& wanted, const Json& view,
              const std::string& pointer) const {
    if (is_unseen(view, pointer)) {
      return Truth::unknown;
    }
    if (op == "is") {
      return equal(wanted, view, pointer);
    }
    if (op == "not") {
      const Truth is = truth(match(wanted, view, pointer));
      return is == Truth::unknown ? is : truth(is == Truth::no);
    }
    if (op == "in") {
      return any(wanted, view, pointer);
    }
    if (op == "contains") {
      return contains(wanted, view, pointer);
    }
    if (op == "matches") {
      return matches(wanted, view, pointer);
    }
    if (op == "less") {
      return truth(view.is_number() && wanted.is_number() && view < wanted);
    }
    if (op == "more") {
      return truth(view.is_number() && wanted.is_number() && view > wanted);
    }
    // present and absent of a value that is there; match_missing handles a key that is not.
    return truth((op == "present") == (!view.is_null() == wanted.get<bool>()));
  }

  std::optional<Mismatch> match_operators(const Json& pattern, const Json& view,
                                          const std::string& pointer) const {
    std::optional<Mismatch> why;
    for (const auto& [op, wanted] : pattern.items()) {
      const Truth accepts = apply(op, wanted, view, pointer);
      if (settles(why, differs(pointer, op + " " + dump(wanted), view, accepts))) {
        break;
      }
    }
    return why;
  }

  std::optional<Mismatch> match_missing(const Json& pattern, const std::string& pointer) const {
    if (cut_.contains(pointer)) {
      return Mismatch{pointer, dump(pattern), "not known", true};
    }
    if (is_operators(pattern) &&
        (pattern.value("absent", false) || !pattern.value("present", true))) {
      return std::nullopt;
    }
    return Mismatch{pointer, dump(pattern), "absent"};
  }

  std::optional<Mismatch> match_members(const Json& pattern, const Json& view,
                                        const std::string& pointer) const {
    std::optional<Mismatch> why;
    for (const auto& [key, wanted] : pattern.items()) {
      const std::string below = pointer + "/" + key;
      const auto found = view.find(key);
      if (settles(why, found == view.end() ? match_missing(wanted, below)
                                           : match(wanted, *found, below))) {
        break;
      }
    }
    return why;
  }

  std::optional<Mismatch> match_elements(const Json& pattern, const Json& view,
                                         const std::string& pointer) const {
    std::optional<Mismatch> why;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (settles(why, match(pattern[i], view[i], pointer + "/" + std::to_string(i)))) {
        break;
      }
    }
    return why;
  }

  const std::map<std::string, std::uint64_t>& cut_;
};

}  // namespace

std::optional<Mismatch> mismatch(const Json& pattern, const View& view,
                                 const Variables& variables) {
  return Matcher(view.cut).match(substitute(pattern, variables), view.value.json(), "");
}

std::optional<Mismatch> mismatch(const Json& pattern, const Json& view,
                                 const Variables& variables) {
  return Matcher({}).match(substitute(pattern, variables), view, "");
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
