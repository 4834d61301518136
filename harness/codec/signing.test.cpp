#include "codec/signing.hpp"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.hpp"
#include "catch.hpp"
#include "codec/token.hpp"

using namespace relapse;

namespace {

Bytes decoded(std::string text) {
  for (char& c : text) {
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  text.append((4 - text.size() % 4) % 4, '=');
  return from_base64(text).value();
}

/// DER of an ES256 signature, as OpenSSL verifies it.
std::vector<unsigned char> der_of(const std::vector<unsigned char>& plain) {
  ECDSA_SIG* signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, BN_bin2bn(plain.data(), 32, nullptr),
                 BN_bin2bn(plain.data() + 32, 32, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature, &der);
  std::vector<unsigned char> out(der, der + size);
  OPENSSL_free(der);
  ECDSA_SIG_free(signature);
  return out;
}

bool verifies(const std::string& public_pem, std::string_view data, const Bytes& signature,
              bool elliptic) {
  BIO* memory = BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size()));
  EVP_PKEY* key = PEM_read_bio_PUBKEY(memory, nullptr, nullptr, nullptr);
  BIO_free(memory);
  REQUIRE(key != nullptr);
  std::vector<unsigned char> octets(signature.begin(), signature.end());
  if (elliptic) {
    REQUIRE(octets.size() == 64);
    octets = der_of(octets);
  }
  const std::vector<unsigned char> text(data.begin(), data.end());
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context, octets.data(), octets.size(), text.data(), text.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return good;
}

TokenRecipe recipe(std::string algorithm) {
  TokenRecipe out;
  out.algorithm = std::move(algorithm);
  out.claims = Value(Json{{"sub", "u"}});
  return out;
}

}  // namespace

TEST_CASE("signing: RS256 and ES256 tokens verify with the public half only", "[codec]") {
  const KeyPair rsa = generate_key(TokenKey::Type::rsa);
  const KeyPair ec = generate_key(TokenKey::Type::ec);
  CHECK(rsa.public_pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
  CHECK(rsa.private_pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
  CHECK(ec.private_pem != generate_key(TokenKey::Type::ec).private_pem);
  for (int i = 0; i < 40; ++i) {  // R or S is short once in 128 times: it must be padded
    for (const bool elliptic : {false, true}) {
      if (!elliptic && i > 2) {
        continue;
      }
      const KeyPair& pair = elliptic ? ec : rsa;
      TokenRecipe from = recipe(elliptic ? "ES256" : "RS256");
      from.claims = Value(Json{{"i", i}});
      const auto token = make_token(from, {}, pair.private_pem);
      REQUIRE(token);
      const auto parts = split(*token, '.');
      REQUIRE(parts.size() == 3);
      const std::string input = parts[0] + "." + parts[1];
      CHECK(Json::parse(decoded(parts[0]))["alg"] == from.algorithm);
      CHECK(verifies(pair.public_pem, input, decoded(parts[2]), elliptic));
      CHECK_FALSE(verifies(pair.public_pem, input + "x", decoded(parts[2]), elliptic));
      from.garble = "signature";
      const auto garbled = make_token(from, {}, pair.private_pem);
      REQUIRE(garbled);
      CHECK_FALSE(verifies(pair.public_pem, input, decoded(split(*garbled, '.').at(2)), elliptic));
    }
  }
}

TEST_CASE("signing: a key that was written is read back", "[codec]") {
  for (const auto type : {TokenKey::Type::rsa, TokenKey::Type::ec}) {
    const KeyPair pair = generate_key(type);
    const auto read = read_key(pair.private_pem);
    REQUIRE(read);
    CHECK(read->public_pem == pair.public_pem);
    CHECK_FALSE(read_key(pair.public_pem));
  }
  const auto nothing = read_key("");
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().kind == ErrorKind::usage);
  CHECK(nothing.error().message == "it holds no private key in PEM form without a passphrase");
}

TEST_CASE("signing: a key of another kind than the algorithm needs", "[codec]") {
  const KeyPair rsa = generate_key(TokenKey::Type::rsa);
  const KeyPair ec = generate_key(TokenKey::Type::ec);
  const std::vector<std::pair<std::string, std::string>> wrong{{"RS256", ec.private_pem},
                                                               {"ES256", rsa.private_pem},
                                                               {"RS256", rsa.public_pem},
                                                               {"RS256", ""}};
  for (const auto& [algorithm, pem] : wrong) {
    const auto token = make_token(recipe(algorithm), {}, pem);
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == ErrorKind::usage);
    CHECK(token.error().message == "the key does not fit the algorithm " + algorithm);
  }
}

TEST_CASE("signing: key confusion is HS256 under the text of the public key", "[codec]") {
  TokenRecipe from = recipe("HS256");
  from.secret = generate_key(TokenKey::Type::rsa).public_pem;
  const auto token = make_token(from, {});
  REQUIRE(token);
  const auto parts = split(*token, '.');
  CHECK(decoded(parts[2]) == hmac("HS256", from.secret, parts[0] + "." + parts[1]).value());
}
