#include "report/view_bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "model/describe_words.hpp"
#include "report/view.hpp"

namespace relapse::view {

namespace {

constexpr std::size_t row_octets = 16;
constexpr std::size_t last_octets = 512;
constexpr std::size_t around = 256;

std::string hex(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    std::array<char, 4> two{};
    std::snprintf(two.data(), two.size(), "%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += (text.empty() ? "" : " ") + std::string(two.data());
  }
  return text;
}

std::string opcode_word(int opcode) {
  std::string word = words::opcode(opcode);
  return word.starts_with("opcode ") ? word + ", reserved" : word;
}

/// What stands between the first and the last quote; "" when there is none.
std::string quoted(const std::string& text) {
  const std::size_t first = text.find('"');
  const std::size_t last = text.rfind('"');
  return first == std::string::npos || last <= first + 1 ? std::string()
                                                         : text.substr(first + 1, last - first - 1);
}

/// The first places that are not UTF-8: more than these nobody reads.
std::vector<Range> invalid_utf8(const Bytes& data) {
  constexpr std::size_t most = 64;
  const std::string_view all(data);
  std::vector<Range> ranges;
  for (std::size_t at = valid_utf8_prefix(all); at < all.size() && ranges.size() <= most;) {
    if (!ranges.empty() && ranges.back().first + ranges.back().second == at)
      ++ranges.back().second;
    else
      ranges.emplace_back(at, 1);
    ++at;
    at += valid_utf8_prefix(all.substr(at));
  }
  return ranges;
}

struct PartsOf {
  std::string expected{};

  std::vector<Octets> operator()(const HttpMessage& p) const {
    std::vector<Octets> parts{{"Head", p.head, p.head.size(), {}}};
    if (!p.body.empty())
      parts.push_back({"Body", p.body, p.body_size, differences(p.body, expected)});
    return parts;
  }
  std::vector<Octets> operator()(const WsFrame& p) const {
    std::vector<Octets> parts{{"Header", p.head, p.head.size(), {}}};
    if (p.payload.empty())
      return parts;
    std::vector<Range> marked =
        p.opcode == 1 || p.opcode == 0 ? invalid_utf8(p.payload) : std::vector<Range>{};
    if (marked.empty())
      marked = differences(p.payload, expected);
    const bool masked = p.mask_key.has_value();
    parts.push_back({masked ? "Payload, unmasked" : "Payload", p.payload,
                     std::max<std::uint64_t>(p.payload.size(), p.length), marked});
    if (masked)
      parts.push_back({"Payload as sent, masked", masked_octets(p), p.length, {}});
    return parts;
  }
  std::vector<Octets> operator()(const RawBytes& p) const {
    return {{"Octets", p.data, p.size, {}}};
  }
  template <class Other>
  std::vector<Octets> operator()(const Other&) const {
    return {};
  }
  static Bytes masked_octets(const WsFrame& p) {
    Bytes data = p.payload;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const auto key = static_cast<unsigned char>(*p.mask_key >> (8 * (3 - i % 4)));
      data[i] = static_cast<char>(static_cast<unsigned char>(data[i]) ^ key);
    }
    return data;
  }
};

HexRow row_of(const Octets& octets, std::size_t offset) {
  HexRow row{.offset = offset};
  const std::size_t end = std::min(octets.data.size(), offset + row_octets);
  for (std::size_t i = offset; i < end; ++i) {
    const bool marked = std::ranges::any_of(octets.marked, [i](const Range& range) {
      return i >= range.first && i < range.first + range.second;
    });
    const std::string two = hex(std::string_view(octets.data).substr(i, 1));
    row.hex += (row.hex.empty() ? "" : " ") + (marked ? "[" + two + "]" : two);
    row.marked = row.marked || marked;
    const auto octet = static_cast<unsigned char>(octets.data[i]);
    row.readable += octet >= 0x20 && octet < 0x7F ? octets.data[i] : '.';
  }
  return row;
}

bool is_shown(const Octets& octets, std::size_t offset, std::size_t most) {
  const std::size_t size = octets.data.size();
  if (offset < most || offset + row_octets + last_octets > size)
    return true;
  return std::ranges::any_of(octets.marked, [offset](const Range& range) {
    return offset + row_octets + around > range.first &&
           offset < range.first + range.second + around;
  });
}

}  // namespace

std::vector<HeaderBits> decode_header(const WsFrame& frame) {
  std::vector<HeaderBits> bits;
  const Bytes& head = frame.head;
  if (head.size() < 2)
    return bits;
  const auto first = static_cast<unsigned char>(head[0]);
  const auto second = static_cast<unsigned char>(head[1]);
  std::string meaning = (first & 0x80U) != 0 ? "FIN, " : "not FIN, ";
  for (int i = 0; i < 3; ++i) {
    if ((first & (0x40U >> i)) != 0)
      meaning += "RSV" + std::to_string(i + 1) + ", ";
  }
  bits.push_back({hex(head.substr(0, 1)), meaning + opcode_word(first & 0x0F)});
  const std::size_t length = second & 0x7FU;
  const bool mask = (second & 0x80U) != 0;
  std::size_t at = 2;
  std::string text = mask ? "MASK, " : "no MASK, ";
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  bits.push_back(
      {hex(head.substr(1, 1)),
       text + (extended == 0 ? "length " + std::to_string(length)
                             : "length in the next " + std::to_string(extended) + " octets")});
  if (extended > 0 && head.size() >= at + extended) {
    bits.push_back({hex(head.substr(at, extended)), "length " + std::to_string(frame.length)});
    at += extended;
  }
  if (mask && head.size() >= at + 4)
    bits.push_back({hex(head.substr(at, 4)), "mask key"});
  return bits;
}

std::vector<Range> differences(const Bytes& data, const std::string& expected) {
  const std::string wanted = quoted(expected);
  if (wanted.empty() || wanted == data)
    return {};
  std::size_t begin = 0;
  const std::size_t least = std::min(wanted.size(), data.size());
  while (begin < least && wanted[begin] == data[begin])
    ++begin;
  std::size_t end = 0;
  while (end < least - begin && wanted[wanted.size() - 1 - end] == data[data.size() - 1 - end])
    ++end;
  const std::size_t count = data.size() - begin - end;
  // Where nearly everything differs, marking all of it says nothing.
  if (count == 0 || (begin == 0 && end == 0))
    return {};
  return {{begin, count}};
}

std::vector<MessageBytes> message_bytes(const Timeline& timeline, const Finding* finding) {
  std::vector<MessageBytes> all;
  for (const Row& row : exchange(timeline, finding)) {
    const bool compared =
        row.diverges && finding != nullptr && finding->kind == ClaimKind::expectation;
    MessageBytes message{.event = row.event, .decisive = row.diverges};
    message.parts =
        std::visit(PartsOf{compared ? finding->expected : std::string()}, row.event->payload);
    if (message.parts.empty())
      continue;
    if (const auto* frame = std::get_if<WsFrame>(&row.event->payload))
      message.header = decode_header(*frame);
    all.push_back(std::move(message));
  }
  return all;
}

std::vector<HexRow> hex_rows(const Octets& octets, std::size_t most) {
  std::vector<HexRow> rows;
  for (std::size_t offset = 0; offset < octets.data.size(); offset += row_octets) {
    if (is_shown(octets, offset, most)) {
      rows.push_back(row_of(octets, offset));
      continue;
    }
    if (rows.empty() || rows.back().skipped == 0)
      rows.push_back({.offset = offset});
    rows.back().skipped += row_octets;
  }
  if (octets.size > octets.data.size())
    rows.push_back({.offset = octets.data.size(), .skipped = octets.size - octets.data.size()});
  return rows;
}

}  // namespace relapse::view
