#include "report/har.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

using testing::TimelineBuilder;

Json har(const Timeline& timeline) {
  return Json::parse(har_json({{"a page", &timeline}}, "0.1.0"))["log"];
}

TimelineBuilder websocket() {
  TimelineBuilder b;
  b.timeline.started = "2026-11-22T03:12:07.193Z";
  b.step(0).add(1, Connected{"127.0.0.1", 8000, 51544});
  b.add(0.5, testing::upgrade_request("/ws?room=a%20b&x=1+2&&flag"));
  b.add(1.25, testing::response(101, "Switching Protocols"));
  b.add(1.0625, testing::sent_frame(1, "h\xc3\xa9llo"));
  b.add(0.5, testing::received_frame(2, Bytes("\0\xff\x01", 3)));
  b.add(0.5, testing::received_frame(9, "still there?"));
  b.add(0.5, testing::received_frame(8, testing::close_octets(1000, "bye")));
  b.add(0.5, Ended{Direction::received, EndKind::fin, true, ""});
  return b;
}

}  // namespace

TEST_CASE("har: golden output", "[report]") {
  TimelineBuilder b = websocket();
  HttpMessage request{.direction = Direction::sent, .method = "POST", .target = "/upload"};
  request.headers = {{"Content-Type", "text/plain"}, {"X-Odd", "caf\xe9"}};
  request.body = "hello";
  request.body_size = 5;
  b.lane("b").add(1, Connected{"::1", 8443, 51545, "TLSv1.3"}).add(0, request);
  b.add(12.5, testing::response(200, "OK", Bytes("\x89PNG\0", 5)));
  const Timeline timeline = b.timeline;
  testing::check_golden("timeline.har", har_json({{"ws/hello on staging", &timeline}}, "0.1.0"));
}

TEST_CASE("har: messages as browsers write them, in seconds with microseconds", "[report]") {
  const Json entry = har(websocket().timeline)["entries"][0];
  CHECK(entry["request"]["url"] == "ws://127.0.0.1:8000/ws?room=a%20b&x=1+2&&flag");
  CHECK(entry["request"]["queryString"] ==
        Json::parse(R"([{"name":"room","value":"a b"},{"name":"x","value":"1 2"},
                        {"name":"flag","value":""}])"));
  CHECK(entry["startedDateTime"] == "2026-11-22T03:12:07.194500Z");
  CHECK(entry["_resourceType"] == "websocket");
  const Json& messages = entry["_webSocketMessages"];
  REQUIRE(messages.size() == 2);
  CHECK(messages[0]["type"] == "send");
  CHECK(messages[0]["opcode"] == 1);
  CHECK(messages[0]["data"] == "h\xc3\xa9llo");
  CHECK(messages[0]["time"].dump() == "1795317127.196812");
  CHECK(messages[1]["type"] == "receive");
  CHECK(messages[1]["data"] == "AP8B");
  const Json& control = entry["_webSocketControl"];
  REQUIRE(control.size() == 2);
  CHECK(control[1]["opcode"] == 8);
  CHECK(control[1]["data"] == "A+hieWU=");
  CHECK(entry["time"] == 4.312);
  CHECK(entry["timings"]["wait"] == 1.25);
}

TEST_CASE("har: text that is no UTF-8 keeps its octets", "[report]") {
  TimelineBuilder b = websocket();
  b.add(0, testing::sent_frame(1, "\xce\xba\xff"));
  const Json message = har(b.timeline)["entries"][0]["_webSocketMessages"].back();
  CHECK(message["data"] == "\xce\xba\\xff");
  CHECK(message["_data_base64"] == "zrr/");
}

TEST_CASE("har: a request without an answer has an error", "[report]") {
  TimelineBuilder b;
  b.add(1, Connected{"127.0.0.1", 8000, 51544});
  HttpMessage request{.direction = Direction::sent, .method = "GET", .target = "/"};
  b.add(0, request).add(20, Ended{Direction::received, EndKind::rst, false, "reset"});
  const Json entry = har(b.timeline)["entries"][0];
  CHECK(entry["response"]["status"] == 0);
  CHECK(entry["response"]["_error"] == "the connection was reset by the target");
  CHECK(entry["time"] == 20.0);
  CHECK(entry["startedDateTime"] == "1970-01-01T00:00:00.001000Z");
}

TEST_CASE("har: answers go to their requests in order, each on its connection", "[report]") {
  TimelineBuilder b;
  b.add(1, Connected{"127.0.0.1", 1, 2});
  for (const char* target : {"/a", "/b"})
    b.add(1, HttpMessage{.direction = Direction::sent, .method = "GET", .target = target});
  b.add(1, testing::response(100, "Continue")).add(1, testing::response(200, "OK", "a"));
  b.lane("probe").add(1, testing::response(200, "OK", "probe"));
  b.lane("main").add(1, testing::response(404, "Not Found", "b"));
  const Json log = har(b.timeline);
  REQUIRE(log["entries"].size() == 2);
  CHECK(log["entries"][0]["response"]["content"]["text"] == "a");
  CHECK(log["entries"][1]["response"]["content"]["text"] == "b");
  CHECK(log["comment"].get<std::string>().find("no place for 1 of") != std::string::npos);
}

TEST_CASE("har: hostile octets stay data in ASCII", "[report]") {
  const Run run = testing::hostile_run();
  const std::string text =
      har_json({{run.results[0].scenario, &run.results[0].attempts[0].timeline}}, "0.1.0");
  for (const char c : text) {
    if (c != '\n' && (c < 0x20 || c > 0x7e))
      FAIL("octet " << static_cast<int>(c));
  }
  CHECK(Json::parse(text)["log"]["entries"].size() == 1);
}

}  // namespace relapse
