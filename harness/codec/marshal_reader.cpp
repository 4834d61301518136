#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "codec/marshal.hpp"
#include "model/python_value.hpp"

namespace relapse {
namespace {

constexpr int deepest = 500;  ///< Python refuses to write more than 2000
constexpr int digit_bits = 15;
constexpr std::uint32_t digit_base = 1U << digit_bits;

Json object_of(std::string type, std::string repr) {
  return {{"$object", {{"type", std::move(type)}, {"repr", std::move(repr)}}}};
}

/// A dict of str keys that cannot be taken for a tagged object.
bool is_plain(const std::vector<std::pair<Json, Json>>& pairs) {
  return std::all_of(pairs.begin(), pairs.end(), [](const auto& pair) {
    return pair.first.is_string() &&
           !pair.first.template get_ref<const std::string&>().starts_with('$');
  });
}

/// digits * 2^15 + more, in decimal.
void multiply_add(std::string& digits, std::uint32_t more) {
  std::uint32_t carry = more;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const std::uint32_t current = static_cast<std::uint32_t>(*digit - '0') * digit_base + carry;
    *digit = static_cast<char>('0' + current % 10);
    carry = current / 10;
  }
  for (; carry > 0; carry /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + carry % 10));
  }
}

}  // namespace

std::string_view MarshalReader::take(std::size_t size) {
  if (rest_.size() < size) {
    fail();
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

char MarshalReader::code() {
  const std::string_view taken = take(1);
  // The highest bit asks later versions to remember the value; it changes nothing else.
  return taken.empty() ? '\0' : static_cast<char>(static_cast<unsigned char>(taken[0]) & 0x7FU);
}

std::uint32_t MarshalReader::word() {
  std::uint32_t value = 0;
  const std::string_view octets = take(sizeof value);
  if (octets.size() == sizeof value) {
    std::memcpy(&value, octets.data(), sizeof value);
  }
  return value;
}

std::string_view MarshalReader::sized() {
  const std::uint32_t size = word();
  return take(size);
}

bool MarshalReader::expect(char wanted) {
  if (code() != wanted) {
    fail();
  }
  return !failed_;
}

bool MarshalReader::none() {
  if (rest_.empty() || rest_.front() != 'N') {
    return false;
  }
  rest_.remove_prefix(1);
  return true;
}

bool MarshalReader::boolean() {
  const char found = code();
  if (found != 'T' && found != 'F') {
    fail();
  }
  return found == 'T';
}

std::int64_t MarshalReader::integer() {
  const char found = code();
  if (found == 'i') {
    return static_cast<std::int32_t>(word());
  }
  if (found != 'l') {
    fail();
    return 0;
  }
  const auto count = static_cast<std::int32_t>(word());
  constexpr std::uint32_t most = 5;  // 75 bits: beyond 64, a time or a number of ours is not
  const auto parts =
      static_cast<std::uint32_t>(count < 0 ? -static_cast<std::int64_t>(count) : count);
  if (parts > most) {
    fail();
    return 0;
  }
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < parts; ++i) {
    const std::string_view octets = take(2);
    if (octets.size() == 2) {
      const std::uint64_t part = static_cast<unsigned char>(octets[0]) |
                                 (std::uint64_t{static_cast<unsigned char>(octets[1])} << 8U);
      value |= part << (digit_bits * i);
    }
  }
  return count < 0 ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

double MarshalReader::number() {
  double value = 0;
  if (!rest_.empty() && rest_.front() == 'i') {
    return static_cast<double>(integer());
  }
  if (expect('g')) {
    const std::string_view octets = take(sizeof value);
    if (octets.size() == sizeof value) {
      std::memcpy(&value, octets.data(), sizeof value);
    }
  }
  return value;
}

std::string_view MarshalReader::text() {
  return expect('u') ? sized() : std::string_view{};
}

std::string_view MarshalReader::bytes() {
  return expect('s') ? sized() : std::string_view{};
}

std::size_t MarshalReader::sequence() {
  const char found = code();
  if (found != '(' && found != '[') {
    fail();
    return 0;
  }
  const std::uint32_t size = word();
  if (size > rest_.size()) {  // an element takes an octet at least
    fail();
    return 0;
  }
  return size;
}

void MarshalReader::dict() {
  expect('{');
}

bool MarshalReader::more() {
  if (rest_.empty()) {
    fail();
    return false;
  }
  if (rest_.front() == '0') {
    rest_.remove_prefix(1);
    return false;
  }
  return true;
}

Json MarshalReader::big_integer() {
  const auto count = static_cast<std::int32_t>(word());
  const auto parts =
      static_cast<std::uint64_t>(count < 0 ? -static_cast<std::int64_t>(count) : count);
  const std::string_view octets = take(2 * parts);
  std::string digits = "0";
  for (std::size_t i = octets.size(); i >= 2; i -= 2) {
    multiply_add(digits, static_cast<std::uint32_t>(static_cast<unsigned char>(octets[i - 2])) |
                             static_cast<std::uint32_t>(static_cast<unsigned char>(octets[i - 1]))
                                 << 8U);
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const std::string text = (count < 0 ? "-" : "") + digits;
  std::int64_t small = 0;
  const bool fits =
      std::from_chars(text.data(), text.data() + text.size(), small).ec == std::errc{};
  return fits ? Json(small) : Json{{"$int", text}};
}

Json MarshalReader::float_json(double value) {
  if (std::isfinite(value)) {
    return value;
  }
  return {{"$float", std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf"}};
}

Json MarshalReader::items(int depth) {
  const std::uint32_t size = word();
  std::vector<Json> list;
  for (std::uint32_t i = 0; i < size && !failed_; ++i) {
    list.push_back(value_at(depth + 1));
  }
  return list;
}

Json MarshalReader::mapping(int depth) {
  std::vector<std::pair<Json, Json>> pairs;
  while (!failed_ && more()) {
    Json key = value_at(depth + 1);
    pairs.emplace_back(std::move(key), value_at(depth + 1));
  }
  if (is_plain(pairs)) {
    Json::object_t object;
    object.reserve(pairs.size());
    for (auto& [key, item] : pairs) {
      // The keys of a dict differ: nothing is to be looked for.
      object.std::vector<Json::object_t::value_type>::emplace_back(
          std::move(key.get_ref<std::string&>()), std::move(item));
    }
    return Json(std::move(object));
  }
  std::vector<Json> list;
  for (auto& [key, item] : pairs) {
    list.push_back(Json::array({std::move(key), std::move(item)}));
  }
  return {{"$dict", std::move(list)}};
}

/// The bridge writes what marshal does not know as ("\0object", type, repr, octets or None).
Json MarshalReader::tuple_json(Json items) {
  constexpr std::size_t parts = 4;
  const bool object = items.size() == parts && items[0].is_string() &&
                      items[0].get_ref<const std::string&>() == std::string("\0object", 7);
  if (!object || !items[1].is_string() || !items[2].is_string()) {
    return {{"$tuple", std::move(items)}};
  }
  Json made = object_of(items[1].get<std::string>(), items[2].get<std::string>());
  if (!items[3].is_null()) {
    made["$object"]["octets"] = items[3];
  }
  return made;
}

Json MarshalReader::value_at(int depth) {
  if (depth > deepest) {
    fail();
  }
  const char found = failed_ ? '\0' : code();
  switch (found) {
    case 'N':
      return nullptr;
    case 'T':
      return true;
    case 'F':
      return false;
    case 'i':
      return static_cast<std::int32_t>(word());
    case 'l':
      return big_integer();
    case 'g': {
      rest_ = {rest_.data() - 1, rest_.size() + 1};
      const double value = number();
      return float_json(value);
    }
    case 'u': {
      const std::string_view octets = sized();
      return is_valid_utf8(octets) ? Json(std::string(octets)) : Json{{"$str_hex", to_hex(octets)}};
    }
    case 's':
      return python::bytes(sized());
    case '(':
      return tuple_json(items(depth));
    case '[':
      return items(depth);
    case '{':
      return mapping(depth);
    case '<':
    case '>': {
      const Json inner = items(depth);
      return object_of(found == '<' ? "set" : "frozenset", inner.dump());
    }
    case 'y':
      take(16);
      return object_of("complex", "a complex number");
    case '.':
      return object_of("ellipsis", "Ellipsis");
    default:
      fail();
      return nullptr;
  }
}

Json MarshalReader::value() {
  return value_at(0);
}

bool from_marshal(std::string_view octets, Json& out) {
  MarshalReader reader(octets);
  out = reader.value();
  return !reader.failed() && reader.at_end();
}

}  // namespace relapse
