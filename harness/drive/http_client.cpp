#include "drive/http_client.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "codec/http1.hpp"
#include "net/stream.hpp"

namespace relapse {

asio::awaitable<HttpAnswer> http_ask(asio::any_io_executor executor, net::Endpoint endpoint,
                                     HttpRequest request, std::vector<Header> headers,
                                     Duration timeout) {
  HttpAnswer answer;
  net::Opening opening = co_await net::connect(executor, endpoint, timeout);
  if (!opening.stream) {
    answer.why = std::move(opening.why);
    co_return answer;
  }
  const std::unique_ptr<net::ByteStream> stream = std::move(opening.stream);
  answer.certificate_until = stream->certificate_until();
  // Closing the stream ends the read below: the whole exchange has one deadline.
  asio::steady_timer deadline(executor, timeout);
  net::ByteStream* raw = stream.get();
  bool late = false;
  deadline.async_wait([raw, &late](const boost::system::error_code& cancelled) {
    if (!cancelled) {
      late = true;
      raw->close();
    }
  });
  RequestDefaults defaults;
  defaults.host = endpoint.host + ":" + endpoint.port;
  defaults.headers = std::move(headers);
  defaults.user_agent = user_agent;
  request.headers.push_back({"Connection", "close"});
  const HttpMessage message = build_request(request, nullptr, "", defaults);
  HttpResponseParser parser;
  parser.expect_response_to(message.method);
  Bytes octets = wire_octets(message);
  const auto sent_at = Clock::now();
  auto failed = co_await stream->write(std::move(octets));
  std::array<char, 2048> buffer;
  while (!failed && answer.status == 0 && !parser.failed()) {
    auto [ended, size] = co_await stream->read_some(std::span<char>(buffer));
    parser.feed(std::string_view(buffer.data(), size));
    if (ended) {
      parser.feed_end();
      failed = ended;
    }
    if (const auto response = parser.next()) {
      answer.status = response->status;
      answer.headers = response->headers;
      answer.round_trip = Clock::now() - sent_at;
    }
  }
  deadline.cancel();
  // The handler above refers to this frame: let it run before the frame goes.
  co_await asio::post(executor, asio::use_awaitable);
  if (answer.status == 0) {
    answer.why = late ? "no answer in time" : parser.failed() ? parser.failure() : failed.message();
    if (!late && net::is_bare_fin(failed)) {
      // With TLS 1.3 a server looks at the client's certificate after the client's handshake is
      // done.
      answer.why =
          "no answer: the target closed without close_notify, as when it refuses the client "
          "or its certificate";
    }
  }
  stream->close();
  co_return answer;
}

}  // namespace relapse
