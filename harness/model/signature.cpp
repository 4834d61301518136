#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string_view>

#include "base/text.hpp"
#include "model/history.hpp"

// What stays the same of a failure from night to night. The text goes through one scanner that
// takes words apart; a number stays only where it is a code ("CLOSE 1007", "HTTP 503", "exit 3").

namespace relapse {

namespace {

constexpr std::size_t longest = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool all_of(std::string_view text, bool (*test)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), test);
}
bool any_of(std::string_view text, bool (*test)(char)) {
  return std::any_of(text.begin(), text.end(), test);
}

/// Whether the text has this form: 9 is a digit, h a hex digit, anything else itself.
bool begins_like(std::string_view text, std::string_view form) {
  if (text.size() < form.size())
    return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool fits = form[i] == '9'   ? is_digit(text[i])
                      : form[i] == 'h' ? is_hex(text[i])
                                       : text[i] == form[i];
    if (!fits)
      return false;
  }
  return true;
}

bool is_time(std::string_view word) {
  return begins_like(word, "9999-99-99") || begins_like(word, "99:99") || begins_like(word, "9:99");
}

bool is_uuid(std::string_view word) {
  return word.size() == 36 && begins_like(word, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh");
}

bool is_address(std::string_view word) {
  const std::string_view host = word.substr(0, word.find(':'));
  const auto parts = split(host, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](const auto& part) {
           return part.size() <= 3 && all_of(part, is_digit);
         });
}

bool is_number(std::string_view word) {
  return is_digit(word.front()) && std::all_of(word.begin(), word.end(), [](char c) {
           return is_digit(c) || c == '.' || c == ':';
         });
}

/// "200ms", "64KiB": a number with its unit.
bool is_measure(std::string_view word) {
  const std::size_t end = word.find_first_not_of("0123456789.");
  return is_digit(word.front()) && end != std::string_view::npos && word.size() - end <= 3 &&
         all_of(word.substr(end), is_letter);
}

/// Words that are names although a digit ends them.
bool is_name(std::string_view word) {
  constexpr std::array<std::string_view, 26> names{
      "utf8",   "utf16",  "h11",   "h2",     "http1", "http2", "http3", "sha1",   "sha256",
      "sha384", "sha512", "md5",   "base64", "ipv4",  "ipv6",  "rsv1",  "rsv2",   "rsv3",
      "hs256",  "hs384",  "hs512", "rs256",  "es256", "asgi3", "tls1",  "python3"};
  return std::find(names.begin(), names.end(), to_lower(word)) != names.end();
}

/// The runs of digits in a word, replaced.
std::string without_digits(std::string_view word) {
  std::string plain;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (!is_digit(word[i]))
      plain += word[i];
    else if (i == 0 || !is_digit(word[i - 1]))
      plain += "<n>";
  }
  return plain;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (!escape() && !redaction() && !octets() && !word())
        other();
    }
    return std::move(out_);
  }

 private:
  /// "\xce\xba": octets that were no text.
  bool escape() {
    std::size_t end = at_;
    while (begins_like(text_.substr(end), "\\xhh"))
      end += 4;
    return replace(end, "<octets>");
  }

  /// "[redacted cookie, 43 bytes, #a1b2]": the tag is another one in every run.
  bool redaction() {
    if (!text_.substr(at_).starts_with("[redacted "))
      return false;
    const std::size_t end = text_.find(']', at_);
    if (end == std::string_view::npos)
      return false;
    const std::string_view mark = text_.substr(at_, end - at_);
    return replace(end + 1, std::string(mark.substr(0, mark.find(','))) + "]");
  }

  /// "ce ba ff"
  bool octets() {
    if (at_ > 0 && is_alnum(text_[at_ - 1]))
      return false;
    std::size_t end = at_;
    std::size_t count = 0;
    while (begins_like(text_.substr(end), "hh") &&
           (end + 2 == text_.size() || !is_alnum(text_[end + 2]))) {
      ++count;
      end += 2;
      if (end == text_.size() || text_[end] != ' ' || !begins_like(text_.substr(end + 1), "hh"))
        break;
      ++end;
    }
    if (end > at_ && text_[end - 1] == ' ')
      --end;
    const std::string_view all = text_.substr(at_, end - at_);
    const bool telling = count >= 3 || (count == 2 && any_of(all, is_digit));
    return telling && !code_ && any_of(all, is_letter) && replace(end, "<octets>");
  }

  bool word() {
    if (!is_alnum(text_[at_]))
      return false;
    std::size_t end = at_;
    while (end < text_.size() && in_word(end))
      ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    if (!any_of(word, is_digit)) {
      out_ += word;
      note(word);
      return true;
    }
    out_ += plain(word);
    return true;
  }

  /// A letter or digit, or one of -._: between two of them.
  bool in_word(std::size_t i) const {
    if (is_alnum(text_[i]))
      return true;
    constexpr std::string_view joints = "-._:";
    return joints.find(text_[i]) != std::string_view::npos && i > at_ && is_alnum(text_[i - 1]) &&
           i + 1 < text_.size() && is_alnum(text_[i + 1]);
  }

  std::string plain(std::string_view word) {
    if (is_number(word) && code_ && !is_time(word))
      return std::string(word);
    const bool was_code = std::exchange(code_, false);
    if (is_time(word))
      return "<time>";
    if (is_uuid(word))
      return "<id>";
    if (is_address(word))
      return "<address>";
    if (begins_like(word, "0xh"))
      return "<hex>";
    if (is_number(word))
      return "<n>";
    if (is_measure(word))
      return "<n>" + std::string(word.substr(word.find_first_not_of("0123456789.")));
    if (word.size() >= 6 && all_of(word, is_hex))
      return "<hex>";
    if (word.size() >= 16 && std::count_if(word.begin(), word.end(), is_digit) >= 3)
      return "<id>";
    code_ = was_code && is_name(word);
    return is_name(word) ? std::string(word) : without_digits(word);
  }

  /// After some words a number is a code; some others keep it that way.
  void note(std::string_view word) {
    constexpr std::array<std::string_view, 15> codes{
        "close",  "http",  "code", "codes", "status", "opcode",  "exit",   "exited",
        "signal", "errno", "fin",  "rsv",   "rfc",    "section", "version"};
    constexpr std::array<std::string_view, 8> between{"or",  "in",   "is",   "not",
                                                      "and", "with", "than", "by"};
    const std::string lower = to_lower(word);
    if (std::find(codes.begin(), codes.end(), lower) != codes.end())
      code_ = true;
    else if (std::find(between.begin(), between.end(), lower) == between.end())
      code_ = false;
  }

  void other() {
    const char c = text_[at_++];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (!blank || (!out_.empty() && out_.back() != ' '))
      out_ += blank ? ' ' : c;
    // What is quoted behind a code is not one: CLOSE 1000 "1234". A key is: {"code":1007}.
    if (c == '"' && !out_.empty() && out_.size() > 1 && out_[out_.size() - 2] == ' ')
      code_ = false;
  }

  bool replace(std::size_t end, const std::string& with) {
    if (end <= at_)
      return false;
    out_ += with;
    at_ = end;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool code_ = false;
  std::string out_{};
};

std::string lasting(std::string_view text) {
  const SafeText safe = safe_text(text);
  return Scanner(safe.str()).run();
}

/// "step 3.2 (2 of 5)" is step 3.2, whichever of the five it was. Names and numbers of claims stay:
/// a scenario file gave them.
std::string claim_of(const Finding& finding) {
  const std::size_t brace = finding.claim.rfind(" (");
  const bool counted = brace != std::string::npos && finding.claim.ends_with(')') &&
                       finding.claim.find(" of ", brace) != std::string::npos;
  return safe_text(counted ? finding.claim.substr(0, brace) : finding.claim, 120).str();
}

/// 32-bit FNV-1a, in hex.
std::string short_hash(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  std::string hex;
  for (int shift = 28; shift >= 0; shift -= 4)
    hex += "0123456789abcdef"[(hash >> shift) & 15U];
  return hex;
}

/// Not longer than a line of a report; cut, it still tells two apart.
std::string shortened(const std::string& text) {
  if (text.size() <= longest)
    return text;
  std::size_t end = longest - 12;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end) + "… " + short_hash(text);
}

}  // namespace

std::string failure_signature(const ScenarioResult& result) {
  if (result.outcome == Outcome::holds || result.outcome == Outcome::skipped)
    return {};
  const Attempt* attempt = result.deciding();
  const Finding* finding = attempt == nullptr ? nullptr : attempt->verdict.decisive();
  if (finding == nullptr) {
    const bool told = result.reason.empty() && attempt != nullptr;
    return shortened(lasting(told ? attempt->verdict.reason : result.reason));
  }
  return shortened(claim_of(*finding) + ": expected " + lasting(finding->expected) + ", observed " +
                   lasting(finding->observed));
}

}  // namespace relapse
