#pragma once
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/target.hpp"

namespace relapse {

/// A key pair as PEM: PKCS #8, and SubjectPublicKeyInfo as servers expect it.
struct KeyPair {
  std::string private_pem;
  std::string public_pem;
};

/// A new one.
KeyPair generate_key(TokenKey::Type type);
/// Reads a private key (PKCS #8, PKCS #1 or SEC 1; no passphrase). The error (kind usage) says that
/// it is none, or not of a kind that RS256 or ES256 could use.
Result<KeyPair> read_key(std::string_view pem);

/// Signature of RS256 or ES256 (RFC 7518 sections 3.3 and 3.4), raw octets: for ES256 R and S, 32
/// octets each. An error (kind usage) when the key is of another kind than the algorithm needs.
Result<Bytes> sign(std::string_view algorithm, std::string_view private_pem, std::string_view data);

}  // namespace relapse
