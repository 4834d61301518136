#include "net/tcp.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <vector>

namespace relapse::net {
namespace {

using asio::ip::tcp;
constexpr auto tok = asio::as_tuple(asio::use_awaitable);

class TcpStream final : public ByteStream {
 public:
  explicit TcpStream(tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<std::pair<error_code, std::size_t>> read_some(std::span<char> buffer) override {
    auto [ec, size] =
        co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()), tok);
    co_return std::pair<error_code, std::size_t>(ec, size);
  }

  asio::awaitable<error_code> write(std::string data) override {
    // data lives in this coroutine's frame, so the caller's copy may go.
    auto [ec, size] = co_await asio::async_write(socket_, asio::buffer(data), tok);
    co_return ec;
  }

  void shutdown_send() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }

  void reset() override {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

  int local_port() const override {
    error_code ec;
    const tcp::endpoint endpoint = socket_.local_endpoint(ec);
    return ec ? 0 : endpoint.port();
  }

 private:
  tcp::socket socket_;
};

/// The endpoint when host and port are both numbers: then no resolver, which would start a thread.
std::vector<tcp::endpoint> numeric_endpoint(const Endpoint& endpoint) {
  error_code ec;
  const asio::ip::address address = asio::ip::make_address(without_brackets(endpoint.host), ec);
  unsigned port = 0;
  for (const char c : endpoint.port) {
    if (c < '0' || c > '9' || port > 65'535) {
      return {};
    }
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  if (ec || endpoint.port.empty() || port > 65'535) {
    return {};
  }
  return {tcp::endpoint(address, static_cast<asio::ip::port_type>(port))};
}

/// The socket belongs to the caller's frame, which awaits this.
asio::awaitable<error_code> connect_socket(tcp::socket& socket, Endpoint endpoint) {
  std::vector<tcp::endpoint> endpoints = numeric_endpoint(endpoint);
  if (endpoints.empty()) {
    tcp::resolver resolver(socket.get_executor());
    auto [failure, resolved] = co_await resolver.async_resolve(endpoint.host, endpoint.port, tok);
    if (failure) {
      co_return failure;
    }
    for (const auto& entry : resolved) {
      endpoints.push_back(entry.endpoint());
    }
  }
  auto [ec, connected] = co_await asio::async_connect(socket, endpoints, tok);
  if (!ec) {
    error_code ignored;  // a peer may have reset already; the next read tells
    socket.set_option(tcp::no_delay(true), ignored);
  }
  co_return ec;
}

}  // namespace

std::unique_ptr<ByteStream> adopt_tcp(tcp::socket socket) {
  return std::make_unique<TcpStream>(std::move(socket));
}

std::string without_brackets(const std::string& host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return host.substr(1, host.size() - 2);
  }
  return host;
}

asio::awaitable<std::pair<error_code, tcp::socket>> connect_tcp_socket(
    asio::any_io_executor executor, Endpoint endpoint, std::chrono::nanoseconds timeout) {
  using asio::experimental::awaitable_operators::operator||;
  using Answer = std::pair<error_code, tcp::socket>;
  tcp::socket socket(executor);
  asio::steady_timer timer(executor);
  timer.expires_after(timeout);
  auto first = co_await (connect_socket(socket, std::move(endpoint)) || timer.async_wait(tok));
  error_code ec = asio::error::timed_out;
  if (first.index() == 0) {
    ec = std::get<0>(first);
  } else if (std::get<0>(std::get<1>(first))) {
    ec = std::get<0>(std::get<1>(first));  // the caller gave up: operation_aborted
  }
  if (ec) {
    error_code ignored;
    socket.close(ignored);
  }
  co_return Answer(ec, std::move(socket));
}

asio::awaitable<std::pair<error_code, std::unique_ptr<ByteStream>>> connect_tcp(
    asio::any_io_executor executor, Endpoint endpoint, std::chrono::nanoseconds timeout) {
  using Answer = std::pair<error_code, std::unique_ptr<ByteStream>>;
  auto [ec, socket] = co_await connect_tcp_socket(executor, std::move(endpoint), timeout);
  if (ec) {
    co_return Answer(ec, nullptr);
  }
  co_return Answer(ec, adopt_tcp(std::move(socket)));
}

}  // namespace relapse::net
