#pragma once
#include <cstdint>
#include <optional>

#include "model/event.hpp"

namespace relapse {

/// The whole message that ends with a frame.
struct WsMessage {
  int opcode = 0;                 ///< of its first frame: 1 is text, 2 is binary
  const Bytes* octets = nullptr;  ///< inflated; capped, see size
  std::uint64_t size = 0;         ///< of the whole message
  bool size_known = true;         ///< false: it was not inflated to its end, size is the least
  bool cut() const { return octets->size() < size || !size_known; }
};

/// Nothing for a control frame, for a part of a message, and for a message that cannot be inflated.
std::optional<WsMessage> whole_message(const WsFrame& frame);

/// Close codes that may be on the wire: RFC 6455 section 7.4 and its registry.
bool is_wire_close_code(std::int64_t code);

}  // namespace relapse
