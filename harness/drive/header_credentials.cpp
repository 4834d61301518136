#include <array>

#include "base/text.hpp"
#include "drive/characters.hpp"
#include "drive/credentials.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 6> headers{"authorization", "proxy-authorization",
                                                  "cookie",        "set-cookie",
                                                  "x-api-key",     "sec-websocket-protocol"};
constexpr std::array<std::string_view, 6> schemes{"bearer",    "basic", "digest",
                                                  "negotiate", "token", "apikey"};

void authorization(std::string_view rule, std::string_view value, std::vector<Credential>& found) {
  std::size_t begin = 0;
  for (;;) {  // "Bearer Bearer x" is a fault that a reader must see
    const std::size_t end = end_of(value, begin, is_alnum);
    const std::string_view word = value.substr(begin, end - begin);
    const bool known = is_in(word, schemes);
    if (end == value.size() && known) {
      return;  // a scheme alone
    }
    const bool first = begin == 0 && end > 0 && end < value.size();
    if (end >= value.size() || !is_blank(value[end]) || !(known || first)) {
      break;
    }
    begin = skip_blanks(value, end);
  }
  if (begin < value.size()) {
    found.push_back({begin, value.size(), rule, rule});
  }
}

/// `name=value` pairs behind semicolons; of Set-Cookie the first alone, the rest are attributes.
void cookies(std::string_view rule, std::string_view value, bool only_first,
             std::vector<Credential>& found) {
  std::size_t from = 0;
  while (from < value.size()) {
    const std::size_t end = std::min(value.find(';', from), value.size());
    std::size_t begin = skip_blanks(value, from);
    const std::size_t equals = value.substr(0, end).find('=', begin);
    if (equals != std::string_view::npos) {
      begin = equals + 1;
    }
    std::size_t stop = end;
    while (stop > begin && (is_blank(value[stop - 1]) || value[stop - 1] == '\r')) {
      --stop;
    }
    if (begin < stop) {
      found.push_back({begin, stop, rule, "cookie"});
    }
    if (only_first) {
      return;
    }
    from = end + 1;
  }
}

void subprotocols(std::string_view value, std::vector<Credential>& found) {
  constexpr std::array<std::string_view, 7> before{
      "bearer", "token", "access_token", "access-token", "authorization", "auth", "jwt"};
  std::string_view last;
  std::size_t from = 0;
  while (from < value.size()) {
    const std::size_t end = std::min(value.find(',', from), value.size());
    const std::string_view token = trim(value.substr(from, end - from));
    const bool announced = is_in(last, before) && token.size() >= 6;
    if (!token.empty() && (announced || looks_like_credential(token))) {
      const auto begin = static_cast<std::size_t>(token.data() - value.data());
      // The shape of a JWT leaves the prefix readable: "jwt.eyJ...".
      const auto shapes = find_credentials(token);
      const bool known = !shapes.empty() && shapes.back().end == token.size();
      const std::size_t skip = known ? shapes.front().begin : 0;
      found.push_back({begin + skip, begin + token.size(), "subprotocol", "subprotocol"});
    }
    last = token;
    from = end + 1;
  }
}

}  // namespace

bool carries_credentials(std::string_view header) {
  return is_in(header, headers);
}

bool looks_like_credential(std::string_view token) {
  std::size_t segment = 0;
  std::size_t longest = 0;
  int digits = 0;
  bool lower = false;
  bool upper = false;
  for (const char c : token) {
    segment = is_alnum(c) ? segment + 1 : 0;
    longest = std::max(longest, segment);
    digits += is_digit(c) ? 1 : 0;
    lower = lower || is_lower(c);
    upper = upper || is_upper(c);
  }
  const bool mixed = lower && upper && digits > 0;
  return (longest >= 16 && digits > 0) || (longest >= 12 && mixed) || longest >= 28 ||
         (token.size() >= 32 && digits >= 8) || !find_credentials(token).empty();
}

std::vector<Credential> header_credentials(std::string_view header, std::string_view value) {
  std::vector<Credential> found;
  const std::string name = to_lower(header);
  const std::size_t lead = end_of(value, 0, is_blank);
  while (!value.empty() && (is_blank(value.back()) || value.back() == '\r')) {
    value.remove_suffix(1);
  }
  const std::string_view bare = value.substr(std::min(lead, value.size()));
  if (name == "authorization" || name == "proxy-authorization") {
    authorization(name == "authorization" ? headers[0] : headers[1], bare, found);
  } else if (name == "cookie" || name == "set-cookie") {
    const bool set = name == "set-cookie";
    cookies(set ? headers[3] : headers[2], bare, set, found);
  } else if (name == "x-api-key" && !bare.empty()) {
    found.push_back({0, bare.size(), headers[4], headers[4]});
  } else if (name == "sec-websocket-protocol") {
    subprotocols(bare, found);
  }
  const std::size_t skipped = value.size() - bare.size();
  for (Credential& one : found) {
    one.begin += skipped;
    one.end += skipped;
  }
  return found;
}

}  // namespace relapse
