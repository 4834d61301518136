#include "drive/credentials.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "drive/characters.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 10> query_names{
    "token", "key", "sig", "secret", "password", "code", "signature", "apikey", "passwd", "pwd"};
constexpr std::array<std::string_view, 6> query_ends{"_token", "_key",      "_secret",
                                                     "_sig",   "_password", "_signature"};
/// Words that follow "Bearer" in prose and in WWW-Authenticate.
constexpr std::array<std::string_view, 14> prose{
    "token",   "tokens", "authentication", "authorization", "credential", "credentials", "header",
    "headers", "scheme", "required",       "missing",       "realm",      "error",       "scope"};

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
  // "\\r\\nCookie: a" in a text that was made safe to print.
  const bool line = begin > 0 && text_[begin - 1] == '\\' && !quoted && end - begin > 1;
  if (line && (text_[begin] == 'n' || text_[begin] == 'r' || text_[begin] == 't')) {
    ++begin;
    escaped = true;
  }
  constexpr std::string_view last_letters = "neylgNEYLG";  // of the names that are looked for
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
  const bool query = plain == "query-string";
  if (!query && !carries_credentials(plain)) {
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
    const bool in_line = escaped && !quoted;
    do {  // a folded line goes on with a blank
      end = end_of(text_, end == begin ? end : end + 1, [in_line](char c) {
        return c != '\n' && c != '\0' && !(in_line && (c == '\\' || c == '"'));
      });
    } while (end + 1 < text_.size() && text_[end] == '\n' && is_blank(text_[end + 1]));
    const std::string_view line = text_.substr(begin, end - begin);
    if (plain.ends_with("cookie") && line.find('=') == std::string_view::npos) {
      return;  // "set-cookie: dropped"
    }
  }
  const std::string_view value = text_.substr(begin, end - begin);
  for (Credential one :
       query ? find_credentials(value, TextKind::query) : header_credentials(plain, value)) {
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

}  // namespace

std::vector<Credential> find_credentials(std::string_view text, TextKind kind) {
  return Scan(text, kind).run();
}

}  // namespace relapse
