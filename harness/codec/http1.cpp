#include "codec/http1.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <deque>
#include <utility>

namespace relapse {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

/// Of a head, a chunk header or the trailers.
constexpr std::uint32_t head_limit = 64U << 10;

std::string to_std(string_view text) {
  return std::string(text.data(), text.size());
}

/// Beast's state machine with our own storage: fields in order, a body that stops growing at a cap.
class OneResponse final : public http::basic_parser<false> {
 public:
  OneResponse(std::size_t body_cap, bool head_only) : body_cap_(body_cap) {
    header_limit(head_limit);
    body_limit(boost::none);  // counted and capped here instead
    skip(head_only);
  }
  HttpMessage message;

  /// Whether a chunk's header (or the last chunk with the trailers) comes next.
  bool at_chunk_header() const { return is_header_done() && chunked() && chunk_left_ == 0; }
  /// Whether that begins with the line end of the chunk before.
  bool after_chunk() const { return after_chunk_; }

 private:
  void on_request_impl(http::verb /*method*/, string_view /*text*/, string_view /*target*/,
                       int /*version*/, error_code& /*ec*/) override {}

  void on_response_impl(int code, string_view reason, int version, error_code& /*ec*/) override {
    message.direction = Direction::received;
    message.status = code;
    message.reason = to_std(reason);
    message.version = version == 10 ? "1.0" : "1.1";
    message.upgrade = code == 101;
  }

  void on_field_impl(http::field /*field*/, string_view name, string_view value,
                     error_code& /*ec*/) override {
    if (!is_header_done()) {
      message.headers.push_back(Header{.name = to_std(name), .value = to_std(value)});
    }
  }

  void on_header_impl(error_code& /*ec*/) override {}

  void on_body_init_impl(const boost::optional<std::uint64_t>& /*size*/,
                         error_code& /*ec*/) override {}

  std::size_t on_body_impl(string_view body, error_code& /*ec*/) override {
    message.body_size += body.size();
    const std::size_t room = body_cap_ - message.body.size();
    message.body.append(body.data(), std::min(room, body.size()));
    return body.size();
  }

  void on_chunk_header_impl(std::uint64_t size, string_view /*extensions*/,
                            error_code& /*ec*/) override {
    chunk_left_ = size;
    after_chunk_ = true;
  }

  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, string_view body,
                                 error_code& ec) override {
    chunk_left_ -= body.size();
    return on_body_impl(body, ec);
  }

  void on_finish_impl(error_code& /*ec*/) override {}

  std::size_t body_cap_;
  std::uint64_t chunk_left_ = 0;
  bool after_chunk_ = false;
};

/// Whether these octets, which begin with a chunk's header, hold all that Beast should be given in
/// one piece: the line of the size, and for the last chunk everything to the empty line. (Given
/// less, what Beast finds wrong would depend on how the octets were cut, and it asserts that a last
/// chunk on which it asked for more is of at least five octets when it comes again.)
bool has_chunk_header(std::string_view octets, bool after_chunk) {
  const std::size_t begin = after_chunk ? 2 : 0;
  if (after_chunk && octets.size() >= 4 && !octets.starts_with("\r\n")) {
    return true;  // wrong already
  }
  const std::size_t line_end = octets.find('\r', begin);
  if (octets.size() < begin || line_end == std::string_view::npos ||
      line_end + 1 == octets.size()) {
    return false;
  }
  const std::string_view line = octets.substr(begin, line_end - begin);
  const std::size_t digits =
      std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
  const bool last = digits > 0 && line.substr(0, digits).find_first_not_of('0') == line.npos;
  return !last || octets.find("\r\n\r\n", line_end) != std::string_view::npos;
}

/// What is wrong with whole lines of a head that has not ended; no error when nothing is.
error_code check_lines(std::string_view lines) {
  OneResponse scratch(0, true);
  error_code ec;
  scratch.put(boost::asio::buffer(lines.data(), lines.size()), ec);
  return ec == http::error::need_more ? error_code() : ec;
}

}  // namespace

struct HttpResponseParser::State {
  std::size_t body_cap = 0;
  std::deque<std::string> methods;  ///< of requests whose final response has not begun
  std::deque<HttpMessage> ready;
  std::optional<OneResponse> current;
  Bytes raw;                ///< octets of the current response that the parser has consumed, capped
  Bytes buffer;             ///< octets that it has not
  std::size_t used = 0;     ///< of the buffer's front, during advance()
  std::size_t checked = 0;  ///< octets of an incomplete head that were found to be in order
  bool upgraded = false;
  bool failed = false;
  std::string failure;

  void advance();
  void begin();
  bool head_is_ready(std::string_view rest);
  bool step();
  void finish();
  void fail(error_code why);
};

void HttpResponseParser::State::begin() {
  const bool head_only = !methods.empty() && methods.front() == "HEAD";
  current.emplace(body_cap, head_only);
  raw.clear();
  checked = 0;
}

void HttpResponseParser::State::fail(error_code why) {
  failed = true;
  failure = why.message();
}

void HttpResponseParser::State::finish() {
  const int status = current->message.status;
  const bool interim = status / 100 == 1;  // RFC 9110 section 15.2
  if (!interim && !methods.empty()) {
    methods.pop_front();
  }
  upgraded = status == 101;
  ready.push_back(std::move(current->message));
  current.reset();
  raw.clear();
}

/// A head is parsed when it is complete, so that how it was cut makes no difference. What is wrong
/// with the lines so far is found at once, since a target may say no more.
bool HttpResponseParser::State::head_is_ready(std::string_view rest) {
  constexpr std::string_view protocol = "HTTP/";
  if (rest.substr(0, protocol.size()) != protocol.substr(0, rest.size())) {
    fail(http::error::bad_version);
    return false;
  }
  if (rest.find("\r\n\r\n", checked - std::min<std::size_t>(checked, 3)) != rest.npos) {
    return true;
  }
  const std::size_t line_end = rest.find_last_of('\n');
  if (rest.size() > head_limit) {
    fail(http::error::header_limit);
  } else if (line_end != rest.npos && line_end >= checked) {
    if (const error_code ec = check_lines(rest.substr(0, line_end + 1))) {
      fail(ec);
    }
  }
  checked = rest.size();
  return false;
}

/// Gives the buffer to the parser once; false when it cannot go on.
bool HttpResponseParser::State::step() {
  std::string_view rest = std::string_view(buffer).substr(used);
  if (rest.empty()) {
    return false;
  }
  const bool in_head = !current;
  if (in_head) {
    if (!head_is_ready(rest)) {
      return false;
    }
    rest = rest.substr(0, rest.find("\r\n\r\n") + 4);
    begin();
  } else if (current->at_chunk_header() && !has_chunk_header(rest, current->after_chunk())) {
    if (rest.size() > head_limit) {
      fail(http::error::header_limit);
    }
    return false;
  }
  error_code ec;
  const std::size_t taken = current->put(boost::asio::buffer(rest.data(), rest.size()), ec);
  used += taken;
  if (in_head) {
    current->message.head = rest.substr(0, taken);
  }
  const std::size_t room = body_cap + head_limit - std::min(raw.size(), body_cap + head_limit);
  raw += rest.substr(0, std::min(taken, room));
  if (ec) {
    fail(ec);
    return false;
  }
  if (current->is_done()) {
    finish();
    return true;
  }
  return taken > 0;
}

void HttpResponseParser::State::advance() {
  while (!failed && !upgraded && step()) {
  }
  buffer.erase(0, std::exchange(used, 0));
}

HttpResponseParser::HttpResponseParser(std::size_t body_cap) : state_(std::make_unique<State>()) {
  state_->body_cap = body_cap;
}
HttpResponseParser::~HttpResponseParser() = default;
HttpResponseParser::HttpResponseParser(HttpResponseParser&&) noexcept = default;
HttpResponseParser& HttpResponseParser::operator=(HttpResponseParser&&) noexcept = default;

void HttpResponseParser::expect_response_to(std::string_view method) {
  state_->methods.emplace_back(method);
}

void HttpResponseParser::feed(std::string_view bytes) {
  State& state = *state_;
  if (state.failed) {
    const std::size_t limit = state.body_cap + head_limit;
    bytes = bytes.substr(0, limit - std::min(limit, state.buffer.size()));
  }
  state.buffer += bytes;
  state.advance();
}

void HttpResponseParser::feed_end() {
  State& state = *state_;
  if (state.failed || state.upgraded || (!state.current && state.buffer.empty())) {
    return;
  }
  error_code ec = http::error::partial_message;
  if (state.current) {
    state.current->put_eof(ec);
  }
  if (ec) {
    state.fail(ec);
  } else {
    state.finish();
  }
}

std::optional<HttpMessage> HttpResponseParser::next() {
  if (state_->ready.empty()) {
    return std::nullopt;
  }
  HttpMessage message = std::move(state_->ready.front());
  state_->ready.pop_front();
  return message;
}

bool HttpResponseParser::failed() const {
  return state_->failed;
}

std::string HttpResponseParser::failure() const {
  return state_->failure;
}

Bytes HttpResponseParser::take_rest() {
  State& state = *state_;
  Bytes rest = std::move(state.raw) + state.buffer;
  state.raw.clear();
  state.buffer.clear();
  state.current.reset();
  state.checked = 0;
  return rest;
}

bool HttpResponseParser::idle() const {
  return state_->ready.empty() && !state_->current && state_->buffer.empty();
}

}  // namespace relapse
