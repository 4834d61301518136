#pragma once
#include <string>
#include <vector>

#include "drive/redact_stream.hpp"
#include "model/value.hpp"

namespace relapse {

/// Whether redact_json would change anything; copies nothing.
bool holds_credentials(const Json& json, const Secrets& secrets);
/// A scope or an event of ASGI (model/asgi.hpp): its strings and bytes, its headers by their rules,
/// its query_string as a query, its subprotocols. Whether anything was hidden.
bool redact_json(Json& json, const Secrets& secrets, RedactionCounts& counts);

/// The strings of an event that carry on a stream of octets: body, text and bytes.
std::vector<std::string*> stream_texts(Json& event);

}  // namespace relapse
