#include "net/tcp.hpp"

#include <malloc.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace relapse::net;
using namespace std::chrono_literals;
using asio::ip::tcp;
using asio::experimental::awaitable_operators::operator||;
using asio::experimental::awaitable_operators::operator&&;

namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);
using Stream = std::unique_ptr<ByteStream>;
using Connection = std::pair<error_code, Stream>;
using ReadResult = std::pair<error_code, std::size_t>;

/// Runs one coroutine to its end; what it throws comes out here. At most ten seconds.
void run(asio::io_context& context, asio::awaitable<void> body) {
  std::exception_ptr thrown;
  bool done = false;
  asio::co_spawn(context, std::move(body), [&](std::exception_ptr e) {
    thrown = e;
    done = true;
  });
  context.run_for(10s);
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  REQUIRE(done);
}

tcp::acceptor listen_on_loopback(asio::io_context& context) {
  return tcp::acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
}

Endpoint endpoint_of(const tcp::acceptor& acceptor) {
  return Endpoint{"127.0.0.1", std::to_string(acceptor.local_endpoint().port())};
}

/// Both sides of one connection; ours is made by connect_tcp.
struct Pair {
  Stream ours;
  tcp::socket peer;
};

asio::awaitable<Pair> connected_pair(asio::io_context& context) {
  tcp::acceptor acceptor = listen_on_loopback(context);
  Endpoint endpoint = endpoint_of(acceptor);
  Connection connection = co_await connect_tcp(context.get_executor(), endpoint, 5s);
  REQUIRE_FALSE(connection.first);
  REQUIRE(connection.second != nullptr);
  auto [ec, peer] = co_await acceptor.async_accept(tok);
  REQUIRE_FALSE(ec);
  co_return Pair{std::move(connection.second), std::move(peer)};
}

asio::awaitable<ReadResult> peer_read(tcp::socket& peer, std::string& into) {
  into.resize(64);
  auto [ec, size] = co_await peer.async_read_some(asio::buffer(into), tok);
  into.resize(size);
  co_return ReadResult(ec, size);
}

asio::awaitable<error_code> read_until(ByteStream& stream, std::size_t wanted, std::string& into) {
  std::vector<char> block(8192);
  error_code failure;
  while (!failure && into.size() < wanted) {
    auto [ec, size] = co_await stream.read_some(block);
    failure = ec;
    into.append(block.data(), size);
  }
  co_return failure;
}

}  // namespace

TEST_CASE("tcp: octets go both ways and a stream knows its port", "[net]") {
  asio::io_context context;
  const auto body = [](asio::io_context& io) -> asio::awaitable<void> {
    Pair pair = co_await connected_pair(io);
    CHECK(pair.ours->local_port() == pair.peer.remote_endpoint().port());
    const error_code sent = co_await pair.ours->write("hello");
    CHECK_FALSE(sent);
    std::string seen;
    co_await peer_read(pair.peer, seen);
    CHECK(seen == "hello");
    const std::string answer("world\0!", 7);
    co_await asio::async_write(pair.peer, asio::buffer(answer), tok);
    std::string got;
    const error_code read = co_await read_until(*pair.ours, answer.size(), got);
    CHECK_FALSE(read);
    CHECK(got == answer);
    pair.ours->close();
    CHECK(pair.ours->local_port() == 0);
  };
  run(context, body(context));
}

TEST_CASE("tcp: the peer sees FIN and RST apart", "[net]") {
  asio::io_context context;
  const auto body = [](asio::io_context& io, int ending,
                       error_code& seen) -> asio::awaitable<void> {
    Pair pair = co_await connected_pair(io);
    if (ending == 0) {
      pair.ours->close();
    } else if (ending == 1) {
      pair.ours->reset();
    } else {
      pair.ours->shutdown_send();
    }
    std::string octets;
    ReadResult result = co_await peer_read(pair.peer, octets);
    seen = result.first;
    CHECK(result.second == 0);
  };
  const std::vector<std::pair<int, error_code>> endings = {
      {0, asio::error::eof}, {1, asio::error::connection_reset}, {2, asio::error::eof}};
  for (const auto& [ending, wanted] : endings) {
    CAPTURE(ending);
    error_code seen;
    context.restart();
    run(context, body(context, ending, seen));
    CHECK(seen == wanted);
  }
}

TEST_CASE("tcp: a close with unread octets is an RST, so the caller drains first", "[net]") {
  asio::io_context context;
  const auto body = [](asio::io_context& io, bool drain,
                       error_code& seen) -> asio::awaitable<void> {
    Pair pair = co_await connected_pair(io);
    co_await asio::async_write(pair.peer, asio::buffer("unread", 6), tok);
    std::vector<char> block(16);
    if (drain) {
      const ReadResult drained = co_await pair.ours->read_some(block);
      CHECK(drained.second == 6);
    }
    pair.ours->close();
    std::string octets;
    ReadResult result = co_await peer_read(pair.peer, octets);
    seen = result.first;
  };
  error_code seen;
  run(context, body(context, true, seen));
  CHECK(seen == asio::error::eof);
  context.restart();
  run(context, body(context, false, seen));
  CHECK(seen == asio::error::connection_reset);
}

TEST_CASE("tcp: what the peer's ending looks like to us", "[net]") {
  asio::io_context context;
  const auto body = [](asio::io_context& io, bool rst, error_code& seen) -> asio::awaitable<void> {
    Pair pair = co_await connected_pair(io);
    co_await asio::async_write(pair.peer, asio::buffer("last", 4), tok);
    std::string got;
    co_await read_until(*pair.ours, 4, got);
    CHECK(got == "last");
    if (rst) {
      pair.peer.set_option(asio::socket_base::linger(true, 0));
    }
    pair.peer.close();
    std::vector<char> block(16);
    const ReadResult end = co_await pair.ours->read_some(block);
    CHECK(end.second == 0);
    seen = end.first;
  };
  error_code seen;
  run(context, body(context, false, seen));
  CHECK(seen == asio::error::eof);
  context.restart();
  run(context, body(context, true, seen));
  CHECK(seen == asio::error::connection_reset);
}

TEST_CASE("tcp: after half a close reading goes on, and a reset still is one", "[net]") {
  asio::io_context context;
  const auto body = [](asio::io_context& io) -> asio::awaitable<void> {
    Pair pair = co_await connected_pair(io);
    pair.ours->shutdown_send();
    std::string octets;
    ReadResult result = co_await peer_read(pair.peer, octets);
    CHECK(result.first == asio::error::eof);
    co_await asio::async_write(pair.peer, asio::buffer("late", 4), tok);
    std::string got;
    const error_code read = co_await read_until(*pair.ours, 4, got);
    CHECK_FALSE(read);
    CHECK(got == "late");
    const error_code refused = co_await pair.ours->write("more");
    CHECK(refused == asio::error::broken_pipe);
    pair.ours->reset();
    // The FIN was read already, so the RST shows when the peer sends.
    co_await asio::async_write(pair.peer, asio::buffer("x", 1), tok);
    auto [ec, size] = co_await asio::async_write(pair.peer, asio::buffer("y", 1), tok);
    CHECK(ec);
  };
  run(context, body(context));
}

TEST_CASE("tcp: nobody listens", "[net]") {
  asio::io_context context;
  const auto body = [](asio::io_context& io, std::string host) -> asio::awaitable<void> {
    Endpoint endpoint;
    endpoint.host = host;
    endpoint.port = std::to_string(free_port());
    Connection connection = co_await connect_tcp(io.get_executor(), endpoint, 5s);
    CHECK(connection.first == asio::error::connection_refused);
    CHECK(connection.second == nullptr);
  };
  for (const char* host : {"127.0.0.1", "localhost"}) {
    CAPTURE(host);
    context.restart();
    run(context, body(context, host));
  }
}

TEST_CASE("tcp: a name and a bracketed address are connected to", "[net]") {
  asio::io_context context;
  const auto body = [](asio::io_context& io, Endpoint endpoint, error_code& seen,
                       bool& has_stream) -> asio::awaitable<void> {
    Connection connection = co_await connect_tcp(io.get_executor(), endpoint, 5s);
    seen = connection.first;
    has_stream = connection.second != nullptr;
  };
  tcp::acceptor acceptor = listen_on_loopback(context);
  const std::string port = endpoint_of(acceptor).port;
  error_code seen;
  bool has_stream = false;
  // Where "localhost" is ::1 as well, that address refuses first and the next one is tried.
  run(context, body(context, Endpoint{"localhost", port}, seen, has_stream));
  CHECK_FALSE(seen);
  CHECK(has_stream);
  context.restart();
  run(context, body(context, Endpoint{"[127.0.0.1]", port}, seen, has_stream));
  CHECK_FALSE(seen);
  context.restart();
  run(context, body(context, Endpoint{"127.0.0.1", "no-such-service"}, seen, has_stream));
  CHECK(seen);
  CHECK_FALSE(has_stream);
}

TEST_CASE("tcp: a connect that nobody answers ends in time", "[net]") {
  asio::io_context context;
  tcp::acceptor acceptor(context);
  acceptor.open(tcp::v4());
  acceptor.bind(tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  acceptor.listen(0);
  // With the queue full the kernel drops further SYNs: silence, as from a firewall.
  std::vector<tcp::socket> fillers;
  for (int i = 0; i < 4; ++i) {
    tcp::socket& filler = fillers.emplace_back(context);
    filler.open(tcp::v4());
    filler.native_non_blocking(true);
    const tcp::endpoint full = acceptor.local_endpoint();
    // Not through Asio, whose connect() waits for the outcome.
    ::connect(filler.native_handle(), full.data(), static_cast<socklen_t>(full.size()));
  }
  const auto body = [](asio::io_context& io, Endpoint endpoint) -> asio::awaitable<void> {
    const auto begin = std::chrono::steady_clock::now();
    Connection connection = co_await connect_tcp(io.get_executor(), endpoint, 150ms);
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(connection.first == asio::error::timed_out);
    CHECK(connection.second == nullptr);
    CHECK(took >= 150ms);
    CHECK(took < 3s);
  };
  run(context, body(context, endpoint_of(acceptor)));
}

namespace {

asio::awaitable<error_code> echo(tcp::socket& peer, std::size_t total) {
  std::vector<char> block(4096);
  error_code failure;
  while (!failure && total > 0) {
    auto [ec, size] = co_await peer.async_read_some(asio::buffer(block), tok);
    failure = ec;
    total -= size;
    co_await asio::async_write(peer, asio::buffer(block.data(), size), tok);
  }
  co_return failure;
}

asio::awaitable<void> large_both_ways(asio::io_context& io) {
  Pair pair = co_await connected_pair(io);
  constexpr std::size_t total = std::size_t{16} << 20;  // far more than the kernel buffers
  std::string data(total, '\0');
  for (std::size_t i = 0; i < total; ++i) {
    data[i] = static_cast<char>((i * 2'654'435'761U) >> 13);
  }
  std::string got;
  // The write is begun with a string that is gone before the first octet is sent.
  std::string copy = data;
  auto writing = pair.ours->write(std::move(copy));
  copy.assign(total, '!');
  auto reading = read_until(*pair.ours, total, got);
  auto echoing = echo(pair.peer, total);
  auto [write_error, read_error, echo_error] =
      co_await (std::move(writing) && std::move(reading) && std::move(echoing));
  CHECK_FALSE(write_error);
  CHECK_FALSE(read_error);
  CHECK_FALSE(echo_error);
  const bool same = got == data;
  CHECK(same);
}

asio::awaitable<void> cancelled_read(asio::io_context& io) {
  Pair pair = co_await connected_pair(io);
  std::vector<char> block(16);
  asio::steady_timer timer(io);
  timer.expires_after(20ms);
  auto first = co_await (pair.ours->read_some(block) || timer.async_wait(tok));
  CHECK(first.index() == 1);  // the deadline, and nothing was read
  co_await asio::async_write(pair.peer, asio::buffer("after", 5), tok);
  std::string got;
  const error_code read = co_await read_until(*pair.ours, 5, got);
  CHECK_FALSE(read);
  CHECK(got == "after");
}

asio::awaitable<void> close_soon(ByteStream& stream) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(10ms);
  co_await timer.async_wait(tok);
  stream.close();
}

asio::awaitable<void> close_while_reading(asio::io_context& io) {
  Pair pair = co_await connected_pair(io);
  std::vector<char> block(16);
  auto result = co_await (pair.ours->read_some(block) && close_soon(*pair.ours));
  CHECK(result.first == asio::error::operation_aborted);
}

}  // namespace

TEST_CASE("tcp: reading while writing more than the kernel holds", "[net]") {
  asio::io_context context;
  run(context, large_both_ways(context));
}

TEST_CASE("tcp: a read that lost against a deadline loses no octets", "[net]") {
  asio::io_context context;
  run(context, cancelled_read(context));
}

TEST_CASE("tcp: our own close ends a read that waits", "[net]") {
  asio::io_context context;
  run(context, close_while_reading(context));
}

#if !defined(__SANITIZE_ADDRESS__)  // whose allocator mallinfo2 does not know
namespace {

/// Waits in a read, as an idle connection of a load run does.
asio::awaitable<void> idle(Stream& stream, std::size_t& ended) {
  std::vector<char> block(64);
  const ReadResult result = co_await stream->read_some(block);
  CHECK(result.first == asio::error::operation_aborted);
  ++ended;
}

}  // namespace

TEST_CASE("tcp: an idle connection costs less than 16 KiB of heap", "[net]") {
  constexpr std::size_t count = 200;
  asio::io_context context;
  tcp::acceptor acceptor = listen_on_loopback(context);
  std::vector<Stream> streams(count);
  std::vector<tcp::socket> peers;
  peers.reserve(count);
  const auto connect_all = [](asio::io_context& io, Endpoint endpoint, tcp::acceptor& from,
                              std::vector<Stream>& into,
                              std::vector<tcp::socket>& others) -> asio::awaitable<void> {
    for (Stream& stream : into) {
      Connection connection = co_await connect_tcp(io.get_executor(), endpoint, 5s);
      REQUIRE_FALSE(connection.first);
      stream = std::move(connection.second);
      others.push_back(from.accept());
    }
  };
  const std::size_t before = mallinfo2().uordblks;
  run(context, connect_all(context, endpoint_of(acceptor), acceptor, streams, peers));
  std::size_t ended = 0;
  for (Stream& stream : streams) {
    asio::co_spawn(context, idle(stream, ended), [](std::exception_ptr e) { CHECK_FALSE(e); });
  }
  context.restart();
  context.poll();
  CHECK(ended == 0);
  const std::size_t each = (mallinfo2().uordblks - before) / count;
  CHECK(each > 100);  // the measure works
  CHECK(each < 16'384);
  INFO("octets of heap for one idle connection, both ends: " << each);
  for (Stream& stream : streams) {
    stream->close();
  }
  context.restart();
  context.run_for(5s);
  CHECK(ended == count);
}
#endif
