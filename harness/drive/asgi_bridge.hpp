#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "process/unique_fd.hpp"

namespace relapse {

namespace asio = boost::asio;

/// The program that runs inside the target's interpreter (drive/asgi/bridge.py).
std::string_view asgi_bridge_program();

/// The harness's end of the socket to the bridge: messages with a length of 4 octets, big-endian,
/// in front. Confined to one executor.
class AsgiBridge {
 public:
  struct Answer {
    enum class State {
      whole,
      late,   ///< nothing came in time: the application does not let its loop turn
      ended,  ///< the bridge is gone, or sent what is no message
    };
    State state = State::ended;
    Bytes octets{};
  };

  /// An error is the system's.
  static Result<std::unique_ptr<AsgiBridge>> make(asio::any_io_executor executor);

  /// The descriptor for the bridge's process; to be closed here when that runs.
  int other_end() const { return other_end_.get(); }
  void close_other_end() { other_end_.reset(); }

  /// False when the bridge is gone.
  asio::awaitable<bool> send(Bytes message);
  asio::awaitable<Answer> receive(Duration limit);
  asio::awaitable<Answer> ask(Bytes message, Duration limit);
  /// The bridge ends by itself when it has seen this.
  void close();

 private:
  explicit AsgiBridge(asio::any_io_executor executor) : socket_(std::move(executor)) {}
  /// The next whole message out of what has been read; false when it is not there yet.
  bool take(Answer& answer);

  asio::local::stream_protocol::socket socket_;
  UniqueFd other_end_;
  Bytes read_;
  std::size_t begin_ = 0;  ///< of what has not been taken
};

}  // namespace relapse
