#include "drive/ws_messages.hpp"

#include "catch.hpp"
#include "model/timeline.hpp"
#include "model/ws_message.hpp"

using namespace relapse;

namespace {

constexpr std::size_t cap = std::size_t{1} << 20;
const std::vector<Header> offer{{"Sec-WebSocket-Extensions", "permessage-deflate"}};
const Bytes hello = from_hex("f248cdc9c90700").value();

ws::Frame frame(int opcode, Bytes payload, int rsv = 0, bool fin = true) {
  ws::Frame made;
  made.opcode = opcode;
  made.rsv = rsv;
  made.fin = fin;
  made.length = payload.size();
  made.payload = std::move(payload);
  return made;
}

WsMessages agreed(const std::vector<Header>& answer = offer) {
  WsMessages messages(cap);
  messages.asked(offer);
  messages.agreed(answer);
  return messages;
}

std::string told(const WsFrame& event) {
  return describe(Event{.lane = "main", .payload = event});
}

}  // namespace

TEST_CASE("messages: a compressed text is read, in one frame and in fragments", "[drive]") {
  WsMessages messages = agreed();
  const WsFrame one = messages.received(frame(ws::text, hello, 4));
  CHECK(one.deflated);
  CHECK(one.inflated == 5);
  CHECK(one.payload == hello);
  CHECK(told(one) == "← TEXT fin=1 rsv=4 len=7 deflated 5 bytes \"Hello\"");
  CHECK(observed_text(Event{.payload = one}) == "TEXT \"Hello\"");
  REQUIRE(whole_message(one));
  CHECK(*whole_message(one)->octets == "Hello");

  CHECK_FALSE(whole_message(messages.received(frame(ws::text, "\xf2", 4, false))));
  messages.received(frame(ws::ping, "between"));
  const WsFrame last = messages.received(frame(ws::continuation, from_hex("00110000").value()));
  REQUIRE(whole_message(last));
  CHECK(whole_message(last)->opcode == ws::text);
  CHECK(*whole_message(last)->octets == "Hello");  // the window of the first message still counts
  CHECK(last.message_size == 5);
  const WsFrame plain = messages.received(frame(ws::text, "plain"));
  CHECK_FALSE(plain.deflated);
  CHECK(*whole_message(plain)->octets == "plain");
}

TEST_CASE("messages: what cannot be inflated is no message, and says why", "[drive]") {
  struct Row {
    const char* what;
    WsMessages messages;
    ws::Frame frame;
    const char* fault;
  };
  const std::vector<Header> invalid{{"Sec-WebSocket-Extensions", "permessage-deflate; x"}};
  WsMessages broken = agreed();
  broken.received(frame(ws::text, "\xff\xff\xff", 4));
  std::vector<Row> rows;
  rows.push_back({"no upgrade", WsMessages(cap), frame(ws::text, hello, 4),
                  "RSV1 without permessage-deflate"});
  rows.push_back({"refused", agreed({}), frame(ws::text, hello, 4),
                  "RSV1, but the target did not accept permessage-deflate"});
  rows.push_back({"a bad answer", agreed(invalid), frame(ws::text, hello, 4),
                  "RSV1, but the target's answer is not valid: the parameter x is unknown"});
  rows.push_back(
      {"a bad stream", agreed(), frame(ws::text, "\xff\xff\xff", 4), "not a deflate stream: "});
  rows.push_back({"after a bad stream", std::move(broken), frame(ws::text, hello, 4),
                  "an earlier message has broken the stream: "});
  for (Row& row : rows) {
    CAPTURE(row.what);
    const WsFrame event = row.messages.received(std::move(row.frame));
    CHECK_FALSE(event.deflated);
    CHECK(event.deflate_fault.starts_with(row.fault));
    CHECK_FALSE(whole_message(event));
    CHECK(told(event).find(row.fault) != std::string::npos);
  }
}

TEST_CASE("messages: RSV1 belongs on the first frame of a message only", "[drive]") {
  WsMessages messages = agreed();
  messages.received(frame(ws::text, "a", 0, false));
  const WsFrame last = messages.received(frame(ws::continuation, "b", 4));
  CHECK(last.deflate_fault == "RSV1 on a continuation");
  CHECK_FALSE(whole_message(last));
  CHECK(messages.received(frame(ws::ping, "", 4)).deflate_fault == "RSV1 on a control frame");
  CHECK(*whole_message(messages.received(frame(ws::text, hello, 4)))->octets == "Hello");
}

TEST_CASE("messages: a bound of ours is not a fault of the target", "[drive]") {
  WsMessages small(4);
  small.asked(offer);
  small.agreed(offer);
  const WsFrame cut = small.received(frame(ws::text, hello, 4));
  REQUIRE(whole_message(cut));
  CHECK_FALSE(whole_message(cut)->size_known);
  CHECK(cut.deflate_fault == "only the first 4 compressed octets are inflated");
  const WsFrame next = small.received(frame(ws::text, "\xf2", 4));
  REQUIRE(whole_message(next));
  CHECK_FALSE(whole_message(next)->size_known);
}

TEST_CASE("messages: a bomb is counted whole and kept in part", "[drive]") {
  constexpr std::size_t size = std::size_t{32} << 20;
  WsMessages messages = agreed();
  WsMessages other = agreed();
  const Bytes bomb = other.compressed(Bytes(size, '\0'));
  CHECK(bomb.size() < 40'000);
  const WsFrame event = messages.received(frame(ws::binary, bomb, 4));
  CHECK(event.inflated == size);
  CHECK(event.message.size() == cap);
  CHECK(event.deflate_fault.empty());
  CHECK(whole_message(event)->size == size);
}

TEST_CASE("messages: context takeover and windows are as agreed", "[drive]") {
  WsMessages kept = agreed();
  CHECK(kept.compressed("Hello") == hello);
  CHECK(to_hex(kept.compressed("Hello")) == "f2 00 11 00 00");
  WsMessages alone = agreed({{"Sec-WebSocket-Extensions",
                              "permessage-deflate; client_no_context_takeover; "
                              "server_no_context_takeover; client_max_window_bits=8"}});
  CHECK(alone.compressed("Hello") == hello);
  CHECK(alone.compressed("Hello") == hello);
  CHECK(alone.received(frame(ws::text, hello, 4)).message == "Hello");
  CHECK_FALSE(alone.received(frame(ws::text, from_hex("f200110000").value(), 4)).deflated);
  WsMessages nothing(cap);
  CHECK(nothing.compressed("Hello") == hello);
  CHECK(nothing.compressed("Hello") == hello);
}
