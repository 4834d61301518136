#pragma once
#include <string>

#include "scenario/jsonc.hpp"
#include "scenario/schema_table.hpp"

namespace relapse {

/// The document in canonical form, by the table: two-space indent, keys in the table's order, what
/// fits into 100 columns on one line, comments kept.
std::string write_document(const Document& document, const schema::ObjectTable& table);

/// What of a scenario's tree decides how it is replayed and judged, as compact JSON: keys of the
/// format in the table's order, data (a JSON message, headers) as it stands, without comments,
/// $schema, title, incident, tags, aliases, proof and cases.
std::string canonical_json(const Node& root);

}  // namespace relapse
