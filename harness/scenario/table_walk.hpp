#pragma once
#include <string_view>

#include "scenario/jsonc.hpp"
#include "scenario/schema_table.hpp"

/// Walking a tree along its table, for whoever needs to know what a value is meant to be. A null
/// type stands for data, of which the tables say nothing.
namespace relapse {

/// The table by which the keys of this object are ordered; nullptr for data, whose order is the
/// author's.
const schema::ObjectTable* table_of(const Node& node, const schema::Type* type);
/// The type of a member's value; `table` is what table_of said of the object.
const schema::Type* member_type(const schema::ObjectTable* table, const schema::Type* type,
                                std::string_view key);
const schema::Type* item_type(const schema::Type* type);

}  // namespace relapse
