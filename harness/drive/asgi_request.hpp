#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "codec/http1.hpp"
#include "model/value.hpp"

/// What an ASGI server makes of a request: a scope, or an answer of its own.
namespace relapse {

/// The scope for a request that a server passes on: of type websocket for an upgrade, else http.
/// The address of the server is that of defaults.host.
Value scope_of(const HttpMessage& request, const RequestDefaults& defaults);

/// Why a server refuses the request before any application sees it: "an upgrade without Host".
/// Nothing when it passes it on. What a reference ${...} stands for counts as right.
std::optional<std::string> refused_by_server(const HttpMessage& request);

/// The host and the port of "host:port", "[::1]:port"; 80 when there is none.
struct HostPort {
  std::string host{};
  int port = 0;
};
HostPort host_port(std::string_view text);

/// RFC 9110 section 5.6.2.
bool is_token(std::string_view text);
/// A header's value that can be written: without line breaks and NUL.
bool is_header_value(std::string_view text);
/// Whether one of the elements of the list is this one, whatever its case.
bool lists(std::string_view header_value, std::string_view element);

}  // namespace relapse
