#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "model/event.hpp"

namespace relapse {

/// Incremental parser for HTTP/1.1 responses on one connection, on Beast's parser. Malformed input
/// becomes a value (failed()), never an exception. After a 101 the rest of the octets belong to the
/// next protocol: take_rest().
///
/// Header fields keep their order and duplicates; a value's surrounding white space is dropped and
/// a folded line is joined, as RFC 9112 section 5 has it, while `head` keeps the exact octets.
/// Trailer fields of a chunked body are read and not kept. Bounded: a head or a chunk header of
/// more than 64 KiB is a failure, and of a body only body_cap octets are kept.
class HttpResponseParser {
 public:
  explicit HttpResponseParser(std::size_t body_cap = std::size_t{1} << 20);
  ~HttpResponseParser();
  HttpResponseParser(HttpResponseParser&&) noexcept;
  HttpResponseParser& operator=(HttpResponseParser&&) noexcept;

  /// One more request was sent, whose response is to come: that to HEAD has no body whatever its
  /// headers say. Pipelined requests are answered in order; a response without a request is read
  /// like one to GET.
  void expect_response_to(std::string_view method);
  void feed(std::string_view bytes);
  /// The peer ended the stream: completes a response whose body ends there.
  void feed_end();
  /// One whole response (1xx other than 101 are returned as messages of their own).
  std::optional<HttpMessage> next();
  bool failed() const;
  std::string failure() const;  ///< "bad chunk", as Beast names it; empty when all is well
  /// Octets that belong to no response that next() returned or will return: what followed a 101,
  /// or the whole of a response that failed or is incomplete, from its first octet (up to the cap).
  /// The parser holds nothing afterwards.
  Bytes take_rest();
  bool idle() const;  ///< nothing buffered, no message begun

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What a request has unless it says otherwise; an empty string leaves that header out.
struct RequestDefaults {
  std::string host;             ///< value of Host
  std::vector<Header> headers;  ///< target's own headers
  std::string user_agent;
  /// W3C trace id, 32 hex digits: adds X-Request-Id and traceparent, both new for every request, by
  /// which lines of the target's log can be found; empty: neither.
  std::string trace_id{};
};
/// Builds request octets exactly as asked: no validation, duplicates and illegal characters kept.
/// `upgrade` non-null adds Upgrade, Connection, Sec-WebSocket-Key, -Version and, with an offer
/// of compression, -Extensions. A default in
/// request.omit is left out by name; a header that the request itself names replaces the default of
/// that name. A body, and POST, PUT and PATCH without one, get a Content-Length unless the request
/// names Transfer-Encoding. An empty http_version leaves it out of the request line.
HttpMessage build_request(const HttpRequest& request, const SendUpgrade* upgrade,
                          const std::string& key, const RequestDefaults& defaults);
/// The octets to send: head and body.
Bytes wire_octets(const HttpMessage& message);

/// RFC 3986 percent-encoding of a query component.
std::string percent_encode(std::string_view text);

}  // namespace relapse
