#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "codec/deflate.hpp"
#include "codec/ws_frame.hpp"
#include "drive/secrets.hpp"

namespace relapse {
namespace {

const std::string secret_text = "p\"a/ss?>~w\xc3\xb6rd";
const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl";

/// A timeline of these payloads on one connection, redacted.
struct Redacted {
  Secrets secrets;
  Timeline timeline;
  bool any = false;

  explicit Redacted(std::vector<Payload> payloads, bool known = true) {
    if (known) {
      REQUIRE(secrets.add("secret:KEY", secret_text));
    }
    for (Payload& payload : payloads) {
      Event event;
      event.lane = "main";
      event.payload = std::move(payload);
      timeline.events.push_back(std::move(event));
    }
    any = secrets.redact(timeline);
  }
  template <class T>
  const T& at(std::size_t index) const {
    return std::get<T>(timeline.events.at(index).payload);
  }
  std::string mark(const std::string& what, const std::string& hidden) const {
    return secrets.vault().mark(what, hidden);
  }
  std::string key() const { return mark("secret:KEY", secret_text); }
  std::string all() const {
    std::string text = to_json(timeline).dump(-1, ' ', false, Json::error_handler_t::replace);
    for (const Event& event : timeline.events) {
      text += describe(event, 10'000);
    }
    return text;
  }
};

WsFrame frame(std::string payload, int opcode = ws::text, bool fin = true,
              Direction direction = Direction::received) {
  WsFrame made;
  made.direction = direction;
  made.opcode = opcode;
  made.fin = fin;
  made.length = payload.size();
  made.payload = std::move(payload);
  return made;
}

RawBytes raw(std::string data, Direction direction = Direction::received) {
  RawBytes made;
  made.direction = direction;
  made.size = data.size();
  made.data = std::move(data);
  return made;
}

}  // namespace

TEST_CASE("redaction: what every payload holds is hidden, and the same rest is counted",
          "[drive]") {
  HttpMessage http;
  http.target = "/?k=" + secret_text;
  http.headers = {{"X-Key", "a " + secret_text}};
  http.head = "GET /\r\nX-Key: a " + secret_text;
  http.body = secret_text + "!";
  http.body_size = secret_text.size() + 8;  // seven octets were not kept
  const std::vector<AsgiException> chain{{"E", secret_text, "w"}};
  const Redacted done(
      {http, frame(secret_text), raw(secret_text, Direction::sent),
       LogLine{"process", "key is " + secret_text, "{\"m\":\"" + secret_text + "\"}"},
       Probed{"echo", true, false, secret_text}, Ready{false, {}, secret_text},
       HarnessFailed{secret_text}, ProcessStarted{1, {"sh", secret_text}},
       Identified{secret_text, false, true}, ConnectFailed{"h", 1, secret_text},
       AsgiCalled{Value(Json{{"path", secret_text}})}, AsgiFed{Value(Json{{"text", secret_text}})},
       AsgiSent{1, Value(Json{{"bytes", {{"$bytes", secret_text}}}})},
       AsgiSendFate{AsgiSendFate::Kind::raised, 1, "OSError", secret_text},
       AsgiReturned{secret_text}, AsgiRaised{chain, "Traceback " + secret_text, false},
       AsgiTasks{1, {{secret_text, "w"}}}, AsgiComplaint{"loop", secret_text, chain, secret_text}});
  CHECK(done.any);
  CHECK(done.all().find("w\xc3\xb6rd") == std::string::npos);
  const auto& message = done.at<HttpMessage>(0);
  CHECK(message.headers.front().value == "a " + done.key());
  CHECK(message.body == done.key() + "!");
  CHECK(message.body_size == message.body.size() + 7);
  CHECK(done.at<WsFrame>(1).payload == done.key());
  CHECK(done.at<WsFrame>(1).length == done.key().size());
  CHECK(done.at<LogLine>(3).raw == "{\"m\":\"" + done.key() + "\"}");
  CHECK(done.at<ProcessStarted>(7).command.back() == done.key());
}

TEST_CASE("redaction: a record without anything to hide stays as it is", "[drive]") {
  HttpMessage http;
  http.headers = {{"Host", "x"}};
  http.head = "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n";
  const bool known = GENERATE(false, true);
  const Redacted done({http, frame("hello"), raw("x"), LogLine{"process", "line", ""},
                       AsgiSent{1, Value(Json{{"text", "t"}})}},
                      known);
  CHECK_FALSE(done.any);
  CHECK(done.secrets.vault().counts().empty());
  CHECK(done.at<WsFrame>(1).payload == "hello");
}

TEST_CASE("redaction: a value is found across every border", "[drive]") {
  const std::string left = secret_text.substr(0, 5);
  const std::string right = secret_text.substr(5);
  const std::string behind = "[redacted, continued]";
  SECTION("reads of a raw stream") {
    const Redacted done({raw("a " + left), raw(right + " b")});
    CHECK(done.at<RawBytes>(0).data == "a " + done.key());
    CHECK(done.at<RawBytes>(1).data == behind + " b");
    CHECK(done.at<RawBytes>(1).size == done.at<RawBytes>(1).data.size());
  }
  SECTION("every octet alone") {
    std::vector<Payload> payloads;
    for (const char c : secret_text) {
      payloads.emplace_back(raw(std::string(1, c)));
    }
    const Redacted done(std::move(payloads));
    CHECK(done.at<RawBytes>(0).data == done.key());
    CHECK(done.at<RawBytes>(secret_text.size() - 1).data == behind);
  }
  SECTION("two messages") {
    const Redacted done({frame(left), frame(right)});
    CHECK(done.at<WsFrame>(0).payload == done.key());
    CHECK(done.at<WsFrame>(1).payload == behind);
  }
  SECTION("fragments, with a ping between them") {
    WsFrame last = frame(right, ws::continuation);
    last.message_opcode = ws::text;
    last.message = "x" + left + right;
    last.message_size = last.message.size();
    const Redacted done({frame("x" + left, ws::text, false), frame("ping", ws::ping), last});
    CHECK(done.at<WsFrame>(0).payload == "x" + done.key());
    CHECK(done.at<WsFrame>(2).payload == behind);
    CHECK(done.at<WsFrame>(2).message == "x" + done.key() + behind);
    CHECK(done.at<WsFrame>(2).message_size == done.at<WsFrame>(2).message.size());
  }
  SECTION("a body and what follows") {
    HttpMessage http;
    http.direction = Direction::received;
    http.body = left;
    http.body_size = left.size();
    const Redacted done({http, raw(right)});
    CHECK(done.at<HttpMessage>(0).body == done.key());
  }
  SECTION("not the two directions, nor two connections") {
    const Redacted done({raw(left), raw(right, Direction::sent)});
    CHECK(done.at<RawBytes>(1).data == right);
  }
  SECTION("the pieces of a log line without an end") {
    const std::string piece(65536 - left.size(), '.');
    const Redacted done({LogLine{"process", piece + left, ""}, LogLine{"process", right, ""}});
    CHECK(done.at<LogLine>(1).text == behind);
  }
  SECTION("chunks of an ASGI body") {
    const Redacted done({AsgiSent{1, Value(Json{{"body", {{"$bytes", left}}}})},
                         AsgiSent{2, Value(Json{{"body", {{"$bytes", right}}}})}});
    CHECK(done.at<AsgiSent>(0).event.json()["body"]["$bytes"] == done.key());
    CHECK(done.at<AsgiSent>(1).event.json()["body"]["$bytes"] == behind);
  }
  SECTION("what is not kept") {
    RawBytes cut = raw("abc " + secret_text.substr(0, 9));
    cut.size = 2'000'000;
    const Redacted done({cut});
    CHECK(done.at<RawBytes>(0).data == "abc " + done.key());
  }
}

TEST_CASE("redaction: credentials across the fragments of one message", "[drive]") {
  WsFrame last = frame(jwt.substr(20) + "\"", ws::continuation);
  last.message_opcode = ws::text;
  last.message = "\"" + jwt + "\"";
  last.message_size = last.message.size();
  const Redacted done({frame("\"" + jwt.substr(0, 20), ws::text, false), last}, false);
  CHECK(done.at<WsFrame>(0).payload == "\"" + done.mark("jwt", jwt));
  CHECK(done.at<WsFrame>(1).message.find("c2ln") == std::string::npos);
}

TEST_CASE("redaction: a compressed message with a secret shows no octets of it", "[drive]") {
  const std::string message = "say " + GENERATE(as<std::string>{}, secret_text, jwt);
  const Bytes squeezed = ws::Deflater(15, false).compress(message);
  WsFrame first = frame(squeezed.substr(0, 7), ws::text, false);
  first.rsv = 4;
  WsFrame last = frame(squeezed.substr(7), ws::continuation);
  last.message_opcode = ws::text;
  last.message_size = squeezed.size();
  const bool inflated = GENERATE(true, false);
  if (inflated) {
    last.deflated = true;
    last.message = message;
    last.inflated = message.size();
  }
  const Redacted done({first, last});
  const auto& end = done.at<WsFrame>(1);
  CHECK(end.message.find(message.substr(4)) == std::string::npos);
  CHECK(done.at<WsFrame>(0).payload == done.mark("compressed message", squeezed.substr(0, 7)));
  CHECK(end.payload == done.mark("compressed message", squeezed.substr(7)));
  CHECK(end.length == end.payload.size());
  CHECK(end.inflated == (inflated ? end.message.size() : 0));
  // One without anything to hide keeps its octets.
  const Bytes plain = ws::Deflater(15, false).compress("hello");
  WsFrame quiet = frame(plain);
  quiet.rsv = 4;
  quiet.deflated = true;
  quiet.message = "hello";
  CHECK(Redacted({quiet}).at<WsFrame>(0).payload == plain);
}

TEST_CASE("redaction: raw octets that are a masked frame hide it as well", "[drive]") {
  ws::FrameSpec spec;
  spec.mask_key = 0x37fa213d;
  const Bytes octets = ws::encode(spec, "x" + secret_text);
  const auto cut = GENERATE(std::size_t{0}, std::size_t{2}, std::size_t{7});
  const Redacted done({raw(octets.substr(0, cut)), raw(octets.substr(cut))});
  CHECK(done.at<RawBytes>(1).data == done.mark("masked frame", octets.substr(cut)));
  // A part of one: the payload has begun.
  const Redacted part({raw(octets.substr(0, octets.size() - 2), Direction::sent)});
  CHECK(part.at<RawBytes>(0).data.starts_with("[redacted masked frame, "));
  const Bytes quiet = ws::encode(spec, "hello");
  CHECK(Redacted({raw(quiet)}).at<RawBytes>(0).data == quiet);
}

TEST_CASE("redaction: credentials of headers, in every place where an event has them", "[drive]") {
  HttpMessage http;
  http.target = "/ws?token=t0ken&x=1";
  http.headers = {{"Cookie", "a=c00kie"}, {"Authorization", "Bearer b3arer"}};
  http.head =
      "GET /ws?token=t0ken&x=1 HTTP/1.1\r\nCookie: a=c00kie\r\n"
      "Authorization: Bearer b3arer\r\n\r\n";
  HttpMessage form;
  form.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  form.body = "password=f0rm&x=1";
  form.body_size = form.body.size();
  const Json headers = {{{"$tuple", {{{"$bytes", "cookie"}}, {{"$bytes", "a=c00kie"}}}}},
                        {{{"$bytes", "host"}}, {{"$bytes", "x"}}}};
  const Redacted done(
      {http, raw("GET / HTTP/1.1\r\nCoo"), raw("kie: a=c00kie\r\n\r\n"), form,
       AsgiCalled{Value(Json{{"headers", headers},
                             {"query_string", {{"$bytes", "token=t0ken"}}},
                             {"subprotocols", {"bearer", "pr0tocol"}}})},
       AsgiSent{1, Value(Json{{"headers", headers}, {"subprotocol", jwt}})},
       AsgiSent{2, Value(Json{{"bytes", {{"$hex", to_hex("\xff Bearer h3xadecimal")}}}})}},
      false);
  const std::string text = done.all();
  INFO(text);
  for (const char* secret : {"t0ken", "c00kie", "b3arer", "f0rm", "pr0tocol"}) {
    CHECK(text.find(secret) == std::string::npos);
  }
  CHECK(text.find(jwt) == std::string::npos);
  CHECK(text.find(to_hex("h3xa")) == std::string::npos);
  CHECK(done.at<HttpMessage>(0).target == "/ws?token=" + done.mark("token", "t0ken") + "&x=1");
  CHECK(done.at<AsgiCalled>(4).scope.json()["subprotocols"][0] == "bearer");
  // Equal values are seen to be equal.
  CHECK(text.find(done.mark("cookie", "c00kie")) != std::string::npos);
  const auto counts = done.secrets.vault().counts();
  CHECK(counts.at("cookie") == 4);
  CHECK(counts.at("authorization") == 1);
  CHECK(counts.at("URL query") == 3);
}

}  // namespace relapse
