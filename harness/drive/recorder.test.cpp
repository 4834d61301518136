#include "drive/recorder.hpp"

#include <boost/asio/io_context.hpp>

#include "catch.hpp"

using namespace relapse;

namespace {

WsFrame text(std::size_t size) {
  WsFrame frame;
  frame.direction = Direction::received;
  frame.opcode = 1;
  frame.payload = Bytes(size, 'x');
  return frame;
}

}  // namespace

TEST_CASE("recorder: beyond its limits it counts, and says when and how much", "[drive]") {
  asio::io_context context;
  Recorder recorder(context.get_executor(), RecordLimits{3, 100});
  recorder.add("", StepStarted{});
  recorder.add("main", text(10));
  const bool by_events = GENERATE(true, false);
  if (by_events) {
    recorder.add("main", text(1));
    recorder.add("", LogLine{"process", "x", ""});
  }
  CHECK_FALSE(recorder.full());
  recorder.add("main", text(91));
  CHECK(recorder.full());
  recorder.add("main", text(1));  // it would fit, but the story has a hole before it
  recorder.add("", StepEnded{});
  recorder.add("main", Ended{});
  const Timeline timeline = recorder.take();
  const auto tail = [&](std::size_t from_end) {
    return timeline.events[timeline.events.size() - from_end].payload;
  };
  CHECK(timeline.events.size() == (by_events ? 8U : 6U));
  CHECK(std::get<Overflowed>(tail(4)) == Overflowed{});
  CHECK(std::holds_alternative<StepEnded>(tail(3)));
  CHECK(std::holds_alternative<Ended>(tail(2)));
  CHECK(std::get<Overflowed>(tail(1)) == Overflowed{2, 92});
  for (std::size_t i = 0; i < timeline.events.size(); ++i) {
    CHECK(timeline.events[i].seq == i + 1);
  }
}

TEST_CASE("recorder: a record that is whole says nothing of limits", "[drive]") {
  asio::io_context context;
  Recorder recorder(context.get_executor(), RecordLimits{1, 100});
  recorder.add("main", text(100));
  for (int i = 0; i < 50; ++i) {
    recorder.add("", StepStarted{});
  }
  CHECK_FALSE(recorder.full());
  CHECK(recorder.take().events.size() == 51);
}
