#include "scenario/table_walk.hpp"

#include <algorithm>

namespace relapse {

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
