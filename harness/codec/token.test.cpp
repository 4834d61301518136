#include "codec/token.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "catch.hpp"

using namespace relapse;
using namespace std::chrono_literals;

namespace {

const std::chrono::system_clock::time_point now{std::chrono::seconds{1'800'000'000}};

TokenRecipe recipe(std::string algorithm, std::string secret, Json claims) {
  TokenRecipe out;
  out.algorithm = std::move(algorithm);
  out.secret = std::move(secret);
  out.claims = Value(std::move(claims));
  return out;
}

std::string made(const TokenRecipe& from) {
  Result<std::string> token = make_token(from, now);
  REQUIRE(token.has_value());
  return *token;
}

Bytes decode_segment(std::string text) {
  for (char& c : text) {
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  text.append((4 - text.size() % 4) % 4, '=');
  const std::optional<Bytes> bytes = from_base64(text);
  REQUIRE(bytes.has_value());
  return *bytes;
}

Json payload_of(const std::string& token) {
  return Json::parse(decode_segment(split(token, '.').at(1)));
}

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}

}  // namespace

TEST_CASE("token: HS256 signature of RFC 7515 appendix A.1", "[codec]") {
  const Bytes key = decode_segment(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const std::string input =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ";
  CHECK(to_base64url(hmac("HS256", key, input).value()) ==
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST_CASE("token: HMAC test case 2 of RFC 4231, and an empty key", "[codec]") {
  const std::string data = "what do ya want for nothing?";
  CHECK(hmac("HS256", "Jefe", data) ==
        hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  CHECK(hmac("HS384", "Jefe", data) ==
        hex("af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
            "8e2240ca5e69e2c78b3239ecfab21649"));
  CHECK(hmac("HS512", "Jefe", data) ==
        hex("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"));
  CHECK(hmac("HS256", "", "") ==
        hex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
  CHECK(hmac("HS256", std::string_view(), std::string_view()) == hmac("HS256", "", ""));
  CHECK_FALSE(hmac("RS256", "k", "d").has_value());
  CHECK_FALSE(hmac("none", "k", "d").has_value());
}

TEST_CASE("token: sha256", "[codec]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("token: a whole token, octet for octet", "[codec]") {
  const Json claims = {{"sub", "1234567890"}, {"name", "John Doe"}, {"iat", 1516239022}};
  CHECK(made(recipe("HS256", "your-256-bit-secret", claims)) ==
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
        "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c");
  // RFC 7519 section 6.1 in spirit: an unsecured token ends with its second dot.
  CHECK(made(recipe("none", "unused", Json{{"a", 1}})) ==
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJhIjoxfQ.");
}

TEST_CASE("token: times relative to now under exp, nbf and iat only", "[codec]") {
  const Json claims = {{"exp", "+1h"},
                       {"nbf", "-5m"},
                       {"iat", "-1.5s"},
                       {"jti", "+1h"},
                       {"sub", "user"},
                       {"gone", nullptr},
                       {"nested", {{"exp", "+1h"}}}};
  const Json payload = payload_of(made(recipe("HS256", "s", claims)));
  CHECK(payload == Json{{"exp", 1'800'003'600},
                        {"nbf", 1'799'999'700},
                        {"iat", 1'799'999'998},
                        {"jti", "+1h"},
                        {"sub", "user"},
                        {"nested", {{"exp", "+1h"}}}});
  CHECK(payload["exp"].is_number_integer());
  // What is no relative time stays: a string or a huge number may be the fault.
  const Json odd = {{"exp", "tomorrow"}, {"nbf", "+"}, {"iat", -1}};
  CHECK(payload_of(made(recipe("HS256", "s", odd))) == odd);
}

TEST_CASE("token: header fields are merged, null removes", "[codec]") {
  TokenRecipe from = recipe("HS512", "s", Json::object());
  from.header = Value(Json{{"kid", "k1"}, {"typ", nullptr}, {"alg", "RS256"}});
  CHECK(decode_segment(split(made(from), '.')[0]) == R"({"alg":"RS256","kid":"k1"})");
  TokenRecipe bare;
  CHECK(decode_segment(split(made(bare), '.')[1]) == "{}");
}

TEST_CASE("token: damage on purpose", "[codec]") {
  const TokenRecipe sound = recipe("HS256", "secret", Json{{"sub", "u"}});
  const std::vector<std::string> whole = split(made(sound), '.');
  REQUIRE(whole.size() == 3);
  TokenRecipe from = sound;

  from.garble = "signature";
  std::vector<std::string> parts = split(made(from), '.');
  REQUIRE(parts.size() == 3);
  CHECK(parts[0] == whole[0]);
  CHECK(parts[1] == whole[1]);
  CHECK(parts[2] != whole[2]);
  CHECK(decode_segment(parts[2]).size() == 32);
  CHECK(decode_segment(parts[2]).substr(1) == decode_segment(whole[2]).substr(1));

  from.garble = "payload";
  parts = split(made(from), '.');
  CHECK(decode_segment(parts[1]) == R"({"sub":"u")");
  CHECK(decode_segment(parts[2]) == hmac("HS256", "secret", parts[0] + "." + parts[1]));

  from.garble = "header";
  parts = split(made(from), '.');
  CHECK(decode_segment(parts[0]) == R"({"alg":"HS256","typ":"JWT")");
  CHECK(decode_segment(parts[2]) == hmac("HS256", "secret", parts[0] + "." + parts[1]));

  from.garble = "segments";
  CHECK(made(from) == whole[0] + "." + whole[1]);

  TokenRecipe unsecured = recipe("none", "", Json::object());
  unsecured.garble = "signature";
  CHECK(split(made(unsecured), '.')[2] == to_base64url("unsigned"));
}

TEST_CASE("token: a recipe that cannot be followed is a usage error", "[codec]") {
  TokenRecipe wrong = recipe("RS512", "s", Json::object());
  Result<std::string> answer = make_token(wrong, now);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == ErrorKind::usage);
  CHECK(answer.error().message == "unknown token algorithm \"RS512\"");
  CHECK(answer.error().hint == "use HS256, HS384, HS512, RS256, ES256 or none");
  wrong = recipe("HS256", "s", Json::object());
  wrong.garble = "all";
  answer = make_token(wrong, now);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().message == "unknown way to garble a token: \"all\"");
  answer = make_token(recipe("HS256", "s", Json::array()), now);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().message == "the claims of a token must be an object, not []");
  wrong = recipe("HS256", "s", Json::object());
  wrong.header = Value(Json("x"));
  answer = make_token(wrong, now);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().message == "the header of a token must be an object, not \"x\"");
}

TEST_CASE("token: claims that JSON cannot say, and long ones", "[codec]") {
  const auto payload = [](Json claims) {
    return decode_segment(split(made(recipe("HS256", "s", std::move(claims))), '.').at(1));
  };
  CHECK(payload(Json::parse(R"({"exp": {"$literal": "Infinity"}, "nbf": {"$literal": "-1e999"},
                                "a": [{"b": {"$literal": "NaN"}}, 1, {}, []]})")) ==
        R"({"exp":Infinity,"nbf":-1e999,"a":[{"b":NaN},1,{},[]]})");
  CHECK(payload(Json::parse(R"({"sub": {"$repeat": "ab", "times": 3}})")) == R"({"sub":"ababab"})");
  CHECK(payload(Json::parse(R"({"sub": {"$repeat": "A", "times": 70000}})")).size() == 70010);
  // What only looks alike is a claim like any other, and nothing exhausts the memory.
  for (const char* plain :
       {R"({"a":{"$literal":1}})", R"({"a":{"$literal":"x","b":1}})", R"({"a":{"$repeat":"x"}})",
        R"({"a":{"$repeat":"x","times":-1}})", R"({"a":{"$repeat":"x","times":99999999999}})"}) {
    CHECK(payload(Json::parse(plain)) == plain);
  }
}
