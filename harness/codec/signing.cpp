#include "codec/signing.hpp"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

namespace relapse {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

constexpr std::string_view curve = "prime256v1";  // P-256, the only one that ES256 allows
constexpr int coordinate = 32;
constexpr std::size_t rsa_bits = 2048;

void must(bool ok, const char* what) {
  if (!ok) {
    throw std::runtime_error(std::string("OpenSSL refused ") + what);
  }
}

std::string content(BIO* memory) {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A passphrase is never asked for: relapse may run without a terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Key parse(std::string_view pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  must(memory != nullptr, "memory");
  return Key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr));
}

KeyPair to_pem(EVP_PKEY* key) {
  const Memory secret(BIO_new(BIO_s_mem()));
  const Memory open(BIO_new(BIO_s_mem()));
  must(secret && open &&
           PEM_write_bio_PKCS8PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr,
                                         nullptr) == 1 &&
           PEM_write_bio_PUBKEY(open.get(), key) == 1,
       "to write a key");
  return {content(secret.get()), content(open.get())};
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1 &&
         std::string_view(name.data(), size) == curve;
}

Error wrong_key(std::string message, std::string hint) {
  return Error{ErrorKind::usage, std::move(message), {}, std::move(hint)};
}

/// OpenSSL gives the DER form; a token holds R and S side by side.
Bytes plain_signature(const std::vector<unsigned char>& der) {
  const unsigned char* at = der.data();
  const Signature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  must(parsed != nullptr, "its own signature");
  std::array<unsigned char, 2 * coordinate> out{};
  must(BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out.data(), coordinate) == coordinate &&
           BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out.data() + coordinate, coordinate) ==
               coordinate,
       "its own signature");
  return {out.begin(), out.end()};
}

}  // namespace

KeyPair generate_key(TokenKey::Type type) {
  const Key key(type == TokenKey::Type::rsa
                    ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits)
                    : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data()));
  must(key != nullptr, "to make a key");
  return to_pem(key.get());
}

Result<KeyPair> read_key(std::string_view pem) {
  const Key key = parse(pem);
  if (!key) {
    return wrong_key("it holds no private key in PEM form without a passphrase",
                     "openssl pkey -in OLD -out NEW writes one");
  }
  if (EVP_PKEY_is_a(key.get(), "RSA") != 1 && !is_p256(key.get())) {
    return wrong_key("its private key is neither RSA nor EC on the curve P-256",
                     "RS256 needs the one, ES256 the other");
  }
  return to_pem(key.get());
}

Result<Bytes> sign(std::string_view algorithm, std::string_view private_pem,
                   std::string_view data) {
  const Key key = parse(private_pem);
  const bool elliptic = algorithm == "ES256";
  const bool fits = key && (elliptic ? is_p256(key.get()) : EVP_PKEY_is_a(key.get(), "RSA") == 1);
  if (!fits || (!elliptic && algorithm != "RS256")) {
    return wrong_key("the key does not fit the algorithm " + std::string(algorithm),
                     "RS256 needs an RSA key, ES256 one of EC");
  }
  const Digest context(EVP_MD_CTX_new());
  const std::vector<unsigned char> octets(data.begin(), data.end());
  std::size_t size = 0;
  must(context != nullptr &&
           EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestSign(context.get(), nullptr, &size, octets.data(), octets.size()) == 1,
       "to sign");
  std::vector<unsigned char> signature(size);
  must(EVP_DigestSign(context.get(), signature.data(), &size, octets.data(), octets.size()) == 1,
       "to sign");
  signature.resize(size);
  if (elliptic) {
    return plain_signature(signature);
  }
  return Bytes(signature.begin(), signature.end());
}

}  // namespace relapse
