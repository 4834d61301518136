#include <nlohmann/json.hpp>
#include <string>

#include "catch.hpp"
#include "codec/http1.hpp"

using namespace relapse;

namespace {

const RequestDefaults defaults = {
    .host = "127.0.0.1:8000", .headers = {{"X-Env", "staging"}}, .user_agent = "relapse/1"};

std::string octets(const HttpRequest& request, const SendUpgrade* upgrade = nullptr) {
  return wire_octets(build_request(request, upgrade, "dGhlIHNhbXBsZSBub25jZQ==", defaults));
}

}  // namespace

TEST_CASE("http1 request: a plain GET, octet for octet", "[codec]") {
  HttpRequest request;
  request.path = "/health";
  CHECK(octets(request) ==
        "GET /health HTTP/1.1\r\n"
        "Host: 127.0.0.1:8000\r\n"
        "User-Agent: relapse/1\r\n"
        "X-Env: staging\r\n"
        "\r\n");
  const HttpMessage message = build_request(request, nullptr, "", defaults);
  CHECK(message.direction == Direction::sent);
  CHECK_FALSE(message.upgrade);
  CHECK(message.method == "GET");
  CHECK(message.target == "/health");
  CHECK(message.headers.size() == 3);
  CHECK(build_request(HttpRequest{}, nullptr, "", RequestDefaults{}).head ==
        "GET / HTTP/1.1\r\n\r\n");
}

TEST_CASE("http1 request: an upgrade as in RFC 6455 section 1.2", "[codec]") {
  SendUpgrade upgrade;
  upgrade.request.path = "/chat";
  CHECK(octets(upgrade.request, &upgrade) ==
        "GET /chat HTTP/1.1\r\n"
        "Host: 127.0.0.1:8000\r\n"
        "User-Agent: relapse/1\r\n"
        "Upgrade: websocket\r\n"
        "Connection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n"
        "X-Env: staging\r\n"
        "\r\n");
  CHECK(build_request(upgrade.request, &upgrade, "k", defaults).upgrade);
  upgrade.version = "8";
  upgrade.request.omit = {"sec-websocket-KEY", "Connection", "User-Agent", "x-env"};
  CHECK(octets(upgrade.request, &upgrade) ==
        "GET /chat HTTP/1.1\r\n"
        "Host: 127.0.0.1:8000\r\n"
        "Upgrade: websocket\r\n"
        "Sec-WebSocket-Version: 8\r\n"
        "\r\n");
}

TEST_CASE("http1 request: an offer of compression is a default like any other", "[codec]") {
  SendUpgrade upgrade;
  upgrade.deflate = DeflateOffer{.client_max_window_bits = 0};
  const std::string offer =
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
  CHECK(octets(upgrade.request, &upgrade).find(offer) != std::string::npos);
  upgrade.request.headers = {{"sec-websocket-extensions", "x"}};
  CHECK(octets(upgrade.request, &upgrade).find(offer) == std::string::npos);
  upgrade.request.headers.clear();
  upgrade.request.omit = {"Sec-WebSocket-Extensions"};
  CHECK(octets(upgrade.request, &upgrade).find(offer) == std::string::npos);
}

TEST_CASE("http1 request: own headers replace defaults, duplicates and faults are kept",
          "[codec]") {
  HttpRequest request;
  request.headers = {{"host", "evil.example"},
                     {"X-A", "1"},
                     {"X-A", "2"},
                     {"Bad Name\t", "a\r\nInjected: yes"},
                     {"X-Env", ""},
                     {"X-Omitted", "but named"}};
  request.omit = {"X-Omitted"};
  request.method = "G@T";
  request.path = "/a b";
  request.http_version = "9.9";
  CHECK(octets(request) ==
        "G@T /a b HTTP/9.9\r\n"
        "User-Agent: relapse/1\r\n"
        "host: evil.example\r\n"
        "X-A: 1\r\n"
        "X-A: 2\r\n"
        "Bad Name\t: a\r\n"
        "Injected: yes\r\n"
        "X-Env: \r\n"
        "X-Omitted: but named\r\n"
        "\r\n");
  RequestDefaults own_agent = defaults;
  own_agent.headers = {{"user-agent", "probe"}, {"Cookie", "a"}, {"Cookie", "b"}};
  CHECK(build_request(HttpRequest{}, nullptr, "", own_agent).head ==
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nuser-agent: probe\r\nCookie: a\r\nCookie: "
        "b\r\n\r\n");
  HttpRequest old;
  old.http_version = "";
  CHECK(build_request(old, nullptr, "", RequestDefaults{}).head == "GET /\r\n\r\n");
}

TEST_CASE("http1 request: bodies and their length", "[codec]") {
  HttpRequest request;
  request.method = "POST";
  request.omit = {"Host", "User-Agent", "X-Env"};
  CHECK(octets(request) == "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
  request.body.data = std::string("a\0b", 3);
  CHECK(octets(request) == "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n" + std::string("a\0b", 3));
  request.headers = {{"Content-Length", "99"}};
  CHECK(octets(request) ==
        "POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n" + std::string("a\0b", 3));
  request.headers = {{"Transfer-Encoding", "chunked"}};
  request.body.data = "0\r\n\r\n";
  CHECK(octets(request) == "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  request.headers.clear();
  request.method = "GET";
  request.json_body = Value(Json{{"type", "chat"}, {"n", 1}});
  CHECK(octets(request) ==
        "GET / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n"
        R"({"type":"chat","n":1})");
  request.omit.emplace_back("content-length");
  CHECK(octets(request) ==
        "GET / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
        R"({"type":"chat","n":1})");
}

TEST_CASE("http1 request: the query is percent-encoded", "[codec]") {
  HttpRequest request;
  request.path = "/ws";
  request.query = {{"token", "a+b/c=="}, {"q", "ü &"}, {"empty", ""}};
  CHECK(build_request(request, nullptr, "", defaults).target ==
        "/ws?token=a%2Bb%2Fc%3D%3D&q=%C3%BC%20%26&empty=");
  request.path = "/ws?raw=%zz";
  request.query = {{"a", "1"}};
  CHECK(build_request(request, nullptr, "", defaults).target == "/ws?raw=%zz&a=1");
  CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encode(std::string("\0\xFF%", 3)) == "%00%FF%25");
}
