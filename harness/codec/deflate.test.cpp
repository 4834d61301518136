#include "codec/deflate.hpp"

#include "catch.hpp"

using namespace relapse;
using namespace relapse::ws;

namespace {

constexpr std::size_t keep = std::size_t{1} << 20;

Bytes hex(std::string_view digits) {
  return from_hex(digits).value();
}

Bytes text(std::size_t size) {
  Bytes out;
  std::uint32_t state = 7;
  while (out.size() < size) {
    state = state * 1'664'525 + 1'013'904'223;
    out += "word " + std::to_string(state >> 20) + (state % 3 == 0 ? ", " : "; ");
  }
  out.resize(size);
  return out;
}

}  // namespace

TEST_CASE("deflate: the examples of RFC 7692 section 7.2.3, both ways", "[codec]") {
  SECTION("7.2.3.1: one message; 7.2.3.2: a second one refers back to it") {
    Deflater deflater(15, true);
    CHECK(to_hex(deflater.compress("Hello")) == "f2 48 cd c9 c9 07 00");
    CHECK(to_hex(deflater.compress("Hello")) == "f2 00 11 00 00");
    Inflater inflater(15, true);
    CHECK(inflater.inflate(hex("f248cdc9c90700"), keep).message == "Hello");
    CHECK(inflater.inflate(hex("f200110000"), keep).message == "Hello");
  }
  SECTION("7.2.3.2: without context takeover the octets are the same again") {
    Deflater deflater(15, false);
    CHECK(to_hex(deflater.compress("Hello")) == "f2 48 cd c9 c9 07 00");
    CHECK(to_hex(deflater.compress("Hello")) == "f2 48 cd c9 c9 07 00");
    Inflater inflater(15, false);
    CHECK(inflater.inflate(hex("f248cdc9c90700"), keep).message == "Hello");
    const Inflated second = inflater.inflate(hex("f200110000"), keep);
    CHECK(second.message.empty());
    CHECK(second.fault.starts_with("not a deflate stream"));
  }
  SECTION("7.2.3.3: a block without compression") {
    CHECK(Inflater(15, true).inflate(hex("000500faff48656c6c6f00"), keep).message == "Hello");
  }
  SECTION("7.2.3.4: a block that says it is the last") {
    Inflater inflater(15, true);
    CHECK(inflater.inflate(hex("f348cdc9c9070000"), keep).message == "Hello");
    CHECK(inflater.inflate(hex("f248cdc9c90700"), keep).message == "Hello");
  }
  SECTION("7.2.3.5: two blocks") {
    CHECK(Inflater(15, true).inflate(hex("f248050000 00ffffcac9c90700"), keep).message == "Hello");
  }
  SECTION("7.2.3.6: an empty message") {
    Deflater deflater(15, true);
    CHECK(to_hex(deflater.compress("")) == "00");
    CHECK(to_hex(deflater.compress("")) == "00");
    const Inflated empty = Inflater(15, true).inflate(hex("00"), keep);
    CHECK(empty.message.empty());
    CHECK(empty.fault.empty());
  }
}

TEST_CASE("deflate: what is compressed comes back, for every window and takeover", "[codec]") {
  const int bits = GENERATE(8, 9, 10, 12, 15);
  const bool takeover = GENERATE(true, false);
  CAPTURE(bits, takeover);
  Deflater deflater(bits, takeover);
  Inflater inflater(bits, takeover);
  for (const std::size_t size : {0U, 1U, 300U, 70'000U, 5U, 0U, 400'000U, 16'384U}) {
    const Bytes message = text(size);
    const Inflated back = inflater.inflate(deflater.compress(message), keep);
    CHECK(back.fault == "");
    CHECK(back.size == size);
    CHECK(back.message == message);
  }
}

TEST_CASE("deflate: a distance beyond the agreed window is a fault", "[codec]") {
  const Bytes far = text(200) + Bytes(2000, 'x') + text(200);
  const Bytes wide = Deflater(15, true).compress(far);
  CHECK(Inflater(15, true).inflate(wide, keep).message == far);
  CHECK(Inflater(9, true).inflate(wide, keep).fault.starts_with("not a deflate stream"));
}

TEST_CASE("deflate: with 8 bits nothing refers further back than 256 octets", "[codec]") {
  const Bytes once = text(150);
  const Bytes near = Deflater(8, true).compress(once + once);
  const Bytes far = Deflater(8, true).compress(once + Bytes(150, 'x') + once);
  const Bytes alone = Deflater(8, true).compress(once + Bytes(150, 'x'));
  CHECK(near.size() < far.size());
  CHECK(far.size() > alone.size() + 40);  // the second time costs as much as the first
  CHECK(Deflater(9, true).compress(once + once).size() == near.size());
  CHECK(Deflater(10, true).compress(once + Bytes(150, 'x') + once).size() < far.size());
}

TEST_CASE("deflate: a stream that lies is a fault, and breaks what follows it", "[codec]") {
  Inflater inflater(15, true);
  const Inflated bad = inflater.inflate(hex("ffffffff"), keep);
  CHECK(bad.fault.starts_with("not a deflate stream: "));
  CHECK_FALSE(bad.stopped);
  CHECK(inflater.inflate(hex("f248cdc9c90700"), keep).fault.starts_with("an earlier message"));
  CHECK(Inflater(15, true).inflate(hex("f248cd"), keep).fault ==
        "not a deflate stream: it ends within a block");
  CHECK(Inflater(15, true).inflate("", keep).fault != "");
  Inflater fresh(15, false);
  fresh.inflate(hex("ffffffff"), keep);
  CHECK(fresh.inflate(hex("f248cdc9c90700"), keep).message == "Hello");
}

TEST_CASE("deflate: every octet cut off or changed ends in a value", "[codec]") {
  const Bytes whole = Deflater(15, true).compress(text(3000));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const Inflated cut = Inflater(15, true).inflate(whole.substr(0, i), keep);
    CHECK(cut.fault != "");
    Bytes changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x55);
    CHECK(Inflater(15, true).inflate(changed, keep).size < 2'000'000);
  }
}

TEST_CASE("deflate: a bomb is counted and not kept, many are not even counted", "[codec]") {
  const Bytes bomb = Deflater(15, false).compress(Bytes(std::size_t{8} << 20, '\0'));
  CHECK(bomb.size() < 9'000);
  Inflater inflater(15, false, std::uint64_t{20} << 20);
  for (int i = 0; i < 2; ++i) {
    const Inflated one = inflater.inflate(bomb, keep);
    CHECK(one.fault == "");
    CHECK(one.size == std::uint64_t{8} << 20);
    CHECK(one.message.size() == keep);
  }
  const Inflated third = inflater.inflate(bomb, keep);
  CHECK(third.stopped);
  CHECK(third.fault != "");
  CHECK(third.size <= (std::uint64_t{4} << 20) + 65'536);
  const Inflated fourth = inflater.inflate(bomb, keep);
  CHECK(fourth.stopped);
  CHECK(fourth.size == 0);
}

TEST_CASE("deflate: offers and answers", "[codec]") {
  CHECK(deflate_offer({}) == "permessage-deflate");
  CHECK(deflate_offer({true, true, 10, 0}) ==
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
        "server_max_window_bits=10; client_max_window_bits");
  CHECK(deflate_offer({false, false, {}, 9}) == "permessage-deflate; client_max_window_bits=9");
  const std::vector<Header> offer{{"sec-websocket-extensions", "x, permessage-deflate"}};
  const auto answer = [&](const char* value) {
    return deflate_answer(offer, {{"Sec-WebSocket-Extensions", value}});
  };
  CHECK(answer("permessage-deflate").accepted == DeflateParameters{});
  CHECK(
      answer("x;y, PerMessage-Deflate ; server_max_window_bits = \"9\";client_no_context_takeover")
          .accepted == DeflateParameters{false, true, 9, 15});
  CHECK(answer("x").fault == "the target did not accept permessage-deflate");
  CHECK(answer("").fault == "the target did not accept permessage-deflate");
  for (const char* bad :
       {"permessage-deflate; y", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate, permessage-deflate"}) {
    CAPTURE(bad);
    CHECK_FALSE(answer(bad).accepted);
    CHECK(answer(bad).fault.starts_with("the target's answer is not valid: "));
  }
  CHECK(deflate_answer({}, offer).fault == "permessage-deflate was not offered");
}
