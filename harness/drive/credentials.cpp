#include "drive/credentials.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 6> headers{"authorization", "proxy-authorization",
                                                  "cookie",        "set-cookie",
                                                  "x-api-key",     "sec-websocket-protocol"};
constexpr std::array<std::string_view, 10> query_names{
    "token", "key", "sig", "secret", "password", "code", "signature", "apikey", "passwd", "pwd"};
constexpr std::array<std::string_view, 6> query_ends{"_token", "_key",      "_secret",
                                                     "_sig",   "_password", "_signature"};
constexpr std::array<std::string_view, 6> schemes{"bearer",    "basic", "digest",
                                                  "negotiate", "token", "apikey"};
/// Words that follow "Bearer" in prose and in WWW-Authenticate.
constexpr std::array<std::string_view, 14> prose{
    "token",   "tokens", "authentication", "authorization", "credential", "credentials", "header",
    "headers", "scheme", "required",       "missing",       "realm",      "error",       "scope"};

template <class List>
bool is_in(std::string_view word, const List& list) {
  return std::any_of(list.begin(), list.end(),
                     [word](std::string_view one) { return iequals(word, one); });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_alnum(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c);
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}
bool is_base64url(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}
bool is_token68(char c) {
  return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/' ||
         c == '=' || c == '%' || c == ':' || c == '|' || c == '!' || c == '*';
}

template <class Test>
std::size_t end_of(std::string_view text, std::size_t from, Test test) {
  while (from < text.size() && test(text[from])) {
    ++from;
  }
  return from;
}

std::size_t skip_blanks(std::string_view text, std::size_t from) {
  return end_of(text, from, is_blank);
}

/// One scan over one text; every method looks at one place.
class Scan {
 public:
  Scan(std::string_view text, TextKind kind) : text_(text), kind_(kind) {}

  std::vector<Credential> run();

 private:
  void jwt(std::size_t at);
  void scheme(std::size_t at);
  void query_value(std::size_t from);
  void userinfo(std::size_t colon);
  void header(std::size_t separator);
  std::optional<std::string_view> name_before(std::size_t separator, bool& quoted,
                                              bool& escaped) const;
  bool ends_query_value(char c) const;
  void add(std::size_t begin, std::size_t end, std::string_view rule, std::string_view what) {
    if (begin < end) {
      found_.push_back({begin, end, rule, what});
    }
  }

  std::string_view text_;
  TextKind kind_;
  std::vector<Credential> found_;
};

/// "eyJ" is '{"' in base64; a token of two parts is one that is broken on purpose.
void Scan::jwt(std::size_t at) {
  constexpr std::size_t shortest_part = 8;
  if (text_.substr(at, 3) != "eyJ") {
    return;
  }
  std::size_t end = end_of(text_, at, is_base64url);
  if (end - at < shortest_part || end >= text_.size() || text_[end] != '.') {
    return;
  }
  const std::size_t second = end + 1;
  end = end_of(text_, second, is_base64url);
  const bool third = end < text_.size() && text_[end] == '.';
  if (end - second < 2 || (!third && end - second < shortest_part)) {
    return;
  }
  while (end < text_.size() && text_[end] == '.') {
    const std::size_t next = end_of(text_, end + 1, is_base64url);
    if (next == end + 1 && end - at > 0 && text_[end - 1] == '.') {
      break;
    }
    end = next;
  }
  add(at, end, "JWT", "jwt");
}

/// "Bearer abc", "Basic dTpw"; also "bearer%20abc".
void Scan::scheme(std::size_t at) {
  const bool bearer = iequals(text_.substr(at, 6), "bearer");
  if (!bearer && !iequals(text_.substr(at, 5), "basic")) {
    return;
  }
  const std::size_t word = at + (bearer ? 6 : 5);
  std::size_t begin = skip_blanks(text_, word);
  if (text_.substr(word, 3) == "%20") {
    begin = word + 3;
  } else if (text_.substr(word, 1) == "+") {
    begin = word + 1;
  }
  if (begin == word) {
    return;
  }
  std::size_t end = end_of(text_, begin, is_token68);
  const std::string_view credential = text_.substr(begin, end - begin);
  if (bearer) {
    constexpr std::size_t shortest = 6;
    const std::size_t letters = end_of(credential, 0, [](char c) { return is_alnum(c); });
    const bool parameter = end < text_.size() && credential.ends_with('=') && is_quote(text_[end]);
    if (credential.size() >= shortest && !parameter &&
        !is_in(credential.substr(0, letters), prose)) {
      add(begin, end, "bearer token", "bearer token");
    }
    return;
  }
  const auto decoded = from_base64(credential);
  if (credential.size() >= 8 && decoded && decoded->find(':') != std::string::npos) {
    add(begin, end, "basic credential", "basic credential");
  }
}

bool Scan::ends_query_value(char c) const {
  if (c == '&' || c == '#' || static_cast<unsigned char>(c) <= ' ' || c == 0x7F) {
    return true;
  }
  const bool in_text = kind_ == TextKind::plain || kind_ == TextKind::prose;
  return in_text && (is_quote(c) || c == '<' || c == '>' || c == '`' || c == '\\');
}

bool is_telltale(std::string_view name) {
  std::string word = to_lower(name);
  std::replace(word.begin(), word.end(), '-', '_');
  return is_in(word, query_names) ||
         std::any_of(query_ends.begin(), query_ends.end(),
                     [&word](std::string_view end) { return word.ends_with(end); });
}

/// A name begins at `from`, behind "?", "&" or ";".
void Scan::query_value(std::size_t from) {
  constexpr std::size_t longest_name = 48;
  if (text_.substr(from, 4) == "amp;") {
    from += 4;  // "&amp;" in HTML
  }
  const std::size_t equals =
      end_of(text_.substr(0, std::min(text_.size(), from + longest_name)), from,
             [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; });
  if (equals >= text_.size() || text_[equals] != '=' ||
      !is_telltale(text_.substr(from, equals - from))) {
    return;
  }
  const std::size_t end =
      end_of(text_, equals + 1, [this](char c) { return !ends_query_value(c); });
  add(equals + 1, end, "URL query", text_.substr(from, equals - from));
}

/// "://" begins at `colon`.
void Scan::userinfo(std::size_t colon) {
  if (text_.substr(colon, 3) != "://") {
    return;
  }
  const std::size_t begin = colon + 3;
  const std::size_t end = end_of(text_, begin, [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '/' && c != '?' && c != '#' && c != '"' &&
           c != '<' && c != '>';
  });
  const std::size_t at = text_.substr(begin, end - begin).rfind('@');
  if (at != std::string_view::npos) {
    add(begin, begin + at, "URL userinfo", "userinfo");
  }
}

/// The name that stands before ":", "=" or ","; with or without quotes, those of a JSON text in
/// another text as well.
std::optional<std::string_view> Scan::name_before(std::size_t separator, bool& quoted,
                                                  bool& escaped) const {
  constexpr std::size_t longest = 40;
  std::size_t end = separator;
  while (end > 0 && is_blank(text_[end - 1])) {
    --end;
  }
  quoted = end > 0 && is_quote(text_[end - 1]);
  if (quoted) {
    --end;
    escaped = end > 0 && text_[end - 1] == '\\';
    end -= escaped ? 1U : 0U;
  }
  std::size_t begin = end;
  while (begin > 0 && end - begin < longest &&
         (is_alnum(text_[begin - 1]) || text_[begin - 1] == '-' || text_[begin - 1] == '_')) {
    --begin;
  }
  constexpr std::string_view last_letters = "neylNEYL";  // of the names that are looked for
  if (begin == end || last_letters.find(text_[end - 1]) == std::string_view::npos) {
    return std::nullopt;
  }
  return text_.substr(begin, end - begin);
}

/// "Cookie: a=b", "\"cookie\": \"a=b\"", "(b'cookie', b'a=b')", "HTTP_COOKIE='a=b'".
void Scan::header(std::size_t separator) {
  if (kind_ == TextKind::prose) {
    return;
  }
  bool quoted = false;
  bool escaped = false;
  const auto found = name_before(separator, quoted, escaped);
  if (!found || (text_[separator] == ',' && !quoted)) {
    return;
  }
  std::string name = to_lower(*found);
  std::replace(name.begin(), name.end(), '_', '-');
  const std::string_view plain =
      std::string_view(name).substr(name.starts_with("http-") ? std::size_t{5} : 0);
  if (!carries_credentials(plain)) {
    return;
  }
  std::size_t begin = skip_blanks(text_, separator + 1);
  if (begin + 1 < text_.size() && text_[begin] == 'b' && is_quote(text_[begin + 1])) {
    ++begin;
  }
  if (begin + 1 < text_.size() && escaped && text_[begin] == '\\') {
    ++begin;
  }
  std::size_t end = begin;
  if (begin < text_.size() && is_quote(text_[begin])) {
    const char quote = text_[begin++];
    end = begin;
    while (end < text_.size() && text_[end] != quote) {
      const bool pair = text_[end] == '\\' && !escaped && end + 1 < text_.size();
      end += pair ? 2U : 1U;
    }
    end -= escaped && end > begin && text_[end - 1] == '\\' ? 1U : 0U;
  } else if (text_[separator] == ',') {
    return;
  } else {
    do {  // a folded line goes on with a blank
      end = end_of(text_, end == begin ? end : end + 1,
                   [](char c) { return c != '\n' && c != '\0'; });
    } while (end + 1 < text_.size() && text_[end] == '\n' && is_blank(text_[end + 1]));
    const std::string_view value = text_.substr(begin, end - begin);
    if (plain.ends_with("cookie") && value.find('=') == std::string_view::npos) {
      return;  // "set-cookie: dropped"
    }
  }
  for (Credential one : header_credentials(plain, text_.substr(begin, end - begin))) {
    one.begin += begin;
    one.end += begin;
    found_.push_back(one);
  }
}

std::vector<Credential> Scan::run() {
  if (kind_ == TextKind::query) {
    query_value(0);
  }
  for (std::size_t i = 0; i < text_.size(); ++i) {
    switch (text_[i]) {
      case 'e':
        jwt(i);
        break;
      case 'b':
      case 'B':
        scheme(i);
        break;
      case '?':
      case '&':
      case ';':
        query_value(i + 1);
        break;
      case ':':
        userinfo(i);
        header(i);
        break;
      case '=':
      case ',':
        header(i);
        break;
      case '\\':  // "\u0026token=" in JSON
        if (text_.substr(i, 6) == "\\u0026") {
          query_value(i + 6);
        }
        break;
      default:
        break;
    }
  }
  std::stable_sort(found_.begin(), found_.end(),
                   [](const auto& a, const auto& b) { return a.begin < b.begin; });
  return std::move(found_);
}

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

std::vector<Credential> find_credentials(std::string_view text, TextKind kind) {
  return Scan(text, kind).run();
}

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
