#include "drive/ws_messages.hpp"

#include <utility>

namespace relapse {
namespace {
constexpr int rsv1 = 4;
}  // namespace

void WsMessages::agreed(const std::vector<Header>& response) {
  const ws::DeflateAnswer answer = ws::deflate_answer(request_, response);
  if (!answer.accepted) {
    why_not_ = "RSV1, but " + answer.fault;
    return;
  }
  const ws::DeflateParameters& with = *answer.accepted;
  context_takeover_ = !with.server_no_context_takeover;
  inflater_.emplace(with.server_max_window_bits, context_takeover_);
  deflater_.emplace(with.client_max_window_bits, !with.client_no_context_takeover);
}

WsFrame WsMessages::received(ws::Frame frame) {
  WsFrame event;
  event.direction = Direction::received;
  event.fin = frame.fin;
  event.rsv = frame.rsv;
  event.opcode = frame.opcode;
  event.mask_key = frame.mask_key;
  event.length = frame.length;
  event.head = std::move(frame.head);
  event.payload = std::move(frame.payload);
  if (event.opcode >= ws::close) {
    if ((event.rsv & rsv1) != 0) {
      event.deflate_fault = "RSV1 on a control frame";
    }
    return event;
  }
  if (event.opcode != ws::continuation) {
    begin(event);
  } else if ((event.rsv & rsv1) != 0) {
    fault_ = "RSV1 on a continuation";
  }
  gather(event);
  if (event.fin) {
    complete(event);
  }
  return event;
}

void WsMessages::begin(const WsFrame& frame) {
  opcode_ = frame.opcode;
  compressed_ = (frame.rsv & rsv1) != 0;
  fault_.clear();
  octets_.clear();
  size_ = 0;
}

void WsMessages::gather(WsFrame& frame) {
  size_ += frame.length;
  const bool whole = frame.fin && frame.opcode != ws::continuation && !compressed_;
  if (!whole) {  // the payload of a whole message stands in its frame already
    octets_ += frame.payload.substr(0, cap_ - octets_.size());
  }
}

void WsMessages::complete(WsFrame& frame) {
  if (frame.opcode == ws::continuation) {
    frame.message_opcode = opcode_;
    frame.message_size = opcode_ ? size_ : 0;
  }
  frame.deflate_fault = fault_;
  if (compressed_ && fault_.empty()) {
    inflate(frame);
  } else if (frame.message_opcode) {
    frame.message = std::move(octets_);
  }
  opcode_.reset();
  compressed_ = false;
  fault_.clear();
  octets_.clear();
  size_ = 0;
}

void WsMessages::inflate(WsFrame& frame) {
  if (!inflater_) {
    frame.deflated = own_bound_;
    frame.deflate_fault = why_not_;
    return;
  }
  ws::Inflated made = inflater_->inflate(octets_, cap_);
  if (octets_.size() < size_) {
    made.fault = "only the first " + std::to_string(cap_) + " compressed octets are inflated";
    made.stopped = true;
    if (context_takeover_) {
      why_not_ = "an earlier message was too large to be inflated";
      own_bound_ = true;
      inflater_.reset();
    }
  }
  frame.deflated = made.fault.empty() || made.stopped;
  frame.inflated = made.size;
  frame.message = std::move(made.message);
  frame.deflate_fault = std::move(made.fault);
}

Bytes WsMessages::compressed(std::string_view message) {
  if (!deflater_) {
    constexpr int widest = 15;
    return ws::Deflater(widest, false).compress(message);
  }
  return deflater_->compress(message);
}

}  // namespace relapse
