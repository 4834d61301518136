#include "drive/asgi_request.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "model/asgi_scope.hpp"
#include "model/python_value.hpp"

namespace relapse {
namespace {

constexpr int client_port = 50000;  ///< of the base scopes
constexpr std::size_t key_octets = 16;

std::vector<std::string_view> values_of(const HttpMessage& message, std::string_view name) {
  std::vector<std::string_view> values;
  for (const Header& header : message.headers) {
    if (iequals(header.name, name)) {
      values.emplace_back(header.value);
    }
  }
  return values;
}

bool any_lists(const HttpMessage& message, std::string_view name, std::string_view element) {
  const auto values = values_of(message, name);
  return std::ranges::any_of(values, [&](std::string_view v) { return lists(v, element); });
}

/// Not known before the replay.
bool is_open(std::string_view text) {
  return text.find("${") != std::string_view::npos;
}

int hex_digit(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return '0' <= c && c <= '9' ? c - '0' : 'a' <= lower && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool encoded = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                         hex_digit(text[i + 2]) >= 0;
    if (encoded) {
      octets += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      octets += text[i];
    }
  }
  return octets;
}

/// How many octets of a text that does not begin with a whole character are one replacement
/// character: the beginning of a sequence as far as it is right (Unicode 15 section 3.9).
std::size_t broken_octets(std::string_view text) {
  constexpr std::size_t longest = 4;
  for (std::size_t size = std::min(longest - 1, text.size()); size > 1; --size) {
    const std::string begun(text.substr(0, size));
    for (std::size_t missing = 1; missing <= longest - size; ++missing) {
      if (is_valid_utf8(begun + std::string(missing, '\x80'))) {
        return size;
      }
    }
  }
  return 1;
}

/// As Python decodes with errors="replace".
std::string replaced(std::string_view octets) {
  std::string text;
  while (!octets.empty()) {
    const std::size_t valid = valid_utf8_prefix(octets);
    text += octets.substr(0, valid);
    octets.remove_prefix(valid);
    if (!octets.empty()) {
      text += "\xef\xbf\xbd";
      octets.remove_prefix(broken_octets(octets));
    }
  }
  return text;
}

Json scope_headers(const HttpMessage& request) {
  Json headers = Json::array();
  for (const Header& header : request.headers) {
    Json pair = Json::array();
    pair.push_back(python::bytes(to_lower(header.name)));
    pair.push_back(python::bytes(trim(header.value)));
    headers.push_back(std::move(pair));
  }
  return headers;
}

Json subprotocols(const HttpMessage& request) {
  Json list = Json::array();
  for (const std::string_view value : values_of(request, "Sec-WebSocket-Protocol")) {
    for (const std::string& one : split(value, ',')) {
      if (const auto name = trim(one); !name.empty()) {
        list.push_back(std::string(name));
      }
    }
  }
  return list;
}

std::optional<std::string> bad_head(const HttpMessage& request, const std::string& what) {
  if (request.version != "1.1" && request.version != "1.0") {
    return what + " that is not HTTP/1.1";
  }
  if (!is_token(request.method)) {
    return what + " with a malformed method";
  }
  const bool malformed = std::ranges::any_of(request.target, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet <= ' ' || octet >= 0x7F;
  });
  if (!is_open(request.target) && (malformed || !request.target.starts_with('/'))) {
    return what + " with a malformed path";
  }
  for (const Header& header : request.headers) {
    if (!is_open(header.name + header.value) &&
        !(is_token(header.name) && is_header_value(header.value))) {
      return what + " with a malformed header";
    }
  }
  const std::size_t hosts = values_of(request, "Host").size();
  if (hosts != 1 && (request.version == "1.1" || hosts > 1)) {
    return what + (hosts == 0 ? " without Host" : " with two Host headers");
  }
  return std::nullopt;
}

/// How long the body is said to be, is for the server to find out.
std::optional<std::string> bad_body(const HttpMessage& request, const std::string& what) {
  if (!values_of(request, "Transfer-Encoding").empty()) {
    return what + " with Transfer-Encoding";
  }
  if (!values_of(request, "Expect").empty()) {
    return what + " with Expect";
  }
  const auto lengths = values_of(request, "Content-Length");
  const bool right = std::ranges::all_of(lengths, [&](std::string_view length) {
    return is_open(length) || is_open(request.body) ||
           length == std::to_string(request.body.size());
  });
  if (!right || lengths.size() > 1 || (lengths.empty() && !request.body.empty())) {
    return what + " with a false Content-Length";
  }
  return std::nullopt;
}

/// RFC 6455 section 4.2.1.
std::optional<std::string> bad_upgrade(const HttpMessage& request) {
  if (request.method != "GET" || request.version != "1.1") {
    return "an upgrade that is not GET of HTTP/1.1";
  }
  if (!any_lists(request, "Upgrade", "websocket") || !any_lists(request, "Connection", "upgrade")) {
    return "an upgrade without Upgrade or Connection";
  }
  const auto versions = values_of(request, "Sec-WebSocket-Version");
  if (versions.size() != 1 || (versions[0] != "13" && !is_open(versions[0]))) {
    return "an upgrade without Sec-WebSocket-Version 13";
  }
  const auto keys = values_of(request, "Sec-WebSocket-Key");
  const auto key = keys.size() == 1 ? from_base64(trim(keys[0])) : std::nullopt;
  if (!(keys.size() == 1 && is_open(keys[0])) && !(key && key->size() == key_octets)) {
    return "an upgrade without a right Sec-WebSocket-Key";
  }
  if (!request.body.empty()) {
    return "an upgrade with a body";
  }
  return std::nullopt;
}

}  // namespace

bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [others](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != others.npos;
  });
}

bool is_header_value(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

bool lists(std::string_view header_value, std::string_view element) {
  const auto elements = split(header_value, ',');
  return std::ranges::any_of(elements,
                             [&](const std::string& one) { return iequals(trim(one), element); });
}

HostPort host_port(std::string_view text) {
  HostPort made{std::string(text), 80};
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || text.ends_with(']')) {
    return made;
  }
  int port = 0;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error == std::errc() && end == digits.data() + digits.size()) {
    made.host = std::string(text.substr(0, colon));
    made.port = port;
  }
  return made;
}

Value scope_of(const HttpMessage& request, const RequestDefaults& defaults) {
  Json scope = base_scope(request.upgrade ? "websocket" : "http").json();
  const std::string_view target = request.target;
  const std::size_t question = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, question);
  const std::string_view query = target.substr(std::min(question + 1, target.size()));
  scope["http_version"] = request.version;
  if (!request.upgrade) {
    std::string method = request.method;
    std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::toupper(c); });
    scope["method"] = method;
  }
  scope["path"] = replaced(percent_decoded(path));
  scope["raw_path"] = python::bytes(path);
  scope["query_string"] = python::bytes(query);
  scope["headers"] = scope_headers(request);
  const HostPort server = host_port(defaults.host.empty() ? "127.0.0.1:80" : defaults.host);
  scope["client"] = Json::array({"127.0.0.1", client_port});
  scope["server"] = Json::array({server.host, server.port});
  if (request.upgrade) {
    scope["subprotocols"] = subprotocols(request);
    scope["extensions"] = Json::object({{"websocket.http.response", Json::object()}});
  }
  return Value(std::move(scope));
}

std::optional<std::string> refused_by_server(const HttpMessage& request) {
  const std::string what = request.upgrade ? "an upgrade" : "a request";
  if (auto why = bad_head(request, what)) {
    return why;
  }
  if (request.upgrade) {
    return bad_upgrade(request);
  }
  return bad_body(request, what);
}

}  // namespace relapse
