#include "drive/credentials.hpp"

#include "base/bytes.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl";

std::string put_marks(std::string text, const std::vector<Credential>& found) {
  std::size_t until = text.size() + 1;
  for (auto one = found.rbegin(); one != found.rend(); ++one) {
    if (one->end <= until) {
      text.replace(one->begin, one->end - one->begin, "<" + std::string(one->what) + ">");
      until = one->begin;
    }
  }
  return text;
}

std::string in_text(const std::string& text, TextKind kind = TextKind::plain) {
  // Of two that overlap the one that begins first is wider here.
  std::vector<Credential> kept;
  for (const Credential& one : find_credentials(text, kind)) {
    if (kept.empty() || one.begin >= kept.back().end) {
      kept.push_back(one);
    }
  }
  return put_marks(text, kept);
}

std::string in_header(const std::string& name, const std::string& value) {
  return put_marks(value, header_credentials(name, value));
}

}  // namespace

TEST_CASE("credentials: headers keep what a reader needs", "[drive]") {
  CHECK(in_header("Authorization", "Bearer abc") == "Bearer <authorization>");
  CHECK(in_header("authorization", "Bearer Bearer abc") == "Bearer Bearer <authorization>");
  CHECK(in_header("AUTHORIZATION", jwt) == "<authorization>");
  CHECK(in_header("authorization", "Bearer") == "Bearer");
  CHECK(in_header("authorization", "") == "");
  CHECK(in_header("authorization", "  Custom a=b, c=d ") == "  Custom <authorization> ");
  CHECK(in_header("Proxy-Authorization", "Basic dTpw") == "Basic <proxy-authorization>");
  CHECK(in_header("Cookie", "a=1; session=xyz;b=") == "a=<cookie>; session=<cookie>;b=");
  CHECK(in_header("Cookie", "no-pair") == "<cookie>");
  CHECK(in_header("Set-Cookie", "session=xyz=; Path=/; HttpOnly") ==
        "session=<cookie>; Path=/; HttpOnly");
  CHECK(in_header("X-Api-Key", "k") == "<x-api-key>");
  CHECK(in_header("X-Other", "Bearer abc") == "Bearer abc");
}

TEST_CASE("credentials: a subprotocol is a name until it looks otherwise", "[drive]") {
  for (const char* name :
       {"chat.v1", "graphql-transport-ws", "v12.stomp", "wamp.2.msgpack.batched", "jwt-auth",
        "v4.base64.channel.k8s.io", "superchat", "soap", "mqtt", "graphql-ws, chat.v1"}) {
    CHECK(in_header("Sec-WebSocket-Protocol", name) == name);
  }
  CHECK(in_header("sec-websocket-protocol", "chat.v1, jwt." + jwt) == "chat.v1, jwt.<subprotocol>");
  CHECK(in_header("sec-websocket-protocol", "bearer, s3cret, chat") ==
        "bearer, <subprotocol>, chat");
  CHECK(in_header("sec-websocket-protocol", "550e8400-e29b-41d4-a716-446655440000") ==
        "<subprotocol>");
  CHECK(in_header("sec-websocket-protocol", "access.Zm9vYmFyYmF6cXV4") == "<subprotocol>");
}

TEST_CASE("credentials: shapes anywhere in a text", "[drive]") {
  CHECK(in_text("a " + jwt + ", b") == "a <jwt>, b");
  CHECK(in_text("{\"t\":\"" + jwt + "\"}") == "{\"t\":\"<jwt>\"}");
  CHECK(in_text("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.") == "<jwt>");
  CHECK(in_text("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0") == "<jwt>");
  CHECK(in_text("eyJhbGciOiJub25lIn0") == "eyJhbGciOiJub25lIn0");
  CHECK(in_text("eyJ and eyJs.x") == "eyJ and eyJs.x");
  CHECK(in_text("got Bearer log-bearer-1 here") == "got Bearer <bearer token> here");
  CHECK(in_text("BEARER%20abcdefgh") == "BEARER%20<bearer token>");
  CHECK(in_text("Bearer supersecret") == "Bearer <bearer token>");
  CHECK(in_text("Basic dXNlcjpwYXNz") == "Basic <basic credential>");
  for (const char* text :
       {"a bearer token is required", "Bearer authentication failed",
        "WWW-Authenticate: Bearer realm=\"x\", error=\"invalid_token\"", "the basic authentication",
        "Basic usage", "bearer", "Bearer ", "forbear unknown"}) {
    CHECK(in_text(text) == text);
  }
}

TEST_CASE("credentials: URLs anywhere in a text", "[drive]") {
  CHECK(in_text("GET /ws?room=a&token=t0&x=1 HTTP/1.1") ==
        "GET /ws?room=a&token=<token>&x=1 HTTP/1.1");
  CHECK(in_text("\"https://u:p@host/?access_token=a%20b#f\"") ==
        "\"https://<userinfo>@host/?access_token=<access_token>#f\"");
  CHECK(in_text("?code=1&amp;api-key=k<br>") == "?code=<code>&amp;api-key=<api-key><br>");
  CHECK(in_text("\"/a?x=1\\u0026sig=zz\"") == "\"/a?x=1\\u0026sig=<sig>\"");
  CHECK(in_text("/a?x-amz-signature=ff", TextKind::target) ==
        "/a?x-amz-signature=<x-amz-signature>");
  CHECK(in_text("/a?password=it's", TextKind::target) == "/a?password=<password>");
  CHECK(in_text("token=t0&x=1", TextKind::query) == "token=<token>&x=1");
  for (const char* text : {"token=t0", "?tokens=1&monkey=2&encode=3", "?token=&x=1", "user@host",
                           "http://host/@x", "a?b:c@d"}) {
    CHECK(in_text(text) == text);
  }
}

TEST_CASE("credentials: a header in a text, however it is written", "[drive]") {
  CHECK(in_text("GET / HTTP/1.1\r\nCookie: a=b; c=d\r\nHost: x\r\n\r\n") ==
        "GET / HTTP/1.1\r\nCookie: a=<cookie>; c=<cookie>\r\nHost: x\r\n\r\n");
  CHECK(in_text("Authorization: Custom\r\n abc\r\nHost: x") ==
        "Authorization: <authorization>\r\nHost: x");
  CHECK(in_text("{\"authorization\": \"Custom abc\", \"x\": 1}") ==
        "{\"authorization\": \"Custom <authorization>\", \"x\": 1}");
  CHECK(in_text("{\\\"cookie\\\":\\\"a=b\\\",\\\"x\\\":1}") ==
        "{\\\"cookie\\\":\\\"a=<cookie>\\\",\\\"x\\\":1}");
  CHECK(in_text("[(b'cookie', b'a=b'), (b'x', b'y')]") ==
        "[(b'cookie', b'a=<cookie>'), (b'x', b'y')]");
  CHECK(in_text("[\"x-api-key\",\"k1\"]") == "[\"x-api-key\",\"<x-api-key>\"]");
  CHECK(in_text("BYTES \"GET /\\r\\nCookie: a=b\\r\\nHost: x\", in 2 segments") ==
        "BYTES \"GET /\\r\\nCookie: a=<cookie>\\r\\nHost: x\", in 2 segments");
  CHECK(in_text("{'query_string': b'token=t0&x=1', 'path': '/'}") ==
        "{'query_string': b'token=<token>&x=1', 'path': '/'}");
  CHECK(in_text("QUERY_STRING=token=t0") == "QUERY_STRING=token=<token>");
  CHECK(in_text("Cookie: a=b", TextKind::prose) == "Cookie: a=b");
  CHECK(in_text("HTTP_COOKIE='a=b' HTTP_HOST=x") == "HTTP_COOKIE='a=<cookie>' HTTP_HOST=x");
  for (const char* text : {"cookies: many", "a, b, cookie, c", "authorization", "cookie",
                           "cookie:", "cookie: ", "set-cookie: dropped", "x: y"}) {
    CHECK(in_text(text) == text);
  }
}

}  // namespace relapse
