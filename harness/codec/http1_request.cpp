#include <algorithm>
#include <array>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "codec/deflate.hpp"
#include "codec/http1.hpp"

namespace relapse {
namespace {

bool names(const std::vector<Header>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const Header& h) { return iequals(h.name, name); });
}

bool is_omitted(const HttpRequest& request, std::string_view name) {
  return std::any_of(request.omit.begin(), request.omit.end(),
                     [name](const std::string& o) { return iequals(o, name); });
}

std::string target_of(const HttpRequest& request) {
  std::string target = request.path;
  char separator = target.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : request.query) {
    target += separator;
    target += percent_encode(name);
    target += '=';
    target += percent_encode(value);
    separator = '&';
  }
  return target;
}

std::vector<Header> default_headers(const HttpRequest& request, const SendUpgrade* upgrade,
                                    const std::string& key, const RequestDefaults& defaults,
                                    std::size_t body_size) {
  std::vector<Header> out;
  if (!defaults.host.empty()) {
    out.push_back(Header{"Host", defaults.host});
  }
  if (!defaults.user_agent.empty()) {
    out.push_back(Header{"User-Agent", defaults.user_agent});
  }
  if (upgrade != nullptr) {
    out.push_back(Header{"Upgrade", "websocket"});
    out.push_back(Header{"Connection", "Upgrade"});
    out.push_back(Header{"Sec-WebSocket-Key", key});
    out.push_back(Header{"Sec-WebSocket-Version", upgrade->version.value_or("13")});
    if (upgrade->deflate) {
      out.push_back(Header{"Sec-WebSocket-Extensions", ws::deflate_offer(*upgrade->deflate)});
    }
  }
  if (request.json_body) {
    out.push_back(Header{"Content-Type", "application/json"});
  }
  // RFC 9110 section 8.6: a method that anticipates content says so even when there is none.
  const bool anticipates =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if ((body_size > 0 || anticipates) && !names(request.headers, "Transfer-Encoding")) {
    out.push_back(Header{"Content-Length", std::to_string(body_size)});
  }
  if (!defaults.trace_id.empty()) {
    out.push_back(Header{"X-Request-Id", random_hex(16)});
    out.push_back(Header{"traceparent", "00-" + defaults.trace_id + "-" + random_hex(8) + "-01"});
  }
  // The target's own headers win over ours of the same name.
  std::erase_if(out, [&](const Header& h) { return names(defaults.headers, h.name); });
  out.insert(out.end(), defaults.headers.begin(), defaults.headers.end());
  return out;
}

}  // namespace

HttpMessage build_request(const HttpRequest& request, const SendUpgrade* upgrade,
                          const std::string& key, const RequestDefaults& defaults) {
  HttpMessage message;
  message.direction = Direction::sent;
  message.upgrade = upgrade != nullptr;
  message.method = request.method;
  message.target = target_of(request);
  message.version = request.http_version;
  message.body = request.json_body ? request.json_body->dump() : request.body.data;
  message.body_size = message.body.size();
  for (Header& header : default_headers(request, upgrade, key, defaults, message.body.size())) {
    if (!names(request.headers, header.name) && !is_omitted(request, header.name)) {
      message.headers.push_back(std::move(header));
    }
  }
  message.headers.insert(message.headers.end(), request.headers.begin(), request.headers.end());
  message.head = message.method + " " + message.target;
  if (!message.version.empty()) {
    message.head += " HTTP/" + message.version;
  }
  message.head += "\r\n";
  for (const Header& header : message.headers) {
    message.head += header.name + ": " + header.value + "\r\n";
  }
  message.head += "\r\n";
  return message;
}

Bytes wire_octets(const HttpMessage& message) {
  return message.head + message.body;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool letter_or_digit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter_or_digit || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += digits[octet >> 4];
      out += digits[octet & 15U];
    }
  }
  return out;
}

}  // namespace relapse
