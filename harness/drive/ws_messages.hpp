#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/deflate.hpp"
#include "codec/ws_frame.hpp"
#include "model/event.hpp"

namespace relapse {

/// Makes messages of the frames of one connection, and frames' payloads of messages, with
/// permessage-deflate (RFC 7692) as far as the target accepted it.
///
///   frame -> fragments gathered -> inflated -> the event of the last frame
///
/// Holds at most `cap` octets of a message.
class WsMessages {
 public:
  explicit WsMessages(std::size_t cap) : cap_(cap) {}

  /// An upgrade was sent with these headers.
  void asked(std::vector<Header> request) { request_ = std::move(request); }
  /// It was answered with a 101.
  void agreed(const std::vector<Header>& response);

  /// The event for a frame of the target; on the last one of a message with what it amounts to.
  WsFrame received(ws::Frame frame);
  /// The payload of a message that is sent compressed. Where nothing was agreed (yet), with a
  /// window of its own.
  Bytes compressed(std::string_view message);

 private:
  void begin(const WsFrame& frame);
  void gather(WsFrame& frame);
  void complete(WsFrame& frame);
  void inflate(WsFrame& frame);

  std::size_t cap_;
  std::vector<Header> request_;
  std::string why_not_ = "RSV1 without permessage-deflate";  ///< no inflater: the reason
  bool own_bound_ = false;                                   ///< and that reason is a bound of ours
  std::optional<ws::Inflater> inflater_;
  std::optional<ws::Deflater> deflater_;
  bool context_takeover_ = true;  ///< of the target's messages

  // The message that is being received.
  std::optional<int> opcode_;
  bool compressed_ = false;
  std::string fault_;
  Bytes octets_;
  std::uint64_t size_ = 0;
};

}  // namespace relapse
