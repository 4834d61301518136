#include "drive/asgi_bridge.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <system_error>

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t head_size = 4;
constexpr std::size_t most_octets = std::size_t{512} << 20;  ///< of one message

std::array<char, head_size> head_of(std::size_t size) {
  return {static_cast<char>(size >> 24U), static_cast<char>(size >> 16U),
          static_cast<char>(size >> 8U), static_cast<char>(size)};
}

std::size_t size_of(std::string_view head) {
  std::size_t size = 0;
  for (const char c : head.substr(0, head_size)) {
    size = (size << 8U) | static_cast<unsigned char>(c);
  }
  return size;
}

}  // namespace

Result<std::unique_ptr<AsgiBridge>> AsgiBridge::make(asio::any_io_executor executor) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error{ErrorKind::environment, "cannot make a socket pair for the ASGI bridge: " +
                                             std::generic_category().message(errno)};
  }
  std::unique_ptr<AsgiBridge> bridge(new AsgiBridge(std::move(executor)));
  bridge->other_end_.reset(ends[1]);
  bridge->socket_.assign(asio::local::stream_protocol(), ends[0]);
  return bridge;
}

asio::awaitable<bool> AsgiBridge::send(Bytes message) {
  const auto head = head_of(message.size());
  const std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(message)};
  const auto [failed, written] = co_await asio::async_write(socket_, both, tok);
  co_return !failed && written == head.size() + message.size();
}

bool AsgiBridge::take(Answer& answer) {
  const std::string_view rest = std::string_view(read_).substr(begin_);
  if (rest.size() < head_size) {
    return false;
  }
  const std::size_t size = size_of(rest);
  if (size > most_octets) {
    answer.state = Answer::State::ended;
    return true;
  }
  if (rest.size() - head_size < size) {
    return false;
  }
  answer.state = Answer::State::whole;
  answer.octets = rest.substr(head_size, size);
  begin_ += head_size + size;
  if (begin_ == read_.size()) {
    read_.clear();
    begin_ = 0;
  }
  return true;
}

asio::awaitable<AsgiBridge::Answer> AsgiBridge::receive(Duration limit) {
  Answer answer;
  bool late = false;
  asio::steady_timer timer(socket_.get_executor());
  timer.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(limit));
  timer.async_wait([&late, this](const boost::system::error_code& cancelled) {
    if (!cancelled) {
      late = true;
      socket_.cancel();
    }
  });
  while (!take(answer)) {
    read_.erase(0, begin_);
    begin_ = 0;
    constexpr std::size_t piece = std::size_t{1} << 16;
    const std::size_t size = read_.size();
    read_.resize(size + piece);
    const auto [failed, count] =
        co_await socket_.async_read_some(asio::buffer(read_.data() + size, piece), tok);
    read_.resize(size + count);
    if (failed) {
      answer.state = late ? Answer::State::late : Answer::State::ended;
      break;
    }
  }
  timer.cancel();
  // The handler refers to this frame: it has to have run before that is gone.
  co_await asio::post(socket_.get_executor(), tok);
  co_return answer;
}

asio::awaitable<AsgiBridge::Answer> AsgiBridge::ask(Bytes message, Duration limit) {
  const bool sent = co_await send(std::move(message));
  Answer answer;
  if (sent) {
    Answer received = co_await receive(limit);
    answer = std::move(received);
  }
  co_return answer;
}

void AsgiBridge::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace relapse
