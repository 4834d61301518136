#include "model/correlate.hpp"

#include "catch.hpp"

using namespace relapse;
using By = LogOwner::By;

namespace {

const std::string trace(32, 'a');

void add(Timeline& timeline, std::string lane, Payload payload) {
  Event event;
  event.seq = static_cast<std::uint32_t>(timeline.events.size()) + 1;
  event.lane = std::move(lane);
  event.payload = std::move(payload);
  timeline.events.push_back(std::move(event));
}

void request(Timeline& timeline, const std::string& lane, int port, char id) {
  add(timeline, lane, Connected{"127.0.0.1", 8000, port, ""});
  HttpMessage message;
  message.direction = Direction::sent;
  message.headers = {{"x-request-id", std::string(32, id)},
                     {"traceparent", "00-" + trace + "-" + std::string(16, id) + "-01"}};
  add(timeline, lane, message);
}

LogOwner owner(Timeline timeline, std::string text, std::string raw = {}) {
  add(timeline, "", LogLine{"process", std::move(text), std::move(raw)});
  return log_owners(timeline).back();
}

Timeline one_connection() {
  Timeline timeline;
  request(timeline, "main", 51544, 'b');
  return timeline;
}

Timeline two_connections() {
  Timeline timeline = one_connection();
  request(timeline, "second", 51546, 'c');
  return timeline;
}

struct Line {
  std::string text;
  LogOwner owner;
};

}  // namespace

TEST_CASE("correlate: which connection a line belongs to, and by what", "[model]") {
  const std::string b(32, 'b');
  const std::vector<Line> lines{
      {"[" + std::string(32, 'c') + "] failed", {By::request_id, "second", 0}},
      {"span 00-" + trace + "-" + std::string(16, 'c') + "-01", {By::parent_id, "second", 0}},
      {"trace=" + trace, {By::trace_id, "", 0}},
      {"trace=" + trace + " 127.0.0.1:51546", {By::peer_port, "second", 51546}},
      {"127.0.0.1:51544 - \"GET / HTTP/1.1\" 200", {By::peer_port, "main", 51544}},
      // The surest mark wins, wherever it stands.
      {"127.0.0.1:51544 " + std::string(32, 'c'), {By::request_id, "second", 0}},
      {"127.0.0.1:40001 - \"GET /health HTTP/1.1\" 200", {By::other_port, "", 40001}},
      {"[::1]:40001 closed", {By::other_port, "", 40001}},
      {"127.0.0.1:40001 and 127.0.0.1:51544", {By::peer_port, "main", 51544}},
      {"listening on 127.0.0.1:8000", {By::time_window, "", 0}},
      {"127.0.0.1:4000100", {By::time_window, "", 0}},
      {"report.py:1234: failed", {By::time_window, "", 0}},
      {"took 51544 ms", {By::time_window, "", 0}},
      {"", {By::time_window, "", 0}}};
  for (const Line& line : lines) {
    CAPTURE(line.text);
    CHECK(owner(two_connections(), line.text) == line.owner);
  }
}

TEST_CASE("correlate: a trace id alone names the only connection there is", "[model]") {
  CHECK(owner(one_connection(), trace) == LogOwner{By::trace_id, "main", 0});
}

TEST_CASE("correlate: the fields of a structured entry count", "[model]") {
  CHECK(owner(one_connection(), "failed", R"({"message":"failed","client_port":51544})") ==
        LogOwner{By::peer_port, "main", 51544});
  CHECK(owner(one_connection(), "failed", R"({"request_id":")" + std::string(32, 'b') + "\"}") ==
        LogOwner{By::request_id, "main", 0});
  CHECK(owner(one_connection(), "failed", R"({"size":51544})").by == By::time_window);
}

TEST_CASE("correlate: a request id that says too little is no mark", "[model]") {
  Timeline timeline;
  HttpMessage message;
  message.direction = Direction::sent;
  message.headers = {{"X-Request-Id", "7"}};
  add(timeline, "main", message);
  CHECK(owner(timeline, "7 of 9").by == By::time_window);
}

TEST_CASE("correlate: a port is a whole number that is called one", "[model]") {
  for (const char* line :
       {"127.0.0.1:51544", "[::1]:51544", "peer port 51544 left", "PORT=51544", "\"port\": 51544",
        "remote_port:51544,", "('127.0.0.1', 51544)", "localhost:51544.", "(127.0.0.1:51544)"}) {
    CAPTURE(line);
    CHECK(names_port(line, 51544));
  }
  for (const char* line :
       {"127.0.0.1:515440", "127.0.0.1:151544", "51544", "id 51544", "report51544", "x:51544ms",
        "127.0.0.1:51544.5", "\"bytes\":51544", "support 5154", "at 12: 51544", ": 51544", ""}) {
    CAPTURE(line);
    CHECK_FALSE(names_port(line, 51544));
  }
}

TEST_CASE("correlate: the words", "[model]") {
  CHECK(owner_text({By::peer_port, "main", 51544}, false) == "peer port 51544");
  CHECK(owner_text({By::request_id, "main", 0}, true) == "main, request id");
  CHECK(owner_text({By::trace_id, "", 0}, true) == "trace id");
  CHECK(owner_text({By::other_port, "", 40001}, true) == "another connection, peer port 40001");
  CHECK(owner_text({}, true) == "by time only");
}
