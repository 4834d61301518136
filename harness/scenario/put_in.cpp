#include "scenario/put_in.hpp"

#include <algorithm>
#include <optional>

#include "scenario/table_walk.hpp"

namespace relapse {
namespace {

using schema::Type;

bool is_scalar(const Node& node) {
  return node.is(Node::Kind::string) || node.is(Node::Kind::number) || node.is(Node::Kind::boolean);
}

std::string scalar_text(const Node& node) {
  if (node.is(Node::Kind::boolean)) {
    return node.boolean ? "true" : "false";
  }
  return node.text;
}

/// A string that is "${name}" and no more.
const Node* whole(const Node& node, const Scope& scope) {
  const std::string& text = node.text;
  if (!text.starts_with("${") || text.find('}') != text.size() - 1) {
    return nullptr;
  }
  const auto found = scope.find(text.substr(2, text.size() - 3));
  return found != scope.end() ? &found->second : nullptr;
}

void put_into_text(Node& node, const Scope& scope, const std::filesystem::path& file,
                   std::vector<Diagnostic>& out) {
  std::string text;
  std::size_t done = 0;
  bool changed = false;
  for (std::size_t open = node.text.find("${"); open != std::string::npos;
       open = node.text.find("${", open + 2)) {
    const std::size_t close = node.text.find('}', open);
    if (close == std::string::npos) {
      break;
    }
    const std::string name = node.text.substr(open + 2, close - open - 2);
    const auto found = scope.find(name);
    if (found == scope.end()) {
      continue;
    }
    const Node& value = found->second;
    if (value.broken) {
      node.broken = true;
    } else if (!is_scalar(value)) {
      out.push_back(make_error(
          file, node.span,
          quote("${" + name + "}") + " stands inside a longer text, but is " + found_noun(value),
          {}, "only a string, a number, true or false can stand there"));
    }
    text += node.text.substr(done, open - done) + scalar_text(value);
    done = close + 1;
    changed = true;
  }
  if (changed) {
    node.text = text + node.text.substr(done);
    node.raw.clear();  // it no longer stands in the file like that
  }
}

/// The table wants a text here and would not take a number.
bool wants_text(const Type& type) {
  switch (type.kind) {
    case Type::Kind::string:
    case Type::Kind::choice:
      return true;
    case Type::Kind::pattern:
      return wants_text(*type.item);
    case Type::Kind::one_of:
      return std::any_of(type.alternatives.begin(), type.alternatives.end(),
                         [](const Type* one) { return wants_text(*one); }) &&
             std::none_of(type.alternatives.begin(), type.alternatives.end(),
                          [](const Type* one) { return one->kind == Type::Kind::integer; });
    default:
      return false;
  }
}

void settle(Node& node, const Type* type) {
  if (node.counter) {
    if (type != nullptr && wants_text(*type)) {
      node.kind = Node::Kind::string;
      node.raw.clear();
    }
    return;
  }
  if (type != nullptr && type->kind == Type::Kind::one_of && node.is(Node::Kind::object)) {
    const Type* behind = schema::as_kind(*type, Type::Kind::pattern);
    type = behind != nullptr ? behind : type;  // beside a short form
  }
  const bool pattern = type != nullptr && type->kind == Type::Kind::pattern;
  for (Node& item : node.items) {
    settle(item, pattern ? type : item_type(type));
  }
  const schema::ObjectTable* table = table_of(node, type);
  for (Member& member : node.members) {
    const bool operation = pattern && table == nullptr;
    settle(member.value, operation ? type : member_type(table, type, member.key));
  }
}

}  // namespace

void put_in(Node& node, const Scope& scope, const std::filesystem::path& file,
            std::vector<Diagnostic>& out) {
  if (scope.empty()) {
    return;
  }
  if (node.is(Node::Kind::string)) {
    if (const Node* value = whole(node, scope)) {
      if (value->broken) {
        node.broken = true;
      } else {
        node = *value;
      }
    } else {
      put_into_text(node, scope, file, out);
    }
    return;
  }
  for (Node& item : node.items) {
    put_in(item, scope, file, out);
  }
  for (Member& member : node.members) {
    put_in(member.value, scope, file, out);
  }
}

void settle_counters(Node& step) {
  settle(step, schema::step_list.item);
}

void stamp(Node& node, const Origin& origin) {
  node.span.origin = &origin;
  for (Node& item : node.items) {
    stamp(item, origin);
  }
  for (Member& member : node.members) {
    member.key_span.origin = &origin;
    stamp(member.value, origin);
  }
}

}  // namespace relapse
