#include "codec/token.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.hpp"
#include "codec/signing.hpp"

namespace relapse {
namespace {

std::string hex_without_spaces(std::string_view bytes) {
  std::string out;
  for (const char c : to_hex(bytes)) {
    if (c != ' ') {
      out += c;
    }
  }
  return out;
}

Bytes to_bytes(const unsigned char* octets, std::size_t size) {
  Bytes out(size, '\0');
  std::memcpy(out.data(), octets, size);
  return out;
}

/// "+1h" or "-5m"; nothing for any other text.
std::optional<Duration> relative_time(const std::string& text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) {
    return std::nullopt;
  }
  const std::optional<Duration> distance = parse_duration(std::string_view(text).substr(1));
  if (!distance) {
    return std::nullopt;
  }
  return text[0] == '-' ? -*distance : *distance;
}

/// Fields whose value is null are left out, relative times are made absolute.
Json resolved_claims(const Json& claims, std::chrono::system_clock::time_point now) {
  Json out = Json::object();
  for (const auto& [name, value] : claims.items()) {
    if (value.is_null()) {
      continue;
    }
    out[name] = value;
    if (value.is_string() && (name == "exp" || name == "nbf" || name == "iat")) {
      if (const auto distance = relative_time(value.get<std::string>())) {
        // RFC 7519 section 2: NumericDate counts seconds.
        const auto at =
            std::chrono::floor<std::chrono::seconds>(now.time_since_epoch() + *distance);
        out[name] = std::int64_t{at.count()};
      }
    }
  }
  return out;
}

Json merged_header(const std::string& algorithm, const Json& changes) {
  Json out = {{"alg", algorithm}, {"typ", "JWT"}};
  for (const auto& [name, value] : changes.items()) {
    if (value.is_null()) {
      out.erase(name);
    } else {
      out[name] = value;
    }
  }
  return out;
}

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

constexpr std::size_t max_repeated = std::size_t{16} << 20;

/// {"$repeat": "A", "times": 70000}: the text so many times.
std::optional<std::string> repeated(const Json& json) {
  const auto text = json.find("$repeat");
  const auto times = json.find("times");
  if (json.size() != 2 || text == json.end() || times == json.end() || !text->is_string() ||
      !times->is_number_unsigned() || text->get_ref<const std::string&>().empty() ||
      times->get<std::uint64_t>() > max_repeated / text->get_ref<const std::string&>().size()) {
    return std::nullopt;
  }
  std::string out;
  for (std::uint64_t i = 0; i < times->get<std::uint64_t>(); ++i) {
    out += text->get_ref<const std::string&>();
  }
  return out;
}

/// Like compact(), but what JSON cannot say is put in as it is: {"$literal": "Infinity"}.
void write_claims(const Json& json, std::string& out) {
  if (!json.is_structured()) {
    out += compact(json);
    return;
  }
  if (json.is_object() && json.size() == 1 && json.contains("$literal") &&
      json["$literal"].is_string()) {
    out += json["$literal"].get_ref<const std::string&>();
    return;
  }
  if (const auto text = json.is_object() ? repeated(json) : std::nullopt) {
    out += compact(Json(*text));
    return;
  }
  out += json.is_object() ? '{' : '[';
  bool first = true;
  for (const auto& [name, value] : json.items()) {
    out += first ? "" : ",";
    first = false;
    if (json.is_object()) {
      out += compact(Json(name)) + ":";
    }
    write_claims(value, out);
  }
  out += json.is_object() ? '}' : ']';
}

std::string claims_text(const Json& claims) {
  std::string out;
  write_claims(claims, out);
  return out;
}

Error recipe_error(std::string message, std::string hint) {
  return Error{
      .kind = ErrorKind::usage, .message = std::move(message), .at = {}, .hint = std::move(hint)};
}

std::optional<Error> check(const TokenRecipe& recipe) {
  const std::string& algorithm = recipe.algorithm;
  if (algorithm != "HS256" && algorithm != "HS384" && algorithm != "HS512" &&
      algorithm != "RS256" && algorithm != "ES256" && algorithm != "none") {
    return recipe_error("unknown token algorithm \"" + algorithm + "\"",
                        "use HS256, HS384, HS512, RS256, ES256 or none");
  }
  const std::string& garble = recipe.garble;
  if (!garble.empty() && garble != "signature" && garble != "payload" && garble != "header" &&
      garble != "segments") {
    return recipe_error("unknown way to garble a token: \"" + garble + "\"",
                        "use signature, payload, header or segments");
  }
  if (!recipe.claims.is_null() && !recipe.claims.json().is_object()) {
    return recipe_error("the claims of a token must be an object, not " + recipe.claims.dump(), "");
  }
  if (!recipe.header.is_null() && !recipe.header.json().is_object()) {
    return recipe_error("the header of a token must be an object, not " + recipe.header.dump(), "");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Bytes> hmac(std::string_view algorithm, std::string_view secret,
                          std::string_view data) {
  const char* digest = algorithm == "HS256"   ? "SHA256"
                       : algorithm == "HS384" ? "SHA384"
                       : algorithm == "HS512" ? "SHA512"
                                              : nullptr;
  if (digest == nullptr) {
    return std::nullopt;
  }
  // A view of nothing may have a null pointer, which OpenSSL takes for "no key was set".
  const std::string key(secret);
  const std::string text(data);
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  std::size_t size = 0;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, digest, nullptr, key.data(), key.size(),
                reinterpret_cast<const unsigned char*>(text.data()), text.size(), code.data(),
                code.size(), &size) == nullptr) {
    throw std::runtime_error("OpenSSL refused HMAC");
  }
  return to_bytes(code.data(), size);
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL refused SHA-256");
  }
  return hex_without_spaces(to_bytes(digest.data(), size));
}

Result<std::string> make_token(const TokenRecipe& recipe, std::chrono::system_clock::time_point now,
                               std::string_view private_pem) {
  if (std::optional<Error> wrong = check(recipe)) {
    return std::move(*wrong);
  }
  const Json nothing = Json::object();
  const Json& fields = recipe.header.is_null() ? nothing : recipe.header.json();
  const Json& claims = recipe.claims.is_null() ? nothing : recipe.claims.json();
  std::string header = compact(merged_header(recipe.algorithm, fields));
  std::string payload = claims_text(resolved_claims(claims, now));
  if (recipe.garble == "header") {
    header.pop_back();
  } else if (recipe.garble == "payload") {
    payload.pop_back();
  }
  const std::string signing_input = to_base64url(header) + "." + to_base64url(payload);
  if (recipe.garble == "segments") {
    return signing_input;
  }
  Bytes signature;
  if (recipe.algorithm == "RS256" || recipe.algorithm == "ES256") {
    Result<Bytes> made = sign(recipe.algorithm, private_pem, signing_input);
    if (!made) {
      return std::move(made).error();
    }
    signature = std::move(*made);
  } else {
    signature = hmac(recipe.algorithm, recipe.secret, signing_input).value_or(Bytes());
  }
  if (recipe.garble == "signature") {
    if (signature.empty()) {
      signature = "unsigned";
    } else {
      signature[0] = static_cast<char>(static_cast<unsigned char>(signature[0]) ^ 0x01U);
    }
  }
  return signing_input + "." + to_base64url(signature);
}

}  // namespace relapse
