#include "catch.hpp"
#include "report/html.hpp"
#include "report/sample_run.hpp"
#include "report/view_bytes.hpp"
#include "report/view_diff.hpp"

namespace relapse {

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string joined(const std::vector<view::HeaderBits>& bits) {
  std::string text;
  for (const view::HeaderBits& one : bits)
    text += one.octets + " = " + one.meaning + "; ";
  return text;
}

std::string joined(const std::vector<view::DiffLine>& lines) {
  std::string text;
  for (const view::DiffLine& line : lines) {
    text += line.kind == view::DiffLine::Kind::same      ? "  "
            : line.kind == view::DiffLine::Kind::removed ? "- "
                                                         : "+ ";
    for (const view::DiffPart& part : line.parts)
      text += part.different ? "[" + part.text + "]" : part.text;
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("bytes: header octets are decoded bit by bit", "[report]") {
  const auto sent = std::get<WsFrame>(testing::sent_frame(1, "abc"));
  CHECK(joined(view::decode_header(sent)) ==
        "81 = FIN, TEXT; 83 = MASK, length 3; 37 fa 21 3d = mask key; ");
  WsFrame frame{.length = 300};
  frame.head = Bytes("\x52\x7e\x01\x2c", 4);
  CHECK(joined(view::decode_header(frame)) ==
        "52 = not FIN, RSV1, RSV3, BINARY; 7e = no MASK, length in the next 2 octets; "
        "01 2c = length 300; ");
  frame.head = Bytes("\x83", 1);
  CHECK(view::decode_header(frame).empty());
  frame.head = Bytes("\x83\x00", 2);
  CHECK(has(joined(view::decode_header(frame)), "opcode 3, reserved"));
}

TEST_CASE("bytes: what differs is marked with brackets", "[report]") {
  const view::Octets text{"Payload", "\xce\xba\xff", 3, {{2, 1}}};
  const auto rows = view::hex_rows(text, 4096);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].hex == "ce ba [ff]");
  CHECK(rows[0].marked);
  using Ranges = std::vector<view::Range>;
  CHECK(view::differences("hellp", "TEXT \"hello\"") == Ranges{{4, 1}});
  CHECK(view::differences("he--llo", "TEXT \"hello\"") == Ranges{{2, 2}});
  CHECK(view::differences("hello", "TEXT \"hello\"").empty());
  CHECK(view::differences("xyz", "TEXT \"hello\"").empty());
  CHECK(view::differences("xyz", "CLOSE 1000").empty());
}

TEST_CASE("bytes: the beginning, the end and what lies around a difference", "[report]") {
  const view::Octets octets{"Payload", Bytes(100'000, 'x'), 200'000, {{50'000, 2}}};
  const auto rows = view::hex_rows(octets, 4096);
  std::size_t shown = 0;
  std::uint64_t skipped = 0;
  bool marked = false;
  for (const view::HexRow& row : rows) {
    shown += row.skipped == 0 ? 1U : 0U;
    skipped += row.skipped;
    marked = marked || row.marked;
  }
  CHECK(marked);
  CHECK(shown >= (4096 + 512 + 512) / 16);
  CHECK(shown < 340);
  CHECK(skipped + shown * 16 == 200'000);
}

TEST_CASE("bytes: a result's page shows the frames, unmasked and as sent", "[report]") {
  const Run run = testing::sample_run();
  const std::string page = result_html(run, run.results[6]);
  CHECK(has(page, "<code>81</code> = FIN, TEXT"));
  CHECK(has(page, "Payload, unmasked, 3 octets"));
  CHECK(has(page, "<td>ce ba [ff]</td>"));
  CHECK(has(page, "Payload as sent, masked, 3 octets"));
  CHECK(has(page, "<td>f9 40 de</td>"));
  CHECK_FALSE(has(page, "../evidence/"));
  CHECK(has(evidence_text(run.results[6]), "Payload, unmasked, 3 of 3 octets"));
}

TEST_CASE("bytes: what a page has no room for stands in a file beside it", "[report]") {
  Run run = testing::sample_run();
  ScenarioResult& result = run.results[6];
  auto& events = result.attempts.front().timeline.events;
  for (Event& event : events) {
    if (auto* frame = std::get_if<WsFrame>(&event.payload)) {
      frame->payload = Bytes(60'000, 'x');
      frame->length = 60'000;
    }
  }
  const std::string page = result_html(run, result);
  CHECK(page.size() <= html::most_result);
  CHECK(has(page, "<a href=\"../evidence/"));
  CHECK(has(evidence_text(result), "60000 of 60000 octets"));
}

TEST_CASE("diff: lines, then tokens of those that differ", "[report]") {
  CHECK(joined(view::diff("CLOSE 1007", "CLOSE 1000 \"bye\"")) ==
        "- CLOSE [1007]\n+ CLOSE [1000 \"bye\"]\n");
  CHECK(joined(view::diff("a\nb\nc", "a\nx\nc\nd")) == "  a\n- [b]\n+ [x]\n  c\n+ [d]\n");
  CHECK(joined(view::diff("same", "same")) == "  same\n");
  CHECK(joined(view::diff("", "x")) == "- \n+ [x]\n");
  // Too much to compare all of it: the ends are common, the middle is not.
  const std::string left = "a " + std::string(20'000, '.') + " z";
  const std::string right = "a " + std::string(20'000, ',') + " z";
  const auto lines = view::diff(left, right);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].parts.size() == 3);
}

TEST_CASE("diff: a page shows both sides with their lengths", "[report]") {
  const Run run = testing::sample_run();
  const std::string page = result_html(run, run.results[6]);
  CHECK(has(page, "<del>- <strong>CLOSE 1007</strong></del>"));
  CHECK(has(page, "<ins>+ <strong>RST</strong></ins>"));
  CHECK(has(page, "- expected 10 octets, #"));
  CHECK(has(page, "+ observed 3 octets, #"));
}

}  // namespace relapse
