#include "drive/scripted_peer.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "codec/ws_frame.hpp"

namespace relapse::testing {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);
using asio::ip::tcp;

std::string key_of(const std::string& head) {
  const std::string name = "Sec-WebSocket-Key: ";
  const std::size_t at = head.find(name);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t from = at + name.size();
  return head.substr(from, head.find("\r\n", from) - from);
}

std::string switching(const std::string& head) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         ws::accept_for(key_of(head)) + "\r\n\r\n";
}

asio::awaitable<std::size_t> read_some(tcp::socket& socket, std::string& into, bool& reset) {
  std::array<char, 512> buffer;
  auto [error, size] = co_await socket.async_read_some(asio::buffer(buffer), tok);
  into.append(buffer.data(), size);
  reset = reset || error == asio::error::connection_reset;
  co_return size;
}

}  // namespace

ScriptedPeer::ScriptedPeer(asio::any_io_executor executor, std::vector<Act> acts)
    : state_(std::make_shared<State>(executor)) {
  state_->acts = std::move(acts);
  auto state = state_;
  asio::co_spawn(executor, serve(state), [state](std::exception_ptr failure) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  });
}

int ScriptedPeer::port() const {
  return state_->acceptor.local_endpoint().port();
}

asio::awaitable<void> ScriptedPeer::serve(std::shared_ptr<State> state) {
  auto [error, socket] = co_await state->acceptor.async_accept(tok);
  if (error) {
    co_return;
  }
  for (const Act& act : state->acts) {
    switch (act.kind) {
      case Act::Kind::read_head: {
        while (state->head.find("\r\n\r\n") == std::string::npos) {
          const auto size = co_await read_some(socket, state->head, state->saw_reset);
          if (size == 0) {
            co_return;
          }
        }
        const std::size_t end = state->head.find("\r\n\r\n") + 4;
        state->received = state->head.substr(end);
        state->head.resize(end);
        break;
      }
      case Act::Kind::read_octets:
        while (state->received.size() < act.count) {
          const auto size = co_await read_some(socket, state->received, state->saw_reset);
          if (size == 0) {
            co_return;
          }
        }
        break;
      case Act::Kind::write:
      case Act::Kind::write_101: {
        const std::string octets =
            act.kind == Act::Kind::write ? act.octets : switching(state->head);
        co_await asio::async_write(socket, asio::buffer(octets), tok);
        break;
      }
      case Act::Kind::fin:
        socket.shutdown(tcp::socket::shutdown_send);
        break;
      case Act::Kind::rst:
        socket.set_option(asio::socket_base::linger(true, 0));
        socket.close();
        co_return;
      case Act::Kind::stall: {
        asio::steady_timer timer(socket.get_executor(), std::chrono::seconds{3});
        co_await timer.async_wait(tok);
        break;
      }
      case Act::Kind::hold:
        break;
    }
  }
  std::size_t size = 1;
  while (size > 0) {
    size = co_await read_some(socket, state->received, state->saw_reset);
  }
  state->saw_end = true;
}

}  // namespace relapse::testing
