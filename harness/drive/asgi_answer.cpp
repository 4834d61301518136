#include "drive/asgi_answer.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "codec/ws_frame.hpp"
#include "drive/asgi_request.hpp"
#include "model/python_value.hpp"
#include "model/ws_message.hpp"

namespace relapse {
namespace {

constexpr std::size_t reason_octets = 123;  ///< RFC 6455 section 5.5

std::optional<Header> header_of(const Json& value) {
  const Json* pair = python::items(value);
  if (pair == nullptr || pair->size() != 2) {
    return std::nullopt;
  }
  const auto name = python::octets_of_bytes((*pair)[0]);
  const auto text = python::octets_of_bytes((*pair)[1]);
  if (!name || !text || !is_token(*name) || !is_header_value(*text)) {
    return std::nullopt;
  }
  return Header{*name, std::string(trim(*text))};
}

std::optional<std::vector<Header>> headers_of(const Json& event) {
  std::vector<Header> headers;
  const Json* value = python::given(event, "headers");
  const Json* items = value == nullptr ? nullptr : python::items(*value);
  if (value != nullptr && items == nullptr) {
    return std::nullopt;
  }
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    auto header = header_of((*items)[i]);
    if (!header) {
      return std::nullopt;
    }
    headers.push_back(std::move(*header));
  }
  return headers;
}

/// The longest valid beginning that fits.
std::string cut_reason(std::string_view reason) {
  const std::string_view cut = reason.substr(0, reason_octets);
  return std::string(cut.substr(0, valid_utf8_prefix(cut)));
}

std::string_view phrase(int status) {
  struct Row {
    int status;
    std::string_view text;
  };
  static constexpr Row rows[] = {{200, "OK"},
                                 {201, "Created"},
                                 {202, "Accepted"},
                                 {204, "No Content"},
                                 {301, "Moved Permanently"},
                                 {302, "Found"},
                                 {303, "See Other"},
                                 {304, "Not Modified"},
                                 {307, "Temporary Redirect"},
                                 {308, "Permanent Redirect"},
                                 {400, "Bad Request"},
                                 {401, "Unauthorized"},
                                 {403, "Forbidden"},
                                 {404, "Not Found"},
                                 {405, "Method Not Allowed"},
                                 {409, "Conflict"},
                                 {413, "Content Too Large"},
                                 {415, "Unsupported Media Type"},
                                 {422, "Unprocessable Content"},
                                 {429, "Too Many Requests"},
                                 {500, "Internal Server Error"},
                                 {502, "Bad Gateway"},
                                 {503, "Service Unavailable"},
                                 {504, "Gateway Timeout"}};
  const auto* found = std::ranges::find(rows, status, &Row::status);
  return found == std::end(rows) ? std::string_view() : found->text;
}

Bytes head_octets(int status, std::string_view reason, const std::vector<Header>& headers) {
  Bytes head = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason) + "\r\n";
  for (const Header& header : headers) {
    head += header.name + ": " + header.value + "\r\n";
  }
  return head + "\r\n";
}

std::string_view value_of(const std::vector<Header>& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [&](const Header& h) { return iequals(h.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(value) : std::nullopt;
}

Bytes chunk(std::string_view octets) {
  constexpr std::size_t digits = 16;
  char size[digits];
  const auto end = std::to_chars(size, size + digits, octets.size(), 16).ptr;
  return Bytes(size, end) + "\r\n" + Bytes(octets) + "\r\n";
}

}  // namespace

std::string event_type(const Json& event) {
  const Json* type = event.is_object() ? python::given(event, "type") : nullptr;
  return type != nullptr && type->is_string() ? type->get<std::string>() : std::string();
}

std::optional<AsgiAccept> accept_of(const Json& event) {
  auto headers = headers_of(event);
  if (!headers || !value_of(*headers, "Sec-WebSocket-Protocol").empty()) {
    return std::nullopt;
  }
  AsgiAccept accept;
  accept.headers = std::move(*headers);
  if (const Json* subprotocol = python::given(event, "subprotocol")) {
    if (!subprotocol->is_string()) {
      return std::nullopt;
    }
    accept.subprotocol = subprotocol->get<std::string>();
  }
  return accept;
}

std::optional<AsgiMessage> message_of(const Json& event) {
  const Json* text = python::given(event, "text");
  const Json* bytes = python::given(event, "bytes");
  if ((text == nullptr) == (bytes == nullptr)) {
    return std::nullopt;
  }
  if (text != nullptr) {
    return text->is_string() ? std::optional(AsgiMessage{true, text->get<std::string>()})
                             : std::nullopt;
  }
  auto octets = python::octets_of_bytes(*bytes);
  return octets ? std::optional(AsgiMessage{false, std::move(*octets)}) : std::nullopt;
}

std::optional<AsgiClosing> closing_of(const Json& event) {
  AsgiClosing closing;
  if (const Json* code = python::given(event, "code")) {
    if (!code->is_number_integer() || !is_wire_close_code(code->get<int>())) {
      return std::nullopt;
    }
    closing.code = code->get<int>();
  }
  if (const Json* reason = python::given(event, "reason")) {
    if (!reason->is_string()) {
      return std::nullopt;
    }
    closing.reason = cut_reason(reason->get_ref<const std::string&>());
  }
  return closing;
}

std::optional<AsgiStart> start_of(const Json& event) {
  const Json* status = python::given(event, "status");
  auto headers = headers_of(event);
  const bool valid = status != nullptr && status->is_number_integer() &&
                     200 <= status->get<int>() && status->get<int>() <= 999;
  if (!valid || !headers) {
    return std::nullopt;
  }
  return AsgiStart{status->get<int>(), std::move(*headers)};
}

std::optional<AsgiBody> body_of(const Json& event) {
  AsgiBody body;
  if (const Json* octets = python::given(event, "body")) {
    auto made = python::octets_of_bytes(*octets);
    if (!made) {
      return std::nullopt;
    }
    body.octets = std::move(*made);
  }
  if (const Json* more = python::given(event, "more_body")) {
    if (!more->is_boolean()) {
      return std::nullopt;
    }
    body.more = more->get<bool>();
  }
  return body;
}

AsgiResponse::AsgiResponse(AsgiStart start, const HttpMessage& request) : start_(std::move(start)) {
  constexpr int no_content = 204;
  constexpr int not_modified = 304;
  // How the body is framed is the server's business; after a 204 there is none to have a length.
  std::erase_if(start_.headers, [&](const Header& header) {
    return iequals(header.name, "Transfer-Encoding") ||
           (start_.status == no_content && iequals(header.name, "Content-Length"));
  });
  bodiless_ = iequals(request.method, "HEAD") || start_.status == no_content ||
              start_.status == not_modified;
  length_ = number(value_of(start_.headers, "Content-Length"));
  chunked_ = !bodiless_ && !length_ && request.version == "1.1";
  const bool announced = lists(value_of(start_.headers, "Connection"), "close");
  closes_ = announced || request.upgrade || request.version != "1.1" ||
            lists(value_of(request.headers, "Connection"), "close");
  if (chunked_) {
    start_.headers.push_back({"Transfer-Encoding", "chunked"});
  }
  if (closes_ && !announced) {
    start_.headers.push_back({"Connection", "close"});
  }
}

Bytes AsgiResponse::head() const {
  return head_octets(start_.status, phrase(start_.status), start_.headers);
}

AsgiResponse::Written AsgiResponse::write(const AsgiBody& body) {
  Written written{begun_ ? Bytes() : head()};
  begun_ = true;
  if (bodiless_) {
    return written;
  }
  if (length_ && body.octets.size() > *length_ - written_) {
    written.fits = false;
    return written;
  }
  written_ += body.octets.size();
  if (chunked_) {
    written.octets += body.octets.empty() ? Bytes() : chunk(body.octets);
    written.octets += body.more ? "" : "0\r\n\r\n";
  } else {
    written.octets += body.octets;
    written.fits = body.more || !length_ || written_ == *length_;
  }
  return written;
}

Bytes server_response(int status, const HttpMessage& request) {
  const std::string body(phrase(status));
  std::vector<Header> headers{{"Content-Type", "text/plain; charset=utf-8"},
                              {"Content-Length", std::to_string(body.size())},
                              {"Connection", "close"}};
  const Bytes head = head_octets(status, phrase(status), headers);
  return iequals(request.method, "HEAD") ? head : head + body;
}

Bytes switching_response(const AsgiAccept& accept, const HttpMessage& request) {
  std::vector<Header> headers{
      {"Upgrade", "websocket"},
      {"Connection", "Upgrade"},
      {"Sec-WebSocket-Accept",
       ws::accept_for(trim(value_of(request.headers, "Sec-WebSocket-Key")))}};
  if (accept.subprotocol) {
    headers.push_back({"Sec-WebSocket-Protocol", *accept.subprotocol});
  }
  headers.insert(headers.end(), accept.headers.begin(), accept.headers.end());
  return head_octets(101, "Switching Protocols", headers);
}

}  // namespace relapse
