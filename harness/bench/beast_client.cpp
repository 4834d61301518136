#include "bench/beast_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace relapse {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using WebSocket = beast::websocket::stream<tcp::socket>;

const std::string payload = "probe";

/// One connection from its SYN to the closing handshake's end. Throws on the first error.
asio::awaitable<void> one_scenario(tcp::endpoint server) {
  const auto executor = co_await asio::this_coro::executor;
  WebSocket socket(executor);
  tcp::socket& tcp_socket = socket.next_layer();
  co_await tcp_socket.async_connect(server, asio::use_awaitable);
  tcp_socket.set_option(tcp::no_delay(true));
  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  co_await socket.async_handshake(host, "/echo", asio::use_awaitable);
  socket.text(true);
  co_await socket.async_write(asio::buffer(payload), asio::use_awaitable);
  beast::flat_buffer received;
  co_await socket.async_read(received, asio::use_awaitable);
  if (!socket.got_text() || beast::buffers_to_string(received.data()) != payload) {
    throw std::runtime_error("the echo differs from what was sent");
  }
  const beast::websocket::close_reason normal(beast::websocket::close_code::normal);
  // Reads on until the peer's FIN (RFC 6455 section 7.1.1: the server closes TCP first).
  co_await socket.async_close(normal, asio::use_awaitable);
}

asio::awaitable<void> many_scenarios(tcp::endpoint server, int count) {
  for (int i = 0; i < count; ++i) {
    co_await one_scenario(server);
  }
}

}  // namespace

double beast_scenarios_per_second(int port, int count) {
  if (count < 1) {
    throw std::invalid_argument("count must be at least 1");
  }
  const tcp::endpoint server(asio::ip::address_v4::loopback(),
                             static_cast<asio::ip::port_type>(port));
  asio::io_context io(1);
  std::exception_ptr failure;
  const auto keep = [&failure](std::exception_ptr error) { failure = std::move(error); };
  const auto start = std::chrono::steady_clock::now();
  asio::co_spawn(io, many_scenarios(server, count), keep);
  io.run();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  if (failure) {
    std::rethrow_exception(failure);
  }
  return count / elapsed.count();
}

}  // namespace relapse
