#include "codec/http1.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace relapse;

namespace {

/// What came out of one parser, in a form that can be compared.
struct Outcome {
  std::vector<HttpMessage> messages;
  bool failed = false;
  std::string failure;
  Bytes rest;
};

Outcome parse(std::string_view octets, std::size_t step, const std::vector<std::string>& methods,
              bool end, std::size_t cap = std::size_t{1} << 20) {
  HttpResponseParser parser(cap);
  for (const std::string& method : methods) {
    parser.expect_response_to(method);
  }
  Outcome outcome;
  const auto take = [&] {
    while (std::optional<HttpMessage> message = parser.next()) {
      outcome.messages.push_back(std::move(*message));
    }
  };
  for (std::size_t at = 0; at < octets.size(); at += step) {
    parser.feed(octets.substr(at, step));
    take();
  }
  if (end) {
    parser.feed_end();
    take();
  }
  outcome.failed = parser.failed();
  outcome.failure = parser.failure();
  outcome.rest = parser.take_rest();
  return outcome;
}

/// Parses at once and in every step size; all must agree.
Outcome parse_every_way(std::string_view octets, const std::vector<std::string>& methods,
                        bool end = false) {
  Outcome wanted = parse(octets, octets.size() + 1, methods, end);
  for (std::size_t step = 1; step <= octets.size(); ++step) {
    CAPTURE(step);
    const Outcome got = parse(octets, step, methods, end);
    REQUIRE(got.messages.size() == wanted.messages.size());
    CHECK(got.failed == wanted.failed);
    CHECK(got.failure == wanted.failure);
    CHECK(got.rest == wanted.rest);
    for (std::size_t i = 0; i < got.messages.size(); ++i) {
      CHECK(got.messages[i].status == wanted.messages[i].status);
      CHECK(got.messages[i].head == wanted.messages[i].head);
      CHECK(got.messages[i].headers == wanted.messages[i].headers);
      CHECK(got.messages[i].body == wanted.messages[i].body);
      CHECK(got.messages[i].body_size == wanted.messages[i].body_size);
    }
  }
  return wanted;
}

}  // namespace

TEST_CASE("http1: a response with every part", "[codec]") {
  const std::string head =
      "HTTP/1.1 200 Very OK\r\nServer: x\r\nset-cookie: a=1\r\nX-Empty:\r\nSet-Cookie:  b=2 \r\n"
      "Content-Length: 5\r\n\r\n";
  const Outcome outcome = parse_every_way(head + "hello", {"GET"});
  REQUIRE(outcome.messages.size() == 1);
  const HttpMessage& message = outcome.messages[0];
  CHECK(message.direction == Direction::received);
  CHECK_FALSE(message.upgrade);
  CHECK(message.status == 200);
  CHECK(message.reason == "Very OK");
  CHECK(message.version == "1.1");
  CHECK(message.head == head);
  CHECK(message.headers == std::vector<Header>{{"Server", "x"},
                                               {"set-cookie", "a=1"},
                                               {"X-Empty", ""},
                                               {"Set-Cookie", "b=2"},
                                               {"Content-Length", "5"}});
  CHECK(message.body == "hello");
  CHECK(message.body_size == 5);
  CHECK(outcome.rest.empty());
  CHECK(parse("HTTP/1.0 404 \r\nContent-Length: 0\r\n\r\n", 99, {}, false).messages.at(0).version ==
        "1.0");
}

TEST_CASE("http1: 101 leaves the rest to the next protocol", "[codec]") {
  const std::string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
  const Outcome outcome = parse_every_way(head + "\x81\x02hiHTTP/1.1 200 OK\r\n\r\n", {"GET"});
  REQUIRE(outcome.messages.size() == 1);
  CHECK(outcome.messages[0].upgrade);
  CHECK(outcome.messages[0].head == head);
  CHECK_FALSE(outcome.failed);
  CHECK(outcome.rest == "\x81\x02hiHTTP/1.1 200 OK\r\n\r\n");
}

TEST_CASE("http1: interim responses are messages and do not answer the request", "[codec]") {
  const Outcome outcome = parse_every_way(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
      {"HEAD", "GET"});
  REQUIRE(outcome.messages.size() == 4);
  CHECK(outcome.messages[0].status == 100);
  CHECK(outcome.messages[1].status == 103);
  CHECK(outcome.messages[2].status == 200);
  CHECK(outcome.messages[2].body.empty());
  CHECK(outcome.messages[3].status == 204);
}

TEST_CASE("http1: responses that have no body whatever they announce", "[codec]") {
  const Outcome outcome = parse_every_way(
      "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
      "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n"
      "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      {"HEAD", "GET", "GET", "GET"});
  REQUIRE(outcome.messages.size() == 4);
  CHECK(outcome.messages[0].body_size == 0);
  CHECK(outcome.messages[1].body_size == 0);
  CHECK(outcome.messages[2].body_size == 0);
  CHECK(outcome.messages[3].body == "ok");
  CHECK(outcome.rest.empty());
}

TEST_CASE("http1: chunks are decoded, in every cut", "[codec]") {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  Outcome outcome = parse_every_way(
      head + "5\r\nhello\r\n1;ext=\"v\"\r\n \r\n00A\r\nwide world\r\n0\r\nX-Trailer: t\r\n\r\n" +
          "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
      {"GET"});
  REQUIRE(outcome.messages.size() == 2);
  CHECK(outcome.messages[0].body == "hello wide world");
  CHECK(outcome.messages[0].body_size == 16);
  CHECK(outcome.messages[0].head == head);
  CHECK(outcome.messages[0].headers.size() == 1);  // trailers are not headers
  CHECK(outcome.messages[1].status == 201);
  // An empty body: its last chunk may arrive octet by octet.
  outcome = parse_every_way(head + "0\r\n\r\n", {"GET"});
  REQUIRE(outcome.messages.size() == 1);
  CHECK(outcome.messages[0].body_size == 0);
  CHECK_FALSE(outcome.failed);
}

TEST_CASE("http1: a body without a length ends with the stream", "[codec]") {
  const std::string octets = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of\r\nthis";
  Outcome outcome = parse_every_way(octets, {"GET"}, true);
  REQUIRE(outcome.messages.size() == 1);
  CHECK(outcome.messages[0].body == "all of\r\nthis");
  CHECK(outcome.rest.empty());
  outcome = parse_every_way(octets, {"GET"}, false);
  CHECK(outcome.messages.empty());
  CHECK_FALSE(outcome.failed);
  CHECK(outcome.rest == octets);
}

TEST_CASE("http1: a stream that ends too early is a partial message with its octets", "[codec]") {
  for (const std::string octets :
       {"H", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"}) {
    CAPTURE(octets);
    const Outcome outcome = parse_every_way(octets, {"GET"}, true);
    CHECK(outcome.messages.empty());
    CHECK(outcome.failed);
    CHECK(outcome.failure == "partial message");
    CHECK(outcome.rest == octets);
  }
  const Outcome nothing = parse("", 1, {"GET"}, true);
  CHECK_FALSE(nothing.failed);
  CHECK(nothing.messages.empty());
}

TEST_CASE("http1: malformed octets become a value and are kept", "[codec]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"garbage\r\n\r\n", "bad version"},
      {"\x81\x05hello", "bad version"},
      {"HTTQ", "bad version"},
      {"HTTP/2.0 200 OK\r\n\r\n", "bad version"},
      {"HTTP/1.1 20x OK\r\n\r\n", "bad status"},
      {"HTTP/1.1 200 OK\nX: y\n\n", "bad reason"},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "bad field"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "bad Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
       "multiple Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "bad Transfer-Encoding"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "bad chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n", "bad chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "bad chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\rhello", "bad line ending"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x\r\n\r\n", "bad chunk extension"}};
  for (const auto& [octets, failure] : rows) {
    CAPTURE(octets);
    const Outcome outcome = parse_every_way(octets, {"GET"});
    CHECK(outcome.messages.empty());
    CHECK(outcome.failed);
    CHECK(outcome.failure == failure);
    CHECK(outcome.rest == octets);
  }
}

TEST_CASE("http1: a sound response before a broken one is kept", "[codec]") {
  const Outcome outcome =
      parse_every_way("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokBROKEN\r\n", {"GET"});
  REQUIRE(outcome.messages.size() == 1);
  CHECK(outcome.messages[0].body == "ok");
  CHECK(outcome.failed);
  CHECK(outcome.rest == "BROKEN\r\n");
}

TEST_CASE("http1: the body is kept up to the cap and counted beyond", "[codec]") {
  const std::string body(100'000, 'b');
  const Outcome outcome =
      parse("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body + "HTTP/1.1 204 No\r\n\r\n",
            777, {"GET"}, false, 1000);
  REQUIRE(outcome.messages.size() == 2);
  CHECK(outcome.messages[0].body == body.substr(0, 1000));
  CHECK(outcome.messages[0].body_size == 100'000);
  const Outcome torn =
      parse("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + body, 777, {"GET"}, false, 1000);
  CHECK(torn.rest.size() == 1000 + (64U << 10));
}

TEST_CASE("http1: heads, chunk headers and trailers that never end are cut off", "[codec]") {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& begin :
       {std::string("HTTP/1.1 200 "), std::string("HTTP/1.1 200 OK\r\nA: "), chunked + "5;",
        chunked + "0\r\nA: "}) {
    CAPTURE(begin);
    HttpResponseParser parser;
    parser.feed(begin);
    std::size_t fed = 0;
    while (!parser.failed() && fed < 1'000'000) {
      parser.feed(std::string(1000, 'x'));
      fed += 1000;
    }
    CHECK(parser.failed());
    CHECK(fed < 70'000);
  }
  // 40 KiB of ordinary headers are fine.
  std::string many = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
  for (int i = 0; i < 1000; ++i) {
    many += "X-Header-" + std::to_string(i) + ": some value or other ....\r\n";
  }
  const Outcome outcome = parse(many + "\r\n", 1000, {"GET"}, false);
  REQUIRE(outcome.messages.size() == 1);
  CHECK(outcome.messages[0].headers.size() == 1001);
}

TEST_CASE("http1: after a failure the parser stays bounded", "[codec]") {
  HttpResponseParser parser(1000);
  for (int i = 0; i < 2000; ++i) {
    parser.feed(std::string(1000, 'x'));
  }
  CHECK(parser.failed());
  CHECK(parser.take_rest().size() == 1000 + (64U << 10));
}

TEST_CASE("http1: idle means nothing begun and nothing waiting", "[codec]") {
  HttpResponseParser parser;
  CHECK(parser.idle());
  parser.feed("H");
  CHECK_FALSE(parser.idle());
  parser.feed("TTP/1.1 204 No Content\r\n\r\n");
  CHECK_FALSE(parser.idle());
  CHECK(parser.next().has_value());
  CHECK(parser.idle());
  parser.feed("HTTP/1.1 200");
  CHECK(parser.take_rest() == "HTTP/1.1 200");
  CHECK(parser.idle());
  HttpResponseParser moved = std::move(parser);
  moved.feed("HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(moved.next().has_value());
}

TEST_CASE("http1: mutated responses never break the parser, and every cut agrees", "[codec]") {
  const std::vector<std::string> seeds = {
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n00\r\nT: u\r\n v\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\n b\r\n\r\nhello",
      "HTTP/1.1 101 S\r\nConnection: upgrade\r\n\r\n\x81\x01x"};
  std::minstd_rand random(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string octets = seeds[random() % seeds.size()];
    for (auto edits = 1 + random() % 3; edits > 0; --edits) {
      const std::size_t at = random() % octets.size();
      if (random() % 2 == 0) {
        octets[at] = "\r\n 0:;a\xFF"[random() % 8];
      } else {
        octets.erase(at, 1);
      }
    }
    const Outcome whole = parse(octets, octets.size(), {"GET"}, true);
    const Outcome single = parse(octets, 1 + random() % 3, {"GET"}, true);
    if (whole.messages.size() != single.messages.size() || whole.failure != single.failure ||
        whole.rest != single.rest) {
      FAIL("cuts differ on " << to_hex(octets));
    }
  }
}
