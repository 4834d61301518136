#include <nlohmann/json.hpp>

#include "scenario/jsonc.hpp"

namespace relapse {

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) {
      return &member.value;
    }
  }
  return nullptr;
}

std::string found_noun(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return node.boolean ? "true" : "false";
    case Node::Kind::number:
      return "a number";
    case Node::Kind::string:
      return "a string";
    case Node::Kind::array:
      return "a list";
    case Node::Kind::object:
      return "an object";
  }
  return "a value";
}

Node without_elements(const Node& object, std::string_view key) {
  Node copy;
  copy.kind = object.kind;
  copy.span = object.span;
  copy.members.reserve(object.members.size());
  for (const Member& member : object.members) {
    if (member.key != key || !member.value.is(Node::Kind::array)) {
      copy.members.push_back(member);
      continue;
    }
    Node list;
    list.kind = Node::Kind::array;
    list.span = member.value.span;
    list.broken = member.value.broken;
    copy.members.push_back({member.key, member.raw_key, member.key_span, std::move(list)});
  }
  return copy;
}

Json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return nullptr;
    case Node::Kind::boolean:
      return node.boolean;
    case Node::Kind::number:
      return Json::parse(node.text, nullptr, false);
    case Node::Kind::string:
      return node.text;
    case Node::Kind::array: {
      Json array = Json::array();
      for (const Node& item : node.items) {
        array.push_back(to_json(item));
      }
      return array;
    }
    case Node::Kind::object: {
      Json object = Json::object();
      for (const Member& member : node.members) {
        object[member.key] = to_json(member.value);
      }
      return object;
    }
  }
  return nullptr;
}

}  // namespace relapse
