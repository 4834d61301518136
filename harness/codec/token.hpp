#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/target.hpp"

namespace relapse {

/// A JSON Web Token (RFC 7519) by recipe, whose strings are already resolved. Claims that read like
/// "+1h" or "-5m" under exp, nbf and iat become seconds since the epoch relative to now; null
/// leaves a claim or a header field out. Damage on purpose, by recipe.garble:
///   signature  one bit of it is flipped (algorithm none: a signature appears)
///   payload    the JSON lacks its last octet, under a signature that fits
///   header     likewise
///   segments   the signature and its dot are missing
/// Claims that JSON or patience cannot hold: {"$literal": "Infinity"} is put in as it stands, and
/// {"$repeat": "A", "times": 70000} is that text so many times.
/// `private_pem` is the key of RS256 and ES256. An error (kind usage) names an unknown algorithm or
/// garble, a key that does not fit, or claims that are not an object.
Result<std::string> make_token(const TokenRecipe& recipe, std::chrono::system_clock::time_point now,
                               std::string_view private_pem = {});

/// HMAC of the named JWS algorithm (HS256, HS384, HS512; RFC 7518 section 3.2), raw octets. A
/// secret of any length, however weak, is used. Nothing for another algorithm.
std::optional<Bytes> hmac(std::string_view algorithm, std::string_view secret,
                          std::string_view data);

/// Lower-case hex SHA-256.
std::string sha256_hex(std::string_view bytes);

}  // namespace relapse
