#include "codec/marshal.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace relapse {
namespace {

static_assert(std::endian::native == std::endian::little, "marshal is little-endian");

constexpr int digit_bits = 15;
constexpr std::uint32_t digit_base = 1U << digit_bits;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Divides the decimal digits by 2^15 in place; the remainder.
std::uint32_t divide(std::string& digits) {
  std::uint32_t remainder = 0;
  for (char& digit : digits) {
    const std::uint32_t current = remainder * 10 + static_cast<std::uint32_t>(digit - '0');
    digit = static_cast<char>('0' + current / digit_base);
    remainder = current % digit_base;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return remainder;
}

}  // namespace

void MarshalWriter::word(std::uint32_t value) {
  std::array<char, 4> octets{};
  std::memcpy(octets.data(), &value, octets.size());
  out_.append(octets.data(), octets.size());
}

void MarshalWriter::integer(std::int64_t value) {
  if (value >= std::numeric_limits<std::int32_t>::min() &&
      value <= std::numeric_limits<std::int32_t>::max()) {
    out_ += 'i';
    word(static_cast<std::uint32_t>(static_cast<std::int32_t>(value)));
  } else {
    big_integer(std::to_string(value));
  }
}

void MarshalWriter::big_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string digits(text.substr(negative ? 1 : 0));
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  std::vector<std::uint32_t> parts;
  while (!digits.empty()) {
    parts.push_back(divide(digits));
  }
  const auto count = static_cast<std::int32_t>(parts.size());
  out_ += 'l';
  word(static_cast<std::uint32_t>(negative ? -count : count));
  for (const std::uint32_t part : parts) {
    out_ += static_cast<char>(part & 0xFFU);
    out_ += static_cast<char>(part >> 8U);
  }
}

void MarshalWriter::number(double value) {
  std::array<char, 8> octets{};
  std::memcpy(octets.data(), &value, octets.size());
  out_ += 'g';
  out_.append(octets.data(), octets.size());
}

void MarshalWriter::text(std::string_view utf8) {
  out_ += 'u';
  word(static_cast<std::uint32_t>(utf8.size()));
  out_ += utf8;
}

void MarshalWriter::bytes(std::string_view octets) {
  out_ += 's';
  word(static_cast<std::uint32_t>(octets.size()));
  out_ += octets;
}

void MarshalWriter::tuple(std::size_t size) {
  out_ += '(';
  word(static_cast<std::uint32_t>(size));
}

void MarshalWriter::list(std::size_t size) {
  out_ += '[';
  word(static_cast<std::uint32_t>(size));
}

void MarshalWriter::repeated(const Json& inner, std::uint64_t times) {
  MarshalWriter once;
  once.value(inner);
  constexpr std::size_t head = 5;  // the code and the size
  const std::string_view all = once.octets();
  const char code = all.empty() ? 'N' : all.front();
  if (all.size() < head || (code != 'u' && code != 's' && code != '[' && code != '(')) {
    written(all);
    return;
  }
  std::uint32_t size = 0;
  std::memcpy(&size, all.data() + 1, sizeof size);
  out_ += code;
  word(static_cast<std::uint32_t>(size * times));
  for (std::uint64_t i = 0; i < times; ++i) {
    out_ += all.substr(head);
  }
}

bool MarshalWriter::tagged_value(const std::string& tag, const Json& object) {
  const Json& inner = object.begin().value();
  if (tag == "$repeat" && object.size() == 2 && object.contains("times")) {
    repeated(inner, object.at("times").get<std::uint64_t>());
    return true;
  }
  if (object.size() != 1) {
    return false;
  }
  if (tag == "$bytes" || tag == "$hex") {
    const std::string given = text_of(inner);
    bytes(tag == "$bytes" ? given : from_hex(given).value_or(std::string()));
  } else if (tag == "$str_hex") {
    text(from_hex(text_of(inner)).value_or(std::string()));
  } else if (tag == "$int") {
    big_integer(text_of(inner));
  } else if (tag == "$float") {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::string name = text_of(inner);
    number(name == "inf"    ? infinity
           : name == "-inf" ? -infinity
                            : std::numeric_limits<double>::quiet_NaN());
  } else if (tag == "$tuple" && inner.is_array()) {
    tuple(inner.size());
    for (const Json& item : inner) {
      value(item);
    }
  } else if (tag == "$dict" && inner.is_array()) {
    dict();
    for (const Json& pair : inner) {
      if (pair.is_array() && pair.size() == 2) {
        value(pair[0]);
        value(pair[1]);
      }
    }
    end_dict();
  } else {
    return false;
  }
  return true;
}

void MarshalWriter::value(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      boolean(json.get<bool>());
      return;
    case Json::value_t::number_integer:
      integer(json.get<std::int64_t>());
      return;
    case Json::value_t::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      if (number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        big_integer(std::to_string(number));
      } else {
        integer(static_cast<std::int64_t>(number));
      }
      return;
    }
    case Json::value_t::number_float:
      number(json.get<double>());
      return;
    case Json::value_t::string:
      text(json.get_ref<const std::string&>());
      return;
    case Json::value_t::array:
      list(json.size());
      for (const Json& item : json) {
        value(item);
      }
      return;
    case Json::value_t::object:
      if (!json.empty() && json.begin().key().starts_with('$') &&
          tagged_value(json.begin().key(), json)) {
        return;
      }
      dict();
      for (const auto& [key, item] : json.items()) {
        text(key);
        value(item);
      }
      end_dict();
      return;
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      none();
      return;
  }
}

Bytes to_marshal(const Json& tagged) {
  MarshalWriter writer;
  writer.value(tagged);
  return writer.take();
}

}  // namespace relapse
