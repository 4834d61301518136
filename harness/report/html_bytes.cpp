#include <algorithm>
#include <array>
#include <cstdio>

#include "report/html_parts.hpp"
#include "report/layout.hpp"
#include "report/view_bytes.hpp"

namespace relapse {

namespace html {

namespace {

std::string octets_text(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " octet" : " octets");
}

std::string offset_text(std::size_t offset) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%06zx", offset);
  return text.data();
}

void fill_block(Fields block, const view::Octets& octets, std::size_t most) {
  block.text("NAME", octets.name);
  block.text(
      "SIZE",
      octets_text(octets.data.size()) +
          (octets.size > octets.data.size() ? " kept of " + std::to_string(octets.size) : ""));
  for (const view::HexRow& row : view::hex_rows(octets, most)) {
    Fields fields = block.section("ROW");
    if (row.skipped > 0) {
      fields.section("CUT").text("TEXT", octets_text(row.skipped) + " more");
      continue;
    }
    Fields line = fields.section(row.marked ? "MARKED_LINE" : "LINE");
    line.text("OFFSET", offset_text(row.offset));
    line.text("HEX", row.hex);
    line.text("READABLE", row.readable);
  }
}

/// Those around the divergence, when there are too many.
std::pair<std::size_t, std::size_t> window(const std::vector<view::MessageBytes>& all,
                                           std::size_t most) {
  const auto decisive = std::ranges::find(all, true, &view::MessageBytes::decisive);
  const auto centre = static_cast<std::size_t>(decisive - all.begin());
  const std::size_t first = centre > most * 2 / 3 ? centre - most * 2 / 3 : 0;
  const std::size_t last = std::min(all.size(), first + most);
  return {last > most ? std::min(first, last - most) : 0, last};
}

/// Whether the page shows less than was kept.
bool is_clipped(const std::vector<view::MessageBytes>& all, const Limits& limits) {
  if (all.size() > limits.messages)
    return true;
  return std::ranges::any_of(all, [&limits](const view::MessageBytes& message) {
    return std::ranges::any_of(message.parts, [&limits](const view::Octets& part) {
      return part.data.size() > limits.octets + 1024;
    });
  });
}

}  // namespace

void fill_bytes(Fields& page, const ScenarioResult& result, const Attempt& attempt,
                const Limits& limits) {
  const auto all = view::message_bytes(attempt.timeline, view::decisive(result));
  if (all.empty())
    return;
  Fields section = page.section("BYTES");
  section.text("NOTE",
               "Octets that differ from what was expected, or that are no UTF-8 where text must "
               "be, stand in [brackets]. Of a long message the beginning, the end and what lies "
               "around a difference are shown");
  const auto [first, last] = window(all, limits.messages);
  constexpr int most_open = 3;
  int opened = 0;
  for (std::size_t i = first; i < last; ++i) {
    const view::MessageBytes& message = all[i];
    Fields fields = section.section("MESSAGE");
    const bool marked = std::ranges::any_of(
        message.parts, [](const view::Octets& part) { return !part.marked.empty(); });
    if (message.decisive || (marked && opened < most_open)) {
      ++opened;
      fields.section("OPEN");
    }
    if (message.decisive)
      fields.section("MARKED");
    fields.number("SEQ", static_cast<long>(message.event->seq));
    fields.text("TEXT", describe(*message.event, 80), 400);
    for (const view::HeaderBits& bits : message.header) {
      Fields head = fields.section("HEAD");
      head.text("OCTETS", bits.octets);
      head.text("MEANING", "= " + bits.meaning);
    }
    for (const view::Octets& part : message.parts)
      fill_block(fields.section("BLOCK"), part, limits.octets);
  }
  if (last - first < all.size())
    section.section("REST").text("TEXT", "⋯ " + std::to_string(all.size() - (last - first)) +
                                             " more messages, left out to keep this page small");
  if (is_clipped(all, limits))
    section.section("EVIDENCE_FILE").text("SLUG", view::slug(result));
}

}  // namespace html

std::string evidence_text(const ScenarioResult& result) {
  constexpr std::size_t most = std::size_t{1} << 20;
  const Attempt* attempt = result.deciding();
  if (attempt == nullptr)
    return {};
  std::string text = safe_text(result.scenario + "@" + result.target, 400).str() + "\n";
  for (const view::MessageBytes& message :
       view::message_bytes(attempt->timeline, view::decisive(result))) {
    text += "\nevent " + std::to_string(message.event->seq) + "  " +
            view::seconds(message.event->at_ns) + "  " + describe(*message.event, 80) + "\n";
    for (const view::Octets& part : message.parts) {
      text += part.name + ", " + std::to_string(part.data.size()) + " of " +
              std::to_string(part.size) + " octets\n" + layout::hex_dump(part.data, "");
      if (text.size() > most)
        return text.substr(0, most) + "\n(cut off here: relapse show has the rest)\n";
    }
  }
  return text;
}

}  // namespace relapse
