#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace relapse {

/// Octets as they were on the wire; not text until validated.
using Bytes = std::string;

/// "68 69": lower-case hex, one space between octets.
std::string to_hex(std::string_view bytes);
/// Accepts hex digits with any white space between octets; nothing when a character is not hex or
/// a digit is left over.
std::optional<Bytes> from_hex(std::string_view text);
/// Standard alphabet with padding (RFC 4648 section 4).
std::string to_base64(std::string_view bytes);
/// Strict: padding required, no white space.
std::optional<Bytes> from_base64(std::string_view text);
/// URL-safe alphabet without padding (RFC 4648 section 5, as JWT uses it).
std::string to_base64url(std::string_view bytes);

/// Length of the valid UTF-8 prefix, by RFC 3629 (no surrogates, no overlong forms, at most
/// U+10FFFF). Equal to text.size() when all of it is valid.
std::size_t valid_utf8_prefix(std::string_view text);
bool is_valid_utf8(std::string_view text);

}  // namespace relapse
