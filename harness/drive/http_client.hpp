#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "drive/instance.hpp"

namespace relapse {

/// One request on a connection of its own, for readiness and log marks; not part of any timeline.
/// Status 0 when there was no whole answer in time; `why` then says what happened.
struct HttpAnswer {
  int status = 0;
  std::string why;
  Duration round_trip{};  ///< from the request to its whole answer
  std::vector<Header> headers{};
  std::optional<std::int64_t> certificate_until{};  ///< seconds since 1970; nothing without TLS
};
asio::awaitable<HttpAnswer> http_ask(asio::any_io_executor executor, net::Endpoint endpoint,
                                     HttpRequest request, std::vector<Header> headers,
                                     Duration timeout);

/// User-Agent of everything that relapse sends.
inline constexpr const char* user_agent = "relapse/0.1";

}  // namespace relapse
