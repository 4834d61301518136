#include "codec/ws_frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace relapse::ws {
namespace {

std::uint64_t octet(char c) {
  return static_cast<unsigned char>(c);
}

void append_big_endian(Bytes& out, std::uint64_t value, int octets) {
  for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xFFU);
  }
}

std::uint64_t read_big_endian(std::string_view octets) {
  std::uint64_t value = 0;
  for (const char c : octets) {
    value = (value << 8) | octet(c);
  }
  return value;
}

/// Octets of extended length that RFC 6455 section 5.2 asks for: the fewest possible.
int minimal_length_bytes(std::uint64_t length) {
  if (length < 126) {
    return 0;
  }
  return length < 65'536 ? 2 : 8;
}

}  // namespace

Bytes encode_header(const FrameSpec& spec, std::uint64_t payload_size) {
  const std::uint64_t length = spec.announced_length.value_or(payload_size);
  int octets = spec.length_bytes.value_or(minimal_length_bytes(length));
  if (octets != 0 && octets != 2 && octets != 8) {
    octets = minimal_length_bytes(length);
  }
  const unsigned mask_bit = spec.mask_key ? 0x80U : 0U;
  const unsigned length_field = octets == 8   ? 127U
                                : octets == 2 ? 126U
                                              : static_cast<unsigned>(length & 0x7FU);
  Bytes out;
  out += static_cast<char>((spec.fin ? 0x80U : 0U) | ((static_cast<unsigned>(spec.rsv) & 7U) << 4) |
                           (static_cast<unsigned>(spec.opcode) & 15U));
  out += static_cast<char>(mask_bit | length_field);
  append_big_endian(out, length, octets);
  if (spec.mask_key) {
    append_big_endian(out, *spec.mask_key, 4);
  }
  return out;
}

Bytes encode(const FrameSpec& spec, std::string_view payload) {
  Bytes body(payload);
  if (spec.mask_key) {
    apply_mask(body, *spec.mask_key);
  }
  return encode_header(spec, payload.size()) + body;
}

void apply_mask(Bytes& data, std::uint32_t key, std::uint64_t offset) {
  const std::array<unsigned char, 4> octets = {
      static_cast<unsigned char>(key >> 24), static_cast<unsigned char>((key >> 16) & 0xFFU),
      static_cast<unsigned char>((key >> 8) & 0xFFU), static_cast<unsigned char>(key & 0xFFU)};
  for (char& c : data) {
    c = static_cast<char>(static_cast<unsigned char>(c) ^ octets[offset++ % 4]);
  }
}

std::optional<Decoder::Head> Decoder::head() const {
  const std::string_view rest = std::string_view(buffer_).substr(taken_);
  if (rest.size() < 2) {
    return std::nullopt;
  }
  Head head;
  head.length = octet(rest[1]) & 0x7FU;
  const bool masked = (octet(rest[1]) & 0x80U) != 0;
  const std::size_t extended = head.length == 127 ? 8U : head.length == 126 ? 2U : 0U;
  head.size = 2 + extended + (masked ? 4U : 0U);
  if (rest.size() < head.size) {
    return std::nullopt;
  }
  if (extended > 0) {
    head.length = read_big_endian(rest.substr(2, extended));
    head.minimal = minimal_length_bytes(head.length) == static_cast<int>(extended);
  }
  if (masked) {
    head.mask_key = static_cast<std::uint32_t>(read_big_endian(rest.substr(2 + extended, 4)));
  }
  return head;
}

void Decoder::feed(std::string_view bytes) {
  buffer_.erase(0, std::exchange(taken_, 0));
  if (dropped_ > 0) {  // then the buffer holds one frame only, and cap_ octets of its payload
    const std::uint64_t missing = head()->length - cap_ - dropped_;
    const std::size_t skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(missing, bytes.size()));
    dropped_ += skipped;
    bytes.remove_prefix(skipped);
  }
  buffer_ += bytes;
  drop_excess();
}

/// Keeps a frame that has not ended from growing beyond the cap.
void Decoder::drop_excess() {
  if (dropped_ > 0) {
    return;
  }
  const std::optional<Head> first = head();
  if (!first) {
    return;
  }
  const std::size_t have = buffer_.size() - taken_ - first->size;
  if (have > cap_ && have < first->length) {
    dropped_ = have - cap_;
    buffer_.resize(taken_ + first->size + cap_);
    buffer_.shrink_to_fit();
  }
}

std::optional<Frame> Decoder::next() {
  const std::optional<Head> first = head();
  const std::uint64_t have =
      first ? std::uint64_t{buffer_.size() - taken_ - first->size} + dropped_ : 0;
  if (!first || have < first->length) {
    buffer_.erase(0, std::exchange(taken_, 0));
    drop_excess();
    return std::nullopt;
  }
  const unsigned lead = static_cast<unsigned char>(buffer_[taken_]);
  const std::size_t stored = first->length - dropped_;
  Frame frame{.fin = (lead & 0x80U) != 0,
              .rsv = static_cast<int>((lead >> 4) & 7U),
              .opcode = static_cast<int>(lead & 15U),
              .mask_key = first->mask_key,
              .length = first->length,
              .head = buffer_.substr(taken_, first->size),
              .payload = buffer_.substr(taken_ + first->size, std::min(stored, cap_)),
              .minimal_length = first->minimal};
  if (frame.mask_key) {
    apply_mask(frame.payload, *frame.mask_key);
  }
  taken_ += first->size + stored;
  dropped_ = 0;
  return frame;
}

Bytes close_payload(std::optional<int> code, std::string_view reason) {
  if (!code) {
    return {};
  }
  Bytes out;
  append_big_endian(out, static_cast<std::uint64_t>(*code) & 0xFFFFU, 2);
  out += reason;
  return out;
}

CloseBody parse_close(std::string_view payload) {
  CloseBody body;
  if (payload.size() == 1) {
    body.malformed = true;
    body.reason = payload;
  } else if (!payload.empty()) {
    body.code = static_cast<int>(read_big_endian(payload.substr(0, 2)));
    body.reason = payload.substr(2);
  }
  return body;
}

}  // namespace relapse::ws
