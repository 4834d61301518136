#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drive/connection.hpp"

// How a connection ends: by the target, by a step, or politely after the last one.

namespace relapse {
namespace {

/// What a target may still say while the replayer says goodbye. One that talks on beyond this is
/// not going to close politely.
constexpr std::size_t farewell_octets = std::size_t{4} << 20;
constexpr std::size_t farewell_events = 1000;

}  // namespace

/// While finish() waits: the target sends without end, so the connection is ended now.
bool Connection::talks_on(std::size_t size) {
  farewell_octets_ += size;
  const std::size_t events = recorder_.events().size() - farewell_from_;
  if (!recorder_.full() && farewell_octets_ <= farewell_octets && events <= farewell_events) {
    return false;
  }
  abort();
  return true;
}

void Connection::on_end(const net::error_code& error) {
  ended_ = true;
  const bool bare = net::is_bare_fin(error);
  const bool fin = bare || error == asio::error::eof;
  if (mode_ == Mode::http && http_) {
    http_->feed_end();
    while (auto message = http_->next()) {
      message->direction = Direction::received;
      message->upgrade = raw_upgrade_ || (!awaited_.empty() && awaited_.front());
      recorder_.add(lane_, std::move(*message));
    }
    record_raw(http_->take_rest(), http_->failed() ? "not HTTP: " + http_->failure() : "");
  } else if (mode_ == Mode::ws && !frames_.pending().empty()) {
    record_raw(frames_.pending(), "part of a frame");
  }
  recorder_.add(lane_, Ended{Direction::received, fin ? EndKind::fin : EndKind::rst, answered_,
                             bare  ? "without close_notify"
                             : fin ? ""
                                   : error.message()});
  if (fin && answers_on_) {
    // As any client does (RFC 6455 section 7.1.1): a server that has sent its FIN waits for ours.
    recorder_.add(lane_, Ended{Direction::sent, EndKind::fin, answered_, ""});
    stream_->close();
  }
  changed_.notify();
}

asio::awaitable<void> Connection::end(EndKind kind) {
  while (writing_ && !ending_) {
    co_await changed_.wait_until(Clock::time_point::max());
  }
  if (!stream_ || ended_ || ending_) {
    co_return;
  }
  if (kind != EndKind::half_close) {
    // Let the reader take what has arrived: closing over unread octets would send RST.
    co_await asio::post(executor_, asio::use_awaitable);
    if (ended_) {
      co_return;
    }
    ending_ = true;
    ended_ = true;
  }
  recorder_.add(lane_, Ended{Direction::sent, kind, answered_, ""});
  switch (kind) {
    case EndKind::fin:
      stream_->shutdown_send();
      stream_->close();
      break;
    case EndKind::rst:
      stream_->reset();
      break;
    case EndKind::half_close:
      stream_->shutdown_send();
      break;
  }
}

asio::awaitable<void> Connection::finish(Duration patience) {
  finishing_ = true;
  farewell_from_ = recorder_.events().size();
  if (recorder_.full()) {
    patience = Duration::zero();
  }
  const auto deadline = Clock::now() + patience;
  // A peer that does not read can block even the Close frame: this ends it.
  asio::steady_timer guard(executor_, deadline);
  auto self = shared_from_this();
  guard.async_wait([self](const boost::system::error_code& cancelled) {
    if (!cancelled) {
      self->abort();
    }
  });
  if (mode_ == Mode::ws && !close_sent_ && !close_received_) {
    ws::FrameSpec spec;
    spec.opcode = ws::close;
    spec.mask_key = ws::random_mask();
    Bytes payload = ws::close_payload(1000, "");
    co_await send_closing(std::move(spec), std::move(payload));
  }
  // After both Close frames the server is the one to end the TCP connection (RFC 6455 7.1.1).
  while (stream_ && !ended_ && !ending_ && close_sent_) {
    co_await changed_.wait_until(deadline);
  }
  if (!ending_) {
    co_await end(EndKind::fin);
  }
  guard.cancel();
  abort();
}

asio::awaitable<void> Connection::send_closing(ws::FrameSpec spec, Bytes payload) {
  if (!stream_ || ended_ || ending_) {
    co_return;
  }
  close_sent_ = true;
  recorder_.add(lane_, sent_frame(spec, payload, true));
  Bytes octets = ws::encode(spec, payload);
  co_await write(std::move(octets), Split());
}

void Connection::abort() {
  if (stream_) {
    ending_ = true;
    stream_->close();
  }
  changed_.notify();
}

asio::awaitable<void> Connection::join() {
  while (reading_) {
    co_await changed_.wait_until(Clock::time_point::max());
  }
}

}  // namespace relapse
