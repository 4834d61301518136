#include <algorithm>

#include "base/regex.hpp"
#include "base/text.hpp"
#include "scenario/checker.hpp"

// Patterns (model/scenario.hpp, Pattern). The type of a pattern's literal says what it can be
// compared with, so that a pattern which could never match is found here: in a `never` claim it
// would look like a fix that holds.

namespace relapse::schema {
namespace {

bool all_operators(const Node& node) {
  return !node.members.empty() &&
         std::all_of(node.members.begin(), node.members.end(),
                     [](const Member& member) { return is_operator(member.key); });
}

std::string operator_note() {
  return "the operators are: " + name_list({pattern_operators.begin(), pattern_operators.end()});
}

/// ${name} replaced by a letter: what it stands for is not known yet, and "$" or "{" would mean
/// something else to the expression.
std::string without_variables(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find("${");
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
      break;
    }
    out += text.substr(0, open);
    out += 'x';
    text.remove_prefix(close + 1);
  }
  return out + std::string(text);
}

/// Whether text, or a number, is what such an operator would be compared with.
bool is_text(const Type& item) {
  return item.kind == Type::Kind::any || item.kind == Type::Kind::string ||
         item.kind == Type::Kind::choice;
}

bool is_number(const Type& item) {
  return item.kind == Type::Kind::any || item.kind == Type::Kind::integer;
}

}  // namespace

void Checker::pattern(const Node& node, const Type& item) {
  if (node.is(Node::Kind::object)) {
    if (all_operators(node)) {
      operators(node, item);
    } else {
      subset(node, item);
    }
    return;
  }
  if (node.is(Node::Kind::null)) {
    return;  // what is absent from a view is null there
  }
  if (node.is(Node::Kind::array) && item.kind == Type::Kind::any) {
    for (const Node& element : node.items) {
      pattern(element, item);
    }
    return;
  }
  value(node, item);
}

/// An object that is not all operators: a subset of the view's keys.
void Checker::subset(const Node& node, const Type& item) {
  if (const Type* object_type = as_kind(item, Type::Kind::object)) {
    object(node, *object_type->table);
    return;
  }
  if (const Type* map_type = as_kind(item, Type::Kind::map)) {
    value(node, *map_type);
    return;
  }
  if (item.kind != Type::Kind::any) {
    if (node.members.empty()) {
      error(node.span,
            place_.subject() + " must be " + std::string(item.noun) + ", which {} never matches",
            "write {\"present\": true} for any");
    }
    for (const Member& member : node.members) {
      if (!is_operator(member.key)) {
        not_an_operator(member, item);
      }
    }
    return;
  }
  for (const Member& member : node.members) {
    if (node.members.size() == 1) {
      // Not the short ones: "id" or "mode" are no slips of "is" or "more".
      const std::string label =
          suggestion(member.key, {"contains", "matches", "present", "absent"});
      if (!label.empty()) {
        note(member.key_span, quote(member.key) + " is compared as a key of the message", label,
             operator_note());
      }
    }
    place_.enter_key(member.key);
    pattern(member.value, item);
    place_.leave();
  }
}

void Checker::not_an_operator(const Member& member, const Type& item) {
  error(member.key_span,
        quote(member.key) + " in " + place_.text() +
            " is not an operator, and what is compared is " + std::string(item.noun),
        suggestion(member.key, {pattern_operators.begin(), pattern_operators.end()}),
        operator_note());
}

void Checker::operators(const Node& node, const Type& item) {
  for (const Member& member : node.members) {
    place_.enter_key(member.key);
    operation(member, item);
    place_.leave();
  }
}

void Checker::operation(const Member& member, const Type& item) {
  const std::string& op = member.key;
  const Node& wanted = member.value;
  if (wanted.broken) {
    return;
  }
  if (op == "is") {
    if (item.kind == Type::Kind::object || item.kind == Type::Kind::any) {
      any(wanted);
    } else if (!wanted.is(Node::Kind::null)) {
      value(wanted, item);
    }
  } else if (op == "not") {
    pattern(wanted, item);
  } else if (op == "in") {
    if (!wanted.is(Node::Kind::array) || wanted.items.empty()) {
      error(wanted.span, place_.subject() + " must be a list of what is allowed");
    }
    for (const Node& element : wanted.items) {
      pattern(element, item);
    }
  } else if (op == "contains" || op == "matches") {
    text_operation(member, item);
  } else if (op == "less" || op == "more") {
    if (!wanted.is(Node::Kind::number)) {
      error(wanted.span, place_.subject() + " must be a number, found " + found_noun(wanted));
    } else if (!is_number(item)) {
      never_matches(member, item, "a number");
    }
  } else {
    value(wanted, types::boolean);  // present, absent
  }
}

void Checker::text_operation(const Member& member, const Type& item) {
  const Node& wanted = member.value;
  if (!is_text(item)) {
    never_matches(member, item, "text");
  } else if (member.key == "contains" && item.kind == Type::Kind::any) {
    pattern(wanted, item);  // of a list: an element
  } else {
    value(wanted, types::text);
    if (member.key == "matches" && wanted.is(Node::Kind::string)) {
      if (const auto fault = regex_error(without_variables(wanted.text))) {
        error(wanted.span, quote(wanted.text) + " is not a regular expression", {}, *fault);
      }
    }
  }
}

void Checker::never_matches(const Member& member, const Type& item, std::string_view wanted) {
  error(member.key_span, place_.subject() + " never matches: it compares " + std::string(wanted) +
                             ", and here is " + std::string(item.noun));
}

}  // namespace relapse::schema
