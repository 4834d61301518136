#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.hpp"

/// WebSocket frames as they are, legal or not (RFC 6455 section 5.2). No sockets, no policy: the
/// replayer decides what to answer, the judge decides what was wrong.
namespace relapse::ws {

enum Opcode : int { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct FrameSpec {
  bool fin = true;
  int rsv = 0;  ///< RSV1 is 4, RSV2 is 2, RSV3 is 1
  int opcode = text;
  std::optional<std::uint32_t> mask_key;          ///< big-endian order on the wire
  std::optional<std::uint64_t> announced_length;  ///< may differ from the payload's
  /// Forces 0, 2 or 8 octets of extended length; a length that does not fit loses its high bits.
  std::optional<int> length_bytes;
};

/// Header octets followed by the (masked) payload.
Bytes encode(const FrameSpec& spec, std::string_view payload);
/// Only the header octets.
Bytes encode_header(const FrameSpec& spec, std::uint64_t payload_size);

struct Frame {
  bool fin = true;
  int rsv = 0;
  int opcode = 0;
  std::optional<std::uint32_t> mask_key;
  std::uint64_t length = 0;
  Bytes head;
  Bytes payload;  ///< unmasked; at most the decoder's cap, the rest is counted in length only
  bool minimal_length = true;
};

/// Incremental decoder. feed() keeps what it is given; next() takes one whole frame out. Holds at
/// most cap + 14 octets of one frame, however long it claims to be: octets beyond the cap are
/// dropped and counted.
class Decoder {
 public:
  explicit Decoder(std::size_t payload_cap = std::size_t{1} << 20) : cap_(payload_cap) {}
  void feed(std::string_view bytes);
  std::optional<Frame> next();
  /// Octets of a frame that is not complete, as they were on the wire (up to the cap). Meaningful
  /// once next() has returned nothing.
  const Bytes& pending() const { return buffer_; }

 private:
  struct Head {
    std::size_t size = 0;  ///< octets of the header
    std::uint64_t length = 0;
    bool minimal = true;
    std::optional<std::uint32_t> mask_key;
  };
  std::optional<Head> head() const;
  void drop_excess();

  Bytes buffer_;
  std::size_t cap_;
  std::size_t taken_ = 0;      ///< octets at the front of the buffer that next() has returned
  std::uint64_t dropped_ = 0;  ///< octets of the first frame that were counted and not kept
};

/// XORs in place with the key, starting at `offset` within the payload.
void apply_mask(Bytes& data, std::uint32_t key, std::uint64_t offset = 0);

/// Close payload: code (big-endian) and reason. No code: an empty payload.
Bytes close_payload(std::optional<int> code, std::string_view reason);
struct CloseBody {
  std::optional<int> code;  ///< absent: empty payload
  Bytes reason;
  bool malformed = false;  ///< a payload of one octet, which is then the reason
};
CloseBody parse_close(std::string_view payload);

/// Base64 of 16 random octets.
std::string random_key();
/// Sec-WebSocket-Accept for a key (RFC 6455 section 4.2.2).
std::string accept_for(std::string_view key);
/// A key that the peer cannot predict (RFC 6455 section 10.3).
std::uint32_t random_mask();

}  // namespace relapse::ws
