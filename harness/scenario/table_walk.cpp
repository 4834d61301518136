#include "scenario/table_walk.hpp"

#include <algorithm>

namespace relapse {
namespace schema {

const Key* ObjectTable::find(std::string_view key) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == key; });
  return found == keys.end() ? nullptr : &*found;
}

bool is_operator(std::string_view key) {
  return std::find(pattern_operators.begin(), pattern_operators.end(), key) !=
         pattern_operators.end();
}

const Type* as_kind(const Type& type, Type::Kind kind) {
  if (type.kind == kind) {
    return &type;
  }
  for (const Type* alternative : type.alternatives) {
    if (const Type* found = as_kind(*alternative, kind)) {
      return found;
    }
  }
  return nullptr;
}

}  // namespace schema

using schema::ObjectTable;
using schema::Type;

const ObjectTable* table_of(const Node& node, const Type* type) {
  if (type == nullptr || !node.is(Node::Kind::object)) {
    return nullptr;
  }
  if (type->kind == Type::Kind::pattern) {
    const bool operators =
        !node.members.empty() &&
        std::all_of(node.members.begin(), node.members.end(),
                    [](const Member& member) { return schema::is_operator(member.key); });
    return operators ? nullptr : table_of(node, type->item);
  }
  if (type->kind == Type::Kind::one_of) {  // a short form beside a pattern
    if (const Type* pattern = schema::as_kind(*type, Type::Kind::pattern)) {
      return table_of(node, pattern);
    }
  }
  const Type* object = schema::as_kind(*type, Type::Kind::object);
  return object != nullptr ? object->table : nullptr;
}

const Type* member_type(const ObjectTable* table, const Type* type, std::string_view key) {
  if (table != nullptr) {
    const schema::Key* known = table->find(key);
    return known != nullptr ? known->type : nullptr;
  }
  const Type* map = type != nullptr ? schema::as_kind(*type, Type::Kind::map) : nullptr;
  return map != nullptr ? map->item : nullptr;
}

const Type* item_type(const Type* type) {
  const Type* list = type != nullptr ? schema::as_kind(*type, Type::Kind::list) : nullptr;
  return list != nullptr ? list->item : nullptr;
}

}  // namespace relapse
