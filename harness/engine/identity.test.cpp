#include "engine/identity.hpp"

#include "catch.hpp"

using namespace relapse;

namespace {

Timeline answered(std::string body) {
  HttpMessage message;
  message.direction = Direction::received;
  message.status = 200;
  message.headers = {{"X-Boot", "b7"}};
  message.body = std::move(body);
  Event event;
  event.lane = "main";
  event.payload = std::move(message);
  Timeline timeline;
  timeline.events = {std::move(event)};
  return timeline;
}

struct Row {
  const char* pointer;
  bool grows;
  const char* body;
  const char* value;  ///< null: it cannot be read
};

}  // namespace

TEST_CASE("identity: the value at the pointer, or why there is none", "[engine]") {
  const Row row = GENERATE(
      Row{"/json/boot_id", false, R"({"boot_id":"a"})", "a"},
      Row{"/json/pid", false, R"({"pid":17})", "17"}, Row{"/headers/x-boot", false, "", "b7"},
      Row{"/body", false, "v", "v"}, Row{"/json/uptime", true, R"({"uptime":12.5})", "12.5"},
      Row{"/body", true, "99", "99"}, Row{"/body", true, "99 s", nullptr},
      Row{"/json/uptime", true, R"({"uptime":null})", nullptr},
      Row{"/json/uptime", true, "{}", nullptr}, Row{"/json/boot_id", false, "not json", nullptr});
  CAPTURE(row.pointer, row.body);
  const auto value = read_identity({{}, row.pointer, row.grows}, answered(row.body));
  REQUIRE(value.has_value() == (row.value != nullptr));
  if (value) {
    CHECK(*value == row.value);
  }
}

TEST_CASE("identity: no answer is no value", "[engine]") {
  CHECK_FALSE(read_identity({{}, "/body", false}, Timeline()));
}
