#include "scenario/check.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.hpp"
#include "scenario/checker.hpp"

namespace relapse {

CheckResult check_tree(const Node& root, const schema::ObjectTable& table,
                       const std::filesystem::path& file) {
  CheckResult result;
  schema::Checker(file, result).object(root, table);
  return result;
}

CheckResult check_tree_without_steps(const Node& root, const schema::ObjectTable& table,
                                     const std::filesystem::path& file) {
  Node shallow = without_elements(root, "steps");
  const Node* steps = root.find("steps");
  for (Member& member : shallow.members) {
    if (member.key == "steps" && !steps->items.empty()) {
      member.value.broken = true;
    }
  }
  return check_tree(shallow, table, file);
}

void check_step(const Node& step, const std::string& label, int index,
                const std::filesystem::path& file, CheckResult& result) {
  const std::size_t before = result.variables.size();
  schema::Checker(file, result).step(step, label);
  for (std::size_t i = before; i < result.variables.size(); ++i) {
    result.variables[i].step = index;
  }
}

namespace schema {
namespace {

bool accepts(const Type& type, Node::Kind kind) {
  switch (type.kind) {
    case Type::Kind::any:
    case Type::Kind::pattern:
      return true;
    case Type::Kind::null:
      return kind == Node::Kind::null;
    case Type::Kind::boolean:
      return kind == Node::Kind::boolean;
    case Type::Kind::integer:
      return kind == Node::Kind::number;
    case Type::Kind::string:
    case Type::Kind::choice:
      return kind == Node::Kind::string;
    case Type::Kind::list:
      return kind == Node::Kind::array;
    case Type::Kind::map:
    case Type::Kind::object:
      return kind == Node::Kind::object;
    case Type::Kind::one_of:
      return std::any_of(type.alternatives.begin(), type.alternatives.end(),
                         [&](const Type* alternative) { return accepts(*alternative, kind); });
  }
  return false;
}

/// The choice of `"every-byte"` alone is better explained by the alternatives around it.
std::string choice_note(const Type& type, const Type* outer) {
  if (outer != nullptr && type.values.size() == 1) {
    return "write " + std::string(outer->noun);
  }
  return "one of: " + name_list({type.values.begin(), type.values.end()});
}

std::vector<std::string_view> key_names(const ObjectTable& table) {
  std::vector<std::string_view> names;
  for (const Key& key : table.keys) {
    names.push_back(key.name);
  }
  return names;
}

std::vector<std::string_view> group_names(const ObjectTable& table, std::string_view group) {
  std::vector<std::string_view> names;
  for (const Key& key : table.keys) {
    if (key.group == group) {
      names.push_back(key.name);
    }
  }
  return names;
}

/// `a step is one of: send, ...; beside it: name, on, within`
std::string keys_note(const ObjectTable& table) {
  std::string text(table.noun);
  std::vector<std::string_view> others = key_names(table);
  if (table.groups.size() == 1 && table.groups[0].mode == Group::Mode::exactly_one) {
    text += " is one of: " + name_list(group_names(table, table.groups[0].name));
    std::erase_if(others, [&](std::string_view n) { return !table.find(n)->group.empty(); });
    return others.empty() ? text : text + "; beside it: " + name_list(others);
  }
  return others.empty() ? text + " has no keys" : text + " has: " + name_list(others);
}

/// What a list's elements are called in messages.
std::string element_name(const std::string& list, std::size_t index) {
  const std::string number = std::to_string(index + 1);
  if (list == "steps") {
    return "step " + number;
  }
  if (list == "never" || list == "always" || list == "count" || list == "known") {
    return list + " " + number;
  }
  if (list == "logs") {
    return "log " + number;
  }
  return "element " + number + " of \"" + list + "\"";
}

}  // namespace

std::string name_list(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text;
}

void Place::enter_element(std::size_t index) {
  const std::string list = parts_.back().text;
  // The steps of a probe are steps too: probes.echo, step 2.
  if (parts_.size() > 1 && parts_[parts_.size() - 2].text == "probes") {
    parts_.push_back({element_name("steps", index), true});
    return;
  }
  parts_.push_back({element_name(list, index), true});
}

std::string Place::text(std::size_t count) const {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    const bool named_by_element =
        i + 1 < count && parts_[i + 1].element && !(i > 0 && parts_[i - 1].text == "probes");
    if (named_by_element) {
      continue;  // "steps" before "step 3" says nothing
    }
    const bool comma = parts_[i].element || (i > 0 && parts_[i - 1].element);
    out += (out.empty() ? "" : comma ? ", " : ".") + safe_text(parts_[i].text, 60).str();
  }
  return out.empty() ? "the file" : out;
}

std::string Place::subject() const {
  if (parts_.empty()) {
    return "the file";
  }
  if (parts_.back().element) {
    return text();
  }
  const std::string outer = parts_.size() > 1 ? " in " + text(parts_.size() - 1) : "";
  return quote(parts_.back().text) + outer;
}

void Checker::error(const Span& span, std::string message, std::string label, std::string note) {
  result_.diagnostics.push_back(
      make_error(file_, span, std::move(message), std::move(label), std::move(note)));
}

void Checker::note(const Span& span, std::string message, std::string label, std::string note) {
  error(span, std::move(message), std::move(label), std::move(note));
  result_.diagnostics.back().severity = Diagnostic::Severity::note;
}

void Checker::step(const Node& node, const std::string& label) {
  place_.enter_step(label);
  value(node, *step_list.item);
  place_.leave();
}

void Checker::object(const Node& node, const ObjectTable& table) {
  if (!node.is(Node::Kind::object)) {
    error(node.span, place_.subject() + " must be an object, found " + found_noun(node));
    return;
  }
  bool has_unknown = false;
  for (const Member& member : node.members) {
    const Key* key = table.find(member.key);
    if (key == nullptr) {
      has_unknown = true;
      unknown_key(member, table);
      continue;
    }
    if (!key->needs.empty() && node.find(key->needs) == nullptr) {
      error(member.key_span, quote(member.key) + " without \"" + std::string(key->needs) + "\" " +
                                 place_.inside() + " has no effect");
    }
    place_.enter_key(member.key);
    value(member.value, *key->type);
    place_.leave();
  }
  Span open = node.span;
  open.length = 1;
  for (const Key& key : table.keys) {
    if (key.required && node.find(key.name) == nullptr) {
      error(open, "missing key \"" + std::string(key.name) + "\" " + place_.inside(), {},
            std::string(key.name) + ": " + std::string(key.doc));
    }
  }
  groups(node, table, has_unknown);
}

void Checker::unknown_key(const Member& member, const ObjectTable& table) {
  error(member.key_span, "unknown key " + quote(member.key) + " " + place_.inside(),
        suggestion(member.key, key_names(table)), keys_note(table));
}

void Checker::groups(const Node& node, const ObjectTable& table, bool has_unknown) {
  for (const Group& group : table.groups) {
    std::vector<const Member*> present;
    for (const Member& member : node.members) {
      const Key* key = table.find(member.key);
      if (key != nullptr && key->group == group.name) {
        present.push_back(&member);
      }
    }
    const std::string names = name_list(group_names(table, group.name));
    if (present.empty() && group.mode != Group::Mode::at_most_one && !has_unknown) {
      Span open = node.span;
      open.length = 1;
      const std::string amount =
          group.mode == Group::Mode::exactly_one ? " must have one of: " : " must have some of: ";
      error(open, place_.text() + amount + names);
    }
    if (present.size() > 1 && group.mode != Group::Mode::at_least_one) {
      error(
          present[1]->key_span,
          place_.text() + " has both " + quote(present[0]->key) + " and " + quote(present[1]->key),
          "only one of them", std::string(table.noun) + " has one of: " + names);
    }
  }
}

void Checker::wrong_type(const Node& node, const Type& type) {
  if (node.broken) {
    return;
  }
  error(node.span,
        place_.subject() + " must be " + std::string(type.noun) + ", found " + found_noun(node));
}

void Checker::value(const Node& node, const Type& type) {
  if (node.broken) {
    return;
  }
  if (!accepts(type, node.kind)) {
    wrong_type(node, type);
    return;
  }
  switch (type.kind) {
    case Type::Kind::any:
      return any(node);
    case Type::Kind::null:
    case Type::Kind::boolean:
      return;
    case Type::Kind::integer:
      return integer(node, type);
    case Type::Kind::string:
      return string(node, type);
    case Type::Kind::choice:
      return choice(node, type, nullptr);
    case Type::Kind::list:
      return list(node, type);
    case Type::Kind::map:
      return map(node, type);
    case Type::Kind::object:
      return object(node, *type.table);
    case Type::Kind::one_of:
      return one_of(node, type);
    case Type::Kind::pattern:
      return pattern(node, *type.item);
  }
}

void Checker::integer(const Node& node, const Type& type) {
  if (node.text.find_first_of(".eE") != std::string::npos) {
    error(node.span, place_.subject() + " must be a whole number, found " + node.text);
    return;
  }
  if (!type.values.empty()) {
    if (std::find(type.values.begin(), type.values.end(), node.text) == type.values.end()) {
      error(node.span, place_.subject() + " must be one of " +
                           name_list({type.values.begin(), type.values.end()}) + ", found " +
                           node.text);
    }
    return;
  }
  bool fits = false;
  const char* first = node.text.data();
  const char* last = first + node.text.size();
  if (node.text[0] == '-') {
    std::int64_t number = 0;
    fits = std::from_chars(first, last, number).ec == std::errc{} && number >= type.min;
  } else {
    std::uint64_t number = 0;
    fits = std::from_chars(first, last, number).ec == std::errc{} && number <= type.max &&
           (type.min < 0 || number >= static_cast<std::uint64_t>(type.min));
  }
  if (!fits && type.max == Type{}.max) {
    error(node.span, place_.subject() + " must be " + std::to_string(type.min) +
                         " or more, found " + safe_text(node.text, 40).str());
  } else if (!fits) {
    error(node.span, place_.subject() + " must be from " + std::to_string(type.min) + " to " +
                         std::to_string(type.max) + ", found " + safe_text(node.text, 40).str());
  }
}

void Checker::string(const Node& node, const Type& type) {
  if (type.check != nullptr) {
    if (const StringFault fault = type.check(node.text)) {
      const bool empty = trim(node.text).empty();
      error(node.span, (empty ? place_.subject() : quote(node.text)) + " " + *fault);
    }
  }
  if (type.variables) {
    collect_variables(node.span, node.raw, node.text);
  }
}

void Checker::choice(const Node& node, const Type& type, const Type* outer) {
  if (std::find(type.values.begin(), type.values.end(), node.text) != type.values.end()) {
    return;
  }
  const std::vector<std::string_view> values(type.values.begin(), type.values.end());
  std::string label = suggestion(node.text, values);
  const std::string_view text = node.text;
  if (text.starts_with("SIG") &&
      std::find(values.begin(), values.end(), text.substr(3)) != values.end()) {
    label = "write " + quote(text.substr(3));
  }
  error(node.span, quote(text) + " is not a value of " + place_.subject(), std::move(label),
        choice_note(type, outer));
}

void Checker::list(const Node& node, const Type& type) {
  Span open = node.span;
  open.length = 1;
  if (node.items.size() < type.min_items) {
    error(open, place_.subject() +
                    (type.min_items == 1
                         ? " must not be empty"
                         : " must have " + std::to_string(type.min_items) + " elements or more"));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    place_.enter_element(i);
    value(node.items[i], *type.item);
    place_.leave();
  }
}

void Checker::map(const Node& node, const Type& type) {
  Span open = node.span;
  open.length = 1;
  if (node.members.size() < type.min_items) {
    error(open, place_.subject() + " must not be empty");
  }
  if (node.members.size() > type.max_items) {
    error(node.members[type.max_items].key_span,
          place_.subject() + " has more than " + std::to_string(type.max_items));
  }
  for (const Member& member : node.members) {
    if (type.check != nullptr) {
      if (const StringFault fault = type.check(member.key)) {
        error(member.key_span, quote(member.key) + " " + place_.inside() + " " + *fault);
      }
    }
    place_.enter_key(member.key);
    value(member.value, *type.item);
    place_.leave();
  }
}

void Checker::one_of(const Node& node, const Type& type) {
  for (const Type* alternative : type.alternatives) {
    if (!accepts(*alternative, node.kind)) {
      continue;
    }
    if (alternative->kind == Type::Kind::choice) {
      return choice(node, *alternative, &type);
    }
    return value(node, *alternative);
  }
}

/// Free JSON: only what could not be kept or replaced is wrong with it.
void Checker::any(const Node& node) {
  if (node.broken) {
    return;
  }
  if (node.is(Node::Kind::string)) {
    collect_variables(node.span, node.raw, node.text);
  } else if (node.is(Node::Kind::number) &&
             !std::isfinite(std::strtod(node.text.c_str(), nullptr))) {
    error(node.span, safe_text(node.text, 40).str() + " is too large for a number");
  }
  for (const Node& item : node.items) {
    any(item);
  }
  for (const Member& member : node.members) {
    any(member.value);
  }
}

void Checker::collect_variables(const Span& span, std::string_view raw, std::string_view text) {
  std::size_t raw_from = 0;
  for (std::size_t open = text.find("${"); open != std::string_view::npos;) {
    const std::size_t close = text.find('}', open);
    Span at = span;
    const std::size_t raw_open = raw.find("${", raw_from);
    if (raw_open != std::string_view::npos) {  // not written with escapes
      at.offset += raw_open;
      at.column += static_cast<int>(raw_open);
      at.length = 2;
      raw_from = raw_open + 2;
    }
    if (close == std::string_view::npos) {
      error(at, "this ${ is never closed", {},
            "octets that must hold it are sent with {\"hex\": \"...\"}");
      return;
    }
    if (raw_open != std::string_view::npos) {
      at.length = std::min(close + 1 - open, span.length - raw_open);
    }
    const std::string_view name = text.substr(open + 2, close - open - 2);
    result_.variables.push_back({std::string(name), at, place_.text()});
    open = text.find("${", close);
  }
}

}  // namespace schema
}  // namespace relapse
