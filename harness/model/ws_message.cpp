#include "model/ws_message.hpp"

#include <algorithm>

namespace relapse {

std::optional<WsMessage> whole_message(const WsFrame& frame) {
  constexpr int first_control = 8;
  const int opcode = frame.message_opcode.value_or(frame.opcode);
  const bool faulty = !frame.deflate_fault.empty();
  if (!frame.fin || frame.opcode >= first_control || opcode == 0 || (faulty && !frame.deflated)) {
    return std::nullopt;
  }
  // max: a timeline that was written elsewhere may leave the sizes out.
  const bool gathered = frame.deflated || frame.message_opcode.has_value();
  const Bytes& octets = gathered ? frame.message : frame.payload;
  const std::uint64_t size = frame.deflated ? frame.inflated
                             : gathered     ? frame.message_size
                                            : frame.length;
  return WsMessage{opcode, &octets, std::max<std::uint64_t>(size, octets.size()), !faulty};
}

bool is_wire_close_code(std::int64_t code) {
  return (1000 <= code && code <= 1003) || (1007 <= code && code <= 1014) ||
         (3000 <= code && code <= 4999);
}

}  // namespace relapse
