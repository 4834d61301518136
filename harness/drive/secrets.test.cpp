#include "drive/secrets.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

// With characters that percent-encoding, JSON and both base64 alphabets treat differently.
const std::string value = "p\"a/ss?>~wörd";

Secrets secrets() {
  Secrets made;
  REQUIRE(made.add("secret:KEY", value));
  return made;
}

std::string redacted(std::string text) {
  secrets().redact(text);
  return text;
}

}  // namespace

TEST_CASE("secrets: a value is found in every form that it may take", "[drive]") {
  const std::string word = "[redacted secret:KEY]";
  CHECK(redacted("a " + value + " b " + value) == "a " + word + " b " + word);
  CHECK(redacted("?key=p%22a%2Fss%3F%3E~w%C3%B6rd&x=1") == "?key=" + word + "&x=1");
  CHECK(redacted(R"({"key":"p\"a/ss?>~wörd"})") == R"({"key":")" + word + R"("})");
  CHECK(redacted("nothing of the kind") == "nothing of the kind");
}

TEST_CASE("secrets: base64 does not hide a value, wherever it stands in the octets", "[drive]") {
  for (const char* before : {"", "u", "us", "usr", "user:", "a longer name:"}) {
    for (const char* after : {"", "x", "xy", "xyz"}) {
      const std::string octets = before + value + after;
      INFO(octets);
      for (const std::string& encoded : {to_base64(octets), to_base64url(octets)}) {
        const std::string shown = redacted(encoded);
        CHECK(shown.find("[redacted secret:KEY]") != std::string::npos);
        // What is left over at the edges is too short to tell the value.
        CHECK(shown.size() <= encoded.size() - (value.size() * 4 / 3 - 3) + 24);
      }
    }
  }
}

TEST_CASE("secrets: what every payload holds is redacted, and counts the same rest", "[drive]") {
  const Secrets all = secrets();
  HttpMessage http;
  http.target = "/?k=" + value;
  http.headers = {{"Authorization", "Bearer " + value}};
  http.head = "GET /\r\nAuthorization: Bearer " + value;
  http.body = value;
  http.body_size = value.size() + 7;  // seven octets were not kept
  WsFrame frame;
  frame.payload = value;
  frame.message = "say " + value;
  frame.length = value.size();
  for (Payload payload :
       {Payload{http}, Payload{frame}, Payload{RawBytes{Direction::sent, value, 1, ""}},
        Payload{LogLine{"process", "key is " + value, "{\"m\":\"" + value + "\"}"}},
        Payload{Probed{"echo", true, false, value}}, Payload{Ready{false, {}, value}},
        Payload{HarnessFailed{value}}, Payload{ProcessStarted{1, {"sh", value}}},
        Payload{Identified{value, false, true}}}) {
    all.redact(payload);
    Event event;
    event.payload = payload;
    const std::string text = describe(event, 1000);
    INFO(text);
    CHECK(text.find("wörd") == std::string::npos);
    if (const auto* sent = std::get_if<HttpMessage>(&payload)) {
      CHECK(sent->headers.front().value == "Bearer [redacted secret:KEY]");
      CHECK(sent->head.find(value) == std::string::npos);
      CHECK(sent->body == "[redacted secret:KEY]");
      CHECK(sent->body_size == sent->body.size() + 7);
    }
    if (const auto* said = std::get_if<LogLine>(&payload)) {
      CHECK(said->raw == "{\"m\":\"[redacted secret:KEY]\"}");
    }
    if (const auto* sent = std::get_if<WsFrame>(&payload)) {
      CHECK(sent->message == "say [redacted secret:KEY]");
      CHECK(sent->length == sent->payload.size());
    }
  }
}

TEST_CASE("secrets: of two that overlap the longer one is named", "[drive]") {
  Secrets both;
  REQUIRE(both.add("secret:SHORT", "abcdef"));
  REQUIRE(both.add("secret:LONG", "abcdefghij"));
  std::string text = "abcdefghij abcdef";
  both.redact(text);
  CHECK(text == "[redacted secret:LONG] [redacted secret:SHORT]");
}

TEST_CASE("secrets: a value too short to be told from other text is refused", "[drive]") {
  Secrets made;
  const auto refused = made.add("secret:PIN", "123");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "the value of ${secret:PIN} has 3 octets: too few to be kept out of the output");
  CHECK_FALSE(made.add("secret:PIN", "123"));  // and not let through the next time
  CHECK(made.add("secret:NONE", ""));
  CHECK(made.empty());
}

TEST_CASE("secrets: variables are shown by their stand-ins, and captures revealed again",
          "[drive]") {
  const Secrets all = secrets();
  const Variables shown =
      all.shown({{"secret:KEY", value}, {"env:URL", "http://" + value}, {"nonce", "n"}});
  CHECK(shown.at("secret:KEY") == "[redacted secret:KEY]");
  CHECK(shown.at("env:URL") == "http://[redacted secret:KEY]");
  CHECK(shown.at("nonce") == "n");
  CHECK(all.revealed({{"echo", "x [redacted secret:KEY]"}}).at("echo") == "x " + value);
}

TEST_CASE("secrets: a token is one when what it is made of is one", "[drive]") {
  Target target;
  target.tokens["plain"].secret = "a secret for tests";
  target.tokens["real"].secret = "${secret:JWT}";
  target.tokens["claims"].claims = Value(Json{{"sub", "${secret:USER}"}});
  target.tokens["made"].key = "made";
  target.tokens["kept"].key = "kept";
  target.keys["made"] = {};
  target.keys["kept"].file = "service.pem";
  CHECK(is_secret("secret:ANY", target));
  CHECK_FALSE(is_secret("env:ANY", target));
  CHECK_FALSE(is_secret("token:plain", target));
  CHECK(is_secret("token:real", target));
  CHECK(is_secret("token:claims", target));
  CHECK_FALSE(is_secret("token:made", target));
  CHECK(is_secret("token:kept", target));
  CHECK_FALSE(is_secret("token:unknown", target));
}

}  // namespace relapse
