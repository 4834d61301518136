#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/run.hpp"

/// The octets of an exchange, as far as they were kept.
namespace relapse::view {

/// Octets that differ from what was expected: first, and how many.
using Range = std::pair<std::size_t, std::size_t>;

/// One part of a message: "head", "payload, unmasked", "payload as sent, masked", "body".
struct Octets {
  std::string name{};
  Bytes data{};
  std::uint64_t size = 0;       ///< of the whole, of which data is the beginning
  std::vector<Range> marked{};  ///< within data
};
/// One header octet, or some, and what their bits mean: {"81", "FIN, TEXT"}.
struct HeaderBits {
  std::string octets{};
  std::string meaning{};
};
struct MessageBytes {
  const Event* event = nullptr;
  std::vector<HeaderBits> header{};
  std::vector<Octets> parts{};
  bool decisive = false;  ///< the divergence
};
/// Of every message of the exchange, in order.
std::vector<MessageBytes> message_bytes(const Timeline& timeline, const Finding* finding);

/// "FIN, TEXT", "MASK, length 3": bit by bit.
std::vector<HeaderBits> decode_header(const WsFrame& frame);
/// Where `data` differs from the text that the finding expected between quotes; empty when there is
/// none. Octets that are no UTF-8 count as different in a text frame.
std::vector<Range> differences(const Bytes& data, const std::string& expected);

/// One row of a hex table.
struct HexRow {
  std::size_t offset = 0;
  std::string hex{};       ///< "00 [ff] 01": marked octets stand in brackets
  std::string readable{};  ///< the same as text
  bool marked = false;
  std::uint64_t skipped = 0;  ///< not a row: so many octets are left out here
};
/// The first `most` octets, the last 512, and 256 around each difference; what lies between is
/// counted.
std::vector<HexRow> hex_rows(const Octets& octets, std::size_t most);

}  // namespace relapse::view
