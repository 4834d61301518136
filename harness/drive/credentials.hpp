#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

/// The rules by which a text shows that a part of it is a credential, without the value being
/// known.
namespace relapse {

/// A part of a text that is a credential.
struct Credential {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view rule{};  ///< for the count: "cookie", "URL query", ...
  std::string_view what{};  ///< for the mark: "cookie", "token", ...
};

/// Where the text comes from decides what ends a value.
enum class TextKind {
  plain,   ///< log lines, messages, octets: header lines and URLs may stand anywhere
  prose,   ///< what people wrote: "the cookie: dropped" is no header
  target,  ///< a request target
  query,   ///< only the query of one
};

/// In any text: JWTs, "Bearer" and "Basic" with a credential, userinfo and tell-tale query names of
/// URLs, and headers with credentials however they are written (a header line, a JSON member, a
/// Python pair). In order of their beginning; they may overlap.
std::vector<Credential> find_credentials(std::string_view text, TextKind kind = TextKind::plain);

/// authorization, proxy-authorization, cookie, set-cookie, x-api-key, sec-websocket-protocol; case
/// does not matter.
bool carries_credentials(std::string_view header);
/// The parts of this header's value that are credentials. What is of use to a reader stays: the
/// scheme, the names of cookies, a cookie's attributes, subprotocols that are just names.
std::vector<Credential> header_credentials(std::string_view header, std::string_view value);
/// A subprotocol that is no name: long and mixed, or a token behind a prefix.
bool looks_like_credential(std::string_view subprotocol);

}  // namespace relapse
