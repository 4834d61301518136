#include "drive/connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.hpp"

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t event_cap = std::size_t{1} << 20;  ///< octets kept per event
/// May not fit the buffers between here and the target.
constexpr std::size_t large_write = 65'536;
constexpr std::size_t read_size = 2048;  ///< one buffer for every open connection: keep it small

bool asks_for_upgrade(std::string_view octets) {
  return to_lower(octets.substr(0, 4096)).find("upgrade: websocket") != std::string::npos;
}

}  // namespace

Connection::Connection(asio::any_io_executor executor, Recorder& recorder, std::string lane)
    : executor_(executor),
      recorder_(recorder),
      lane_(std::move(lane)),
      frames_(event_cap),
      messages_(event_cap),
      changed_(executor) {}

asio::awaitable<bool> Connection::open(net::Endpoint endpoint, Duration timeout) {
  net::Opening opening = co_await net::connect(executor_, endpoint, timeout);
  const int port = std::atoi(endpoint.port.c_str());
  if (!opening.stream) {
    failed_ = true;
    recorder_.add(lane_, ConnectFailed{endpoint.host, port, std::move(opening.why)});
    co_return false;
  }
  stream_ = std::move(opening.stream);
  http_ = std::make_unique<HttpResponseParser>(event_cap);
  recorder_.add(lane_, Connected{endpoint.host, port, stream_->local_port(), stream_->security()});
  reading_ = true;
  auto self = shared_from_this();
  // The loop reports every error as an event; what could still escape is a defect of ours.
  auto done = [self](std::exception_ptr failure) {
    self->reading_ = false;
    if (failure) {
      self->recorder_.add(self->lane_, HarnessFailed{"the reader of this connection failed"});
    }
    self->changed_.notify();
  };
  asio::co_spawn(executor_, read_loop(), done);
  co_return true;
}

asio::awaitable<void> Connection::read_loop() {
  std::array<char, read_size> buffer;
  while (true) {
    auto [error, size] = co_await stream_->read_some(std::span<char>(buffer));
    if (ending_) {
      co_return;
    }
    if (size > 0) {
      if (finishing_ && talks_on(size)) {
        co_return;
      }
      on_octets(std::string_view(buffer.data(), size));
      co_await answer();
    }
    if (error) {
      on_end(error);
      co_return;
    }
  }
}

void Connection::on_octets(std::string_view octets) {
  answered_ = true;
  switch (mode_) {
    case Mode::http:
      read_http(octets);
      break;
    case Mode::ws:
      frames_.feed(octets);
      read_frames();
      break;
    case Mode::raw:
      record_raw(Bytes(octets), "");
      break;
  }
}

void Connection::read_http(std::string_view octets) {
  http_->feed(octets);
  while (auto message = http_->next()) {
    message->direction = Direction::received;
    message->upgrade = raw_upgrade_ || (!awaited_.empty() && awaited_.front());
    const bool interim = message->status < 200 && message->status != 101;
    if (!awaited_.empty() && !interim) {
      awaited_.erase(awaited_.begin());
    }
    const bool switched = message->status == 101;
    const bool to_websocket = message->upgrade;
    if (switched && to_websocket) {
      messages_.agreed(message->headers);
    }
    recorder_.add(lane_, std::move(*message));
    if (switched) {
      leave_http(to_websocket);
      return;
    }
  }
  if (http_->failed()) {
    mode_ = Mode::raw;
    record_raw(http_->take_rest(), "not HTTP: " + http_->failure());
  }
}

/// After a 101 (RFC 9110 section 15.2.2) the octets are frames, or of a protocol not known here.
void Connection::leave_http(bool to_websocket) {
  mode_ = to_websocket ? Mode::ws : Mode::raw;
  const Bytes rest = http_->take_rest();
  http_.reset();
  if (to_websocket) {
    frames_.feed(rest);
    read_frames();
  } else {
    record_raw(rest, "");
  }
}

void Connection::read_frames() {
  while (auto frame = frames_.next()) {
    record_frame(std::move(*frame));
  }
}

void Connection::record_frame(ws::Frame frame) {
  WsFrame event = messages_.received(std::move(frame));
  if (event.opcode == ws::close) {
    close_received_ = true;
    changed_.notify();
  }
  if (answers_on_ && event.opcode == ws::ping) {
    answers_.emplace_back(ws::pong, event.payload);
  }
  if (answers_on_ && event.opcode == ws::close && !close_sent_) {
    answers_.emplace_back(ws::close, event.payload.substr(0, 2));
  }
  recorder_.add(lane_, std::move(event));
}

void Connection::record_raw(Bytes octets, std::string note) {
  if (octets.empty() && note.empty()) {
    return;
  }
  RawBytes raw;
  raw.direction = Direction::received;
  raw.size = octets.size();
  raw.data = octets.substr(0, event_cap);
  raw.note = std::move(note);
  recorder_.add(lane_, std::move(raw));
}

/// What is due while something else is being written follows it: whoever writes calls this then.
asio::awaitable<void> Connection::answer() {
  while (!answers_.empty() && !writing_ && !ended_ && !ending_) {
    auto [opcode, payload] = std::move(answers_.front());
    answers_.erase(answers_.begin());
    if (opcode == ws::close && close_sent_) {
      continue;
    }
    ws::FrameSpec spec;
    spec.opcode = opcode;
    spec.mask_key = ws::random_mask();
    close_sent_ = close_sent_ || opcode == ws::close;
    recorder_.add(lane_, sent_frame(spec, payload, true));
    Bytes octets = ws::encode(spec, payload);
    co_await write_now(std::move(octets), Split());
  }
}

WsFrame Connection::sent_frame(const ws::FrameSpec& spec, const Bytes& payload,
                               bool automatic) const {
  WsFrame event;
  event.direction = Direction::sent;
  event.fin = spec.fin;
  event.rsv = spec.rsv;
  event.opcode = spec.opcode;
  event.mask_key = spec.mask_key;
  event.length = spec.announced_length.value_or(payload.size());
  event.head = ws::encode_header(spec, payload.size());
  event.payload = payload.substr(0, event_cap);
  event.automatic = automatic;
  return event;
}

asio::awaitable<void> Connection::send_http(HttpMessage message, Split split, bool answers) {
  if (message.upgrade) {
    answers_on_ = answers;
    messages_.asked(message.headers);
  }
  if (http_) {
    awaited_.push_back(message.upgrade);
    http_->expect_response_to(message.method);
  }
  Bytes octets = wire_octets(message);
  recorder_.add(lane_, std::move(message));
  co_await write(std::move(octets), std::move(split));
}

asio::awaitable<void> Connection::send_compressed(ws::FrameSpec spec, Bytes message, Split split) {
  constexpr int rsv1 = 4;
  spec.rsv |= rsv1;
  Bytes payload = messages_.compressed(message);
  WsFrame event = sent_frame(spec, payload, false);
  event.deflated = true;
  event.inflated = message.size();
  event.message = message.substr(0, event_cap);
  recorder_.add(lane_, std::move(event));
  Bytes octets = ws::encode(spec, payload);
  co_await write(std::move(octets), std::move(split));
}

asio::awaitable<void> Connection::send_frame(ws::FrameSpec spec, Bytes payload, Split split) {
  close_sent_ = close_sent_ || spec.opcode == ws::close;
  recorder_.add(lane_, sent_frame(spec, payload, false));
  Bytes octets = ws::encode(spec, payload);
  co_await write(std::move(octets), std::move(split));
}

asio::awaitable<void> Connection::send_bytes(Bytes data, Split split) {
  if (mode_ == Mode::http && http_) {
    raw_upgrade_ = raw_upgrade_ || asks_for_upgrade(data);
    if (to_lower(std::string_view(data).substr(0, 4096)).find("permessage-deflate") !=
        std::string::npos) {
      messages_.asked({{"Sec-WebSocket-Extensions", "permessage-deflate"}});
    }
    if (data.starts_with("HEAD ")) {
      http_->expect_response_to("HEAD");
    }
  }
  RawBytes raw;
  raw.direction = Direction::sent;
  raw.size = data.size();
  raw.data = data.substr(0, event_cap);
  recorder_.add(lane_, std::move(raw));
  co_await write(std::move(data), std::move(split));
}

asio::awaitable<void> Connection::write(Bytes octets, Split split) {
  while (writing_ && !ending_) {
    co_await changed_.wait_until(Clock::time_point::max());
  }
  if (!stream_ || ended_ || ending_) {
    co_return;
  }
  if (split.none() && octets.size() > large_write) {
    // A target that refuses a large message may send its Close frame and read no more of it for a
    // long time (uvicorn with websockets: 10 s). What the steps expect next is there already.
    writing_ = true;
    auto self = shared_from_this();
    auto done = [self](std::exception_ptr failure) {
      if (failure) {
        self->recorder_.add(self->lane_, HarnessFailed{"a write on this connection failed"});
      }
    };
    asio::co_spawn(executor_, write_aside(std::move(octets)), done);
    while (writing_ && !close_received_ && !ended_ && !ending_) {
      co_await changed_.wait_until(Clock::time_point::max());
    }
    co_return;
  }
  co_await write_now(std::move(octets), std::move(split));
  co_await answer();
}

asio::awaitable<void> Connection::write_aside(Bytes octets) {
  const auto self = shared_from_this();
  co_await write_now(std::move(octets), Split());
  co_await answer();
}

asio::awaitable<void> Connection::write_now(Bytes octets, Split split) {
  writing_ = true;
  if (split.none()) {
    // An error is left to the reader, which sees how the connection ended.
    co_await stream_->write(std::move(octets));
  } else {
    co_await write_segments(std::move(octets), std::move(split));
  }
  writing_ = false;
  changed_.notify();
}

asio::awaitable<void> Connection::write_segments(Bytes octets, Split split) {
  std::size_t done = 0;
  for (std::size_t segment = 0; done < octets.size(); ++segment) {
    std::size_t size = octets.size() - done;
    if (split.every_byte) {
      size = 1;
    } else if (segment < split.sizes.size()) {
      size = std::clamp<std::size_t>(split.sizes[segment], 1, size);
    }
    Bytes part = octets.substr(done, size);
    const auto error = co_await stream_->write(std::move(part));
    if (error) {
      co_return;
    }
    done += size;
    if (split.gap > Duration::zero() && done < octets.size()) {
      asio::steady_timer timer(executor_, split.gap);
      co_await timer.async_wait(tok);
    }
  }
}

}  // namespace relapse
