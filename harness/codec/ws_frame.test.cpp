#include "codec/ws_frame.hpp"

#include <random>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace relapse;
using namespace std::string_literals;

namespace {

Bytes hex(std::string_view text) {
  const std::optional<Bytes> bytes = from_hex(text);
  REQUIRE(bytes.has_value());
  return *bytes;
}

/// Everything that a decoder finds in the octets.
std::vector<ws::Frame> decode_all(ws::Decoder& decoder, std::string_view bytes) {
  std::vector<ws::Frame> frames;
  decoder.feed(bytes);
  while (std::optional<ws::Frame> frame = decoder.next()) {
    frames.push_back(std::move(*frame));
  }
  return frames;
}

void check_same(const ws::Frame& a, const ws::Frame& b) {
  CHECK(a.fin == b.fin);
  CHECK(a.rsv == b.rsv);
  CHECK(a.opcode == b.opcode);
  CHECK(a.mask_key == b.mask_key);
  CHECK(a.length == b.length);
  CHECK(a.minimal_length == b.minimal_length);
  CHECK(a.head == b.head);
  CHECK(a.payload == b.payload);
}

struct Example {
  const char* what;
  Bytes octets;
  ws::FrameSpec spec;
  Bytes payload;
};

/// The examples of RFC 6455 section 5.7; the last two are given there as headers only.
std::vector<Example> rfc_examples() {
  ws::FrameSpec first;
  first.fin = false;
  ws::FrameSpec last;
  last.opcode = ws::continuation;
  ws::FrameSpec masked;
  masked.mask_key = 0x37FA213D;
  ws::FrameSpec ping;
  ping.opcode = ws::ping;
  ws::FrameSpec pong;
  pong.opcode = ws::pong;
  pong.mask_key = 0x37FA213D;
  ws::FrameSpec binary;
  binary.opcode = ws::binary;
  const Bytes medium(256, '\x5A');
  const Bytes large(65'536, '\xA5');
  return {{"unmasked text", hex("81 05 48 65 6c 6c 6f"), ws::FrameSpec{}, "Hello"},
          {"masked text", hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"), masked, "Hello"},
          {"first fragment", hex("01 03 48 65 6c"), first, "Hel"},
          {"last fragment", hex("80 02 6c 6f"), last, "lo"},
          {"ping", hex("89 05 48 65 6c 6c 6f"), ping, "Hello"},
          {"masked pong", hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"), pong, "Hello"},
          {"256 octets", hex("82 7e 01 00") + medium, binary, medium},
          {"64 KiB", hex("82 7f 00 00 00 00 00 01 00 00") + large, binary, large}};
}

}  // namespace

TEST_CASE("ws_frame: the examples of RFC 6455 section 5.7, both ways", "[codec]") {
  for (const Example& example : rfc_examples()) {
    CAPTURE(example.what);
    CHECK(ws::encode(example.spec, example.payload) == example.octets);
    ws::Decoder decoder;
    const std::vector<ws::Frame> frames = decode_all(decoder, example.octets);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].fin == example.spec.fin);
    CHECK(frames[0].rsv == 0);
    CHECK(frames[0].opcode == example.spec.opcode);
    CHECK(frames[0].mask_key == example.spec.mask_key);
    CHECK(frames[0].length == example.payload.size());
    CHECK(frames[0].payload == example.payload);
    CHECK(frames[0].head == ws::encode_header(example.spec, example.payload.size()));
    CHECK(frames[0].minimal_length);
    CHECK(decoder.pending().empty());
  }
}

TEST_CASE("ws_frame: every way to cut the octets gives the same frames", "[codec]") {
  Bytes stream;
  for (const Example& example : rfc_examples()) {
    if (example.payload.size() < 1000) {
      stream += example.octets;
    }
  }
  for (const std::size_t cap : {std::size_t{1} << 20, std::size_t{100}, std::size_t{0}}) {
    CAPTURE(cap);
    ws::Decoder whole(cap);
    const std::vector<ws::Frame> wanted = decode_all(whole, stream);
    REQUIRE(wanted.size() == 7);
    for (std::size_t step = 1; step < 20; ++step) {
      CAPTURE(step);
      ws::Decoder decoder(cap);
      std::vector<ws::Frame> frames;
      for (std::size_t at = 0; at < stream.size(); at += step) {
        for (ws::Frame& frame : decode_all(decoder, std::string_view(stream).substr(at, step))) {
          frames.push_back(std::move(frame));
        }
      }
      REQUIRE(frames.size() == wanted.size());
      for (std::size_t i = 0; i < frames.size(); ++i) {
        check_same(frames[i], wanted[i]);
      }
      CHECK(decoder.pending().empty());
    }
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      ws::Decoder decoder(cap);
      std::size_t count = decode_all(decoder, std::string_view(stream).substr(0, cut)).size();
      count += decode_all(decoder, std::string_view(stream).substr(cut)).size();
      if (count != wanted.size()) {
        FAIL("cut at " << cut << " gives " << count << " frames");
      }
    }
  }
}

TEST_CASE("ws_frame: every first octet and length form is read as it was written", "[codec]") {
  std::minstd_rand random(11);
  const std::vector<std::size_t> lengths = {0, 1, 125, 126, 127, 128, 65'535, 65'536};
  for (int first = 0; first < 256; ++first) {
    for (const std::size_t length : lengths) {
      ws::FrameSpec spec;
      spec.fin = (first & 0x80) != 0;
      spec.rsv = (first >> 4) & 7;
      spec.opcode = first & 15;
      if (random() % 2 == 0) {
        spec.mask_key = static_cast<std::uint32_t>(random());
      }
      Bytes payload(length, static_cast<char>(random() & 0xFFU));
      const Bytes octets = ws::encode(spec, payload);
      REQUIRE(static_cast<unsigned char>(octets[0]) == first);
      ws::Decoder decoder;
      const std::vector<ws::Frame> frames = decode_all(decoder, octets);
      REQUIRE(frames.size() == 1);
      const bool same = frames[0].payload == payload && frames[0].rsv == spec.rsv &&
                        frames[0].opcode == spec.opcode && frames[0].fin == spec.fin &&
                        frames[0].mask_key == spec.mask_key && frames[0].minimal_length;
      REQUIRE(same);
    }
  }
}

TEST_CASE("ws_frame: lengths that are longer than need be", "[codec]") {
  struct Row {
    int octets;
    const char* head;
    bool minimal;
  };
  for (const Row& row : {Row{0, "81 05", true}, Row{2, "81 7e 00 05", false},
                         Row{8, "81 7f 00 00 00 00 00 00 00 05", false}}) {
    CAPTURE(row.head);
    ws::FrameSpec spec;
    spec.length_bytes = row.octets;
    const Bytes octets = ws::encode(spec, "Hello");
    CHECK(octets == hex(row.head) + "Hello");
    ws::Decoder decoder;
    const std::vector<ws::Frame> frames = decode_all(decoder, octets);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].minimal_length == row.minimal);
    CHECK(frames[0].payload == "Hello");
    CHECK(frames[0].head == hex(row.head));
  }
  ws::Decoder decoder;
  const Bytes wide = hex("82 7f 00 00 00 00 00 00 ff ff") + Bytes(65'535, 'x');
  const std::vector<ws::Frame> frames = decode_all(decoder, wide);
  REQUIRE(frames.size() == 1);
  CHECK_FALSE(frames[0].minimal_length);
  // What does not fit the forced form loses its high bits, as a broken peer would have it.
  ws::FrameSpec narrow;
  narrow.length_bytes = 0;
  CHECK(ws::encode_header(narrow, 0x185) == hex("81 05"));
  narrow.length_bytes = 2;
  CHECK(ws::encode_header(narrow, 0x10005) == hex("81 7e 00 05"));
}

TEST_CASE("ws_frame: a length that lies stays bounded", "[codec]") {
  constexpr std::size_t cap = 1000;
  ws::FrameSpec spec;
  spec.opcode = ws::binary;
  spec.mask_key = 0x01020304;
  spec.announced_length = 0xFFFFFFFFFFFFFFFF;
  const Bytes head = ws::encode_header(spec, 5);
  CHECK(head == hex("82 ff ff ff ff ff ff ff ff ff 01 02 03 04"));
  ws::Decoder decoder(cap);
  CHECK(decode_all(decoder, head).empty());
  const Bytes block(10'000, 'z');
  for (int i = 0; i < 100; ++i) {
    CHECK(decode_all(decoder, block).empty());
    CHECK(decoder.pending().size() == cap + 14);
    CHECK(decoder.pending().capacity() < 4 * cap);
  }
  CHECK(decoder.pending() == head + Bytes(cap, 'z'));
  // The same when the octets come with those of a frame before.
  ws::Decoder second(cap);
  CHECK(decode_all(second, hex("81 00") + head + block).size() == 1);
  CHECK(second.pending().size() == cap + 14);
}

TEST_CASE("ws_frame: beyond the cap octets are counted and the next frame is found", "[codec]") {
  constexpr std::size_t cap = 10;
  ws::FrameSpec spec;
  spec.opcode = ws::binary;
  spec.mask_key = 0xA1B2C3D4;
  Bytes payload;
  for (int i = 0; i < 300; ++i) {
    payload += static_cast<char>(i);
  }
  const Bytes after = ws::encode(ws::FrameSpec{}, "next");
  const Bytes stream = ws::encode(spec, payload) + after;
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    ws::Decoder decoder(cap);
    std::vector<ws::Frame> frames;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      for (ws::Frame& frame : decode_all(decoder, std::string_view(stream).substr(at, step))) {
        frames.push_back(std::move(frame));
      }
    }
    REQUIRE(frames.size() == 2);
    REQUIRE(frames[0].length == 300);
    REQUIRE(frames[0].payload == payload.substr(0, cap));
    REQUIRE(frames[1].payload == "next");
  }
}

TEST_CASE("ws_frame: an announced length that is too short splits the octets", "[codec]") {
  ws::FrameSpec spec;
  spec.announced_length = 2;
  ws::Decoder decoder;
  const std::vector<ws::Frame> frames = decode_all(decoder, ws::encode(spec, "hi\x81\x01x"));
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].payload == "hi");
  CHECK(frames[1].payload == "x");
  spec.announced_length = 3;
  CHECK(decode_all(decoder, ws::encode(spec, "hi")).empty());
  CHECK(decoder.pending() == hex("81 03") + "hi");
}

TEST_CASE("ws_frame: masking is its own inverse at every offset", "[codec]") {
  Bytes data = "Hello";
  ws::apply_mask(data, 0x37FA213D);
  CHECK(to_hex(data) == "7f 9f 4d 51 58");  // RFC 6455 section 5.7
  ws::apply_mask(data, 0x37FA213D);
  CHECK(data == "Hello");
  const Bytes plain = "0123456789";
  Bytes at_once = plain;
  ws::apply_mask(at_once, 0xDEADBEEF);
  for (std::size_t cut = 0; cut <= plain.size(); ++cut) {
    Bytes head = plain.substr(0, cut);
    Bytes tail = plain.substr(cut);
    ws::apply_mask(head, 0xDEADBEEF);
    ws::apply_mask(tail, 0xDEADBEEF, cut);
    CHECK(head + tail == at_once);
  }
}

TEST_CASE("ws_frame: close payloads", "[codec]") {
  CHECK(ws::close_payload(std::nullopt, "ignored").empty());
  CHECK(ws::close_payload(1000, "") == hex("03 e8"));
  CHECK(ws::close_payload(1001, "bye") == hex("03 e9 62 79 65"));
  CHECK(ws::close_payload(65'535, "") == hex("ff ff"));
  CHECK(ws::close_payload(1005, "\xFF") == hex("03 ed ff"));  // illegal on purpose
  CHECK_FALSE(ws::parse_close("").code.has_value());
  CHECK_FALSE(ws::parse_close("").malformed);
  const ws::CloseBody one = ws::parse_close("\x03");
  CHECK(one.malformed);
  CHECK_FALSE(one.code.has_value());
  CHECK(one.reason == "\x03");
  const ws::CloseBody full = ws::parse_close(hex("0f a1 6e 6f"));
  CHECK(full.code == 4001);
  CHECK(full.reason == "no");
  CHECK_FALSE(full.malformed);
}

TEST_CASE("ws_handshake: accept value of RFC 6455 section 1.3", "[codec]") {
  CHECK(ws::accept_for("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("ws_handshake: keys are 16 octets and masks do not repeat", "[codec]") {
  std::set<std::string> keys;
  std::set<std::uint32_t> masks;
  for (int i = 0; i < 1000; ++i) {
    const std::string key = ws::random_key();
    REQUIRE(from_base64(key).value_or("").size() == 16);
    keys.insert(key);
    masks.insert(ws::random_mask());
  }
  CHECK(keys.size() == 1000);
  CHECK(masks.size() > 990);  // two equal ones of 1000 are possible, ten are not
}
