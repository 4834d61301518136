#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace relapse {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

unsigned octet(char c) {
  return static_cast<unsigned char>(c);
}

/// Value of a hex digit; 16 for anything else.
unsigned hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return octet(c) - octet('0');
  }
  if (c >= 'a' && c <= 'f') {
    return octet(c) - octet('a') + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return octet(c) - octet('A') + 10;
  }
  return 16;
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string encode64(std::string_view bytes, std::string_view alphabet, bool padding) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const unsigned group = (octet(bytes[i]) << 16) | (left > 1 ? octet(bytes[i + 1]) << 8 : 0U) |
                           (left > 2 ? octet(bytes[i + 2]) : 0U);
    const std::size_t digits = left > 2 ? 4 : left + 1;
    for (std::size_t d = 0; d < 4; ++d) {
      if (d < digits) {
        out += alphabet[(group >> (18 - 6 * d)) & 63U];
      } else if (padding) {
        out += '=';
      }
    }
  }
  return out;
}

/// Range of the octet after the lead and number of octets, by the table of RFC 3629 section 4.
struct Utf8Lead {
  std::size_t size = 0;  ///< 0: not a lead octet
  unsigned second_low = 0x80;
  unsigned second_high = 0xBF;
};

Utf8Lead utf8_lead(unsigned lead) {
  if (lead < 0x80) {
    return {.size = 1};
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return {.size = 2};
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return {.size = 3,
            .second_low = lead == 0xE0 ? 0xA0U : 0x80U,    // no overlong forms
            .second_high = lead == 0xED ? 0x9FU : 0xBFU};  // no surrogates
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    return {.size = 4,
            .second_low = lead == 0xF0 ? 0x90U : 0x80U,
            .second_high = lead == 0xF4 ? 0x8FU : 0xBFU};  // at most U+10FFFF
  }
  return {};
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 3);
  for (const char c : bytes) {
    if (!out.empty()) {
      out += ' ';
    }
    out += hex_digits[octet(c) >> 4];
    out += hex_digits[octet(c) & 15U];
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  Bytes out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_space(text[i])) {
      continue;
    }
    const unsigned high = hex_value(text[i]);
    const unsigned low = i + 1 < text.size() ? hex_value(text[i + 1]) : 16;
    if (high > 15 || low > 15) {
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
    ++i;
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  return encode64(bytes, base64_alphabet, true);
}

std::string to_base64url(std::string_view bytes) {
  return encode64(bytes, base64url_alphabet, false);
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  Bytes out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    std::size_t padding = 0;
    if (last && text[i + 3] == '=') {
      padding = text[i + 2] == '=' ? 2 : 1;
    }
    std::uint32_t group = 0;
    for (std::size_t d = 0; d < 4; ++d) {
      std::size_t value = 0;
      if (d < 4 - padding) {
        value = base64_alphabet.find(text[i + d]);
        if (value == std::string_view::npos) {
          return std::nullopt;
        }
      }
      group = (group << 6) | static_cast<std::uint32_t>(value);
    }
    // Bits under the padding must be zero, so that every value has one spelling only.
    if ((padding == 1 && (group & 0xFFU) != 0) || (padding == 2 && (group & 0xFFFFU) != 0)) {
      return std::nullopt;
    }
    for (std::size_t o = 0; o < 3 - padding; ++o) {
      out += static_cast<char>((group >> (16 - 8 * o)) & 0xFFU);
    }
  }
  return out;
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Utf8Lead lead = utf8_lead(octet(text[at]));
    if (lead.size == 0 || lead.size > text.size() - at) {
      return at;
    }
    for (std::size_t i = 1; i < lead.size; ++i) {
      const unsigned low = i == 1 ? lead.second_low : 0x80;
      const unsigned high = i == 1 ? lead.second_high : 0xBF;
      const unsigned value = octet(text[at + i]);
      if (value < low || value > high) {
        return at;
      }
    }
    at += lead.size;
  }
  return at;
}

bool is_valid_utf8(std::string_view text) {
  return valid_utf8_prefix(text) == text.size();
}

}  // namespace relapse
