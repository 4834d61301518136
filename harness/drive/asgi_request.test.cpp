#include "drive/asgi_request.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "catch.hpp"

using namespace relapse;

namespace {

const RequestDefaults defaults{"127.0.0.1:8000", {{"X-Target", "a"}}, "relapse", ""};
const char* const some_key = "dGhlIHNhbXBsZSBub25jZQ==";

HttpMessage upgrade(const HttpRequest& request = {}) {
  const SendUpgrade send{};
  return build_request(request, &send, some_key, defaults);
}

HttpMessage request(HttpRequest request = {}) {
  return build_request(request, nullptr, "", defaults);
}

HttpRequest with(std::vector<Header> headers) {
  HttpRequest made;
  made.headers = std::move(headers);
  return made;
}

}  // namespace

TEST_CASE("asgi request: the scope of an upgrade says what its octets say", "[drive]") {
  HttpRequest asked;
  asked.path = "/caf%C3%A9/%ff?x=%20";
  asked.query = {{"token", "a b"}};
  asked.headers = {{"X-Name", " caf\xe9 "},
                   {"X-Dup", "1"},
                   {"X-Dup", "2"},
                   {"Sec-WebSocket-Protocol", "jwt, , a.b"},
                   {"sec-websocket-protocol", "c"}};
  const Json scope = scope_of(upgrade(asked), defaults).json();
  CHECK(scope == Json::parse(R"({
    "type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.5"},
    "http_version": "1.1", "scheme": "ws",
    "path": "/café/�", "raw_path": {"$bytes": "/caf%C3%A9/%ff"},
    "query_string": {"$bytes": "x=%20&token=a%20b"}, "root_path": "",
    "headers": [
      [{"$bytes": "host"}, {"$bytes": "127.0.0.1:8000"}],
      [{"$bytes": "user-agent"}, {"$bytes": "relapse"}],
      [{"$bytes": "upgrade"}, {"$bytes": "websocket"}],
      [{"$bytes": "connection"}, {"$bytes": "Upgrade"}],
      [{"$bytes": "sec-websocket-key"}, {"$bytes": "dGhlIHNhbXBsZSBub25jZQ=="}],
      [{"$bytes": "sec-websocket-version"}, {"$bytes": "13"}],
      [{"$bytes": "x-target"}, {"$bytes": "a"}],
      [{"$bytes": "x-name"}, {"$hex": "63 61 66 e9"}],
      [{"$bytes": "x-dup"}, {"$bytes": "1"}],
      [{"$bytes": "x-dup"}, {"$bytes": "2"}],
      [{"$bytes": "sec-websocket-protocol"}, {"$bytes": "jwt, , a.b"}],
      [{"$bytes": "sec-websocket-protocol"}, {"$bytes": "c"}]],
    "client": ["127.0.0.1", 50000], "server": ["127.0.0.1", 8000],
    "subprotocols": ["jwt", "a.b", "c"], "state": {},
    "extensions": {"websocket.http.response": {}}})"));
}

TEST_CASE("asgi request: octets of a path that are not UTF-8, as Python decodes them", "[drive]") {
  struct Row {
    const char* path;
    std::size_t replaced;  ///< what urllib.parse.unquote makes of it
  };
  const Row row = GENERATE(Row{"/%ff", 1}, Row{"/%c3%28", 1}, Row{"/%e2%82", 1}, Row{"/%e2%82x", 1},
                           Row{"/%f0%9f%98", 1}, Row{"/%f0%9fx", 1}, Row{"/%80%80", 2},
                           Row{"/%ed%a0%80", 3}, Row{"/%f0%80%80", 3}, Row{"/%e2%82%e2%82%ac", 1});
  CAPTURE(row.path);
  HttpRequest asked;
  asked.path = row.path;
  const auto path = scope_of(request(asked), defaults).json()["path"].get<std::string>();
  std::size_t count = 0;
  for (auto at = path.find("\xef\xbf\xbd"); at != path.npos;
       at = path.find("\xef\xbf\xbd", at + 1)) {
    ++count;
  }
  CHECK(count == row.replaced);
  CHECK(is_valid_utf8(path));
}

TEST_CASE("asgi request: the scope of a request", "[drive]") {
  HttpRequest asked;
  asked.method = "post";
  asked.path = "/a%2Fb";
  asked.http_version = "1.0";
  const Json scope = scope_of(request(asked), defaults).json();
  CHECK(scope["type"] == "http");
  CHECK(scope["method"] == "POST");
  CHECK(scope["scheme"] == "http");
  CHECK(scope["http_version"] == "1.0");
  CHECK(scope["path"] == "/a/b");
  CHECK(scope["raw_path"] == Json{{"$bytes", "/a%2Fb"}});
  CHECK(scope["query_string"] == Json{{"$bytes", ""}});
  CHECK_FALSE(scope.contains("subprotocols"));
}

TEST_CASE("asgi request: what a server refuses itself", "[drive]") {
  CHECK_FALSE(refused_by_server(upgrade()));
  CHECK_FALSE(refused_by_server(request()));
  CHECK_FALSE(refused_by_server(upgrade(with({{"Sec-WebSocket-Key", "${key}"}}))));
  CHECK_FALSE(refused_by_server(upgrade(with({{"Connection", "keep-alive, UPGRADE"}}))));
  HttpRequest later;
  later.path = "${path}";
  CHECK_FALSE(refused_by_server(request(later)));

  struct Row {
    std::vector<Header> headers;
    const char* why;
  };
  const std::vector<Row> upgrades{
      {{{"Sec-WebSocket-Key", "AAAA"}}, "an upgrade without a right Sec-WebSocket-Key"},
      {{{"Sec-WebSocket-Key", some_key}, {"Sec-WebSocket-Key", some_key}},
       "an upgrade without a right Sec-WebSocket-Key"},
      {{{"Sec-WebSocket-Version", "12"}}, "an upgrade without Sec-WebSocket-Version 13"},
      {{{"Connection", "close"}}, "an upgrade without Upgrade or Connection"},
      {{{"Upgrade", "h2c"}}, "an upgrade without Upgrade or Connection"},
      {{{"Host", "a"}, {"Host", "b"}}, "an upgrade with two Host headers"},
      {{{"X-A", "b\rc"}}, "an upgrade with a malformed header"},
      {{{"X A", "b"}}, "an upgrade with a malformed header"}};
  for (const Row& row : upgrades) {
    CAPTURE(row.why);
    CHECK(refused_by_server(upgrade(with(row.headers))) == std::optional<std::string>(row.why));
  }
  const std::vector<Row> requests{
      {{{"Transfer-Encoding", "chunked"}}, "a request with Transfer-Encoding"},
      {{{"Expect", "100-continue"}}, "a request with Expect"},
      {{{"Content-Length", "7"}}, "a request with a false Content-Length"}};
  for (const Row& row : requests) {
    CHECK(refused_by_server(request(with(row.headers))) == std::optional<std::string>(row.why));
  }
  HttpRequest bare;
  bare.omit = {"host"};
  CHECK(refused_by_server(upgrade(bare)) == std::optional<std::string>("an upgrade without Host"));
  bare.http_version = "1.0";
  CHECK(refused_by_server(upgrade(bare)).has_value());
  CHECK_FALSE(refused_by_server(request(bare)));
  HttpRequest body;
  body.body.data = "hello";
  CHECK(refused_by_server(upgrade(body)) == std::optional<std::string>("an upgrade with a body"));
  HttpRequest path;
  path.path = GENERATE("ws", "/a b", "/caf\xc3\xa9", "");
  CHECK(refused_by_server(request(path)) ==
        std::optional<std::string>("a request with a malformed path"));
}

TEST_CASE("asgi request: where the server is", "[drive]") {
  CHECK(host_port("localhost:8000").port == 8000);
  CHECK(host_port("[::1]:8000").host == "[::1]");
  CHECK(host_port("[::1]").port == 80);
  CHECK(host_port("example").host == "example");
  CHECK(host_port("a:b").host == "a:b");
}
