#include "scenario/jsonc_string.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace relapse {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  auto put = [&](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

class StringReader {
 public:
  StringReader(std::string_view text, std::size_t start) : text_(text), pos_(start) {}

  StringToken run() {
    const char quote = text_[pos_++];
    while (pos_ < text_.size() && text_[pos_] != quote && text_[pos_] != '\n') {
      const char c = text_[pos_];
      if (c == '\\') {
        escape();
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x20) {
        fault(pos_, 1, "a control character inside a string",
              c == '\t' ? "write \\t" : "write it as \\u00..");
      }
      token_.decoded.push_back(c);
      ++pos_;
    }
    token_.closed = pos_ < text_.size() && text_[pos_] == quote;
    token_.end = pos_ + (token_.closed ? 1 : 0);
    return std::move(token_);
  }

 private:
  void fault(std::size_t offset, std::size_t length, std::string message, std::string label = {},
             std::string note = {}) {
    token_.faults.push_back(
        {offset, length, std::move(message), std::move(label), std::move(note)});
  }

  void escape() {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view values = "\"\\/\b\f\n\r\t";
    const std::size_t start = pos_++;
    const char c = pos_ < text_.size() ? text_[pos_] : '\n';
    if (const std::size_t at = letters.find(c); at != std::string_view::npos) {
      token_.decoded.push_back(values[at]);
      ++pos_;
    } else if (c == 'u') {
      unicode(start);
    } else {
      fault(start, c == '\n' ? 1 : 2, "unknown escape in a string", {},
            "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX");
      pos_ += c == '\n' ? 0 : 1;
    }
  }

  void unicode(std::size_t start) {
    const std::optional<std::uint32_t> code = hex4();
    if (!code) {
      fault(start, 2, "\\u needs four hex digits");
      return;
    }
    if (*code >= 0xD800 && *code <= 0xDBFF && text_.substr(pos_, 2) == "\\u") {
      const std::size_t resume = pos_++;
      const std::optional<std::uint32_t> low = hex4();
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
        append_utf8(token_.decoded, 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00));
        return;
      }
      pos_ = resume;
    }
    if (*code >= 0xD800 && *code <= 0xDFFF) {
      fault(start, 6, "half of a surrogate pair is no character", {},
            "octets that are not text are sent with {\"hex\": \"...\"}");
      return;
    }
    append_utf8(token_.decoded, *code);
  }

  /// Called at the "u"; moves past it, and past the digits when there are four.
  std::optional<std::uint32_t> hex4() {
    ++pos_;
    const std::string_view digits = text_.substr(std::min(pos_, text_.size()), 4);
    std::uint32_t code = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, ec] = std::from_chars(digits.data(), last, code, 16);
    if (ec != std::errc{} || end != last || digits.size() != 4) {
      return std::nullopt;
    }
    pos_ += 4;
    return code;
  }

  std::string_view text_;
  std::size_t pos_;
  StringToken token_;
};

}  // namespace

StringToken read_string(std::string_view text, std::size_t start) {
  return StringReader(text, start).run();
}

bool is_json_number(std::string_view text) {
  std::size_t i = 0;
  auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
      ++i;
    }
    return i - start;
  };
  if (i < text.size() && text[i] == '-') {
    ++i;
  }
  const std::size_t first = i;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) {
      return false;
    }
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) {
      ++i;
    }
    if (digits() == 0) {
      return false;
    }
  }
  return i == text.size();
}

}  // namespace relapse
