#include "base/text.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/source_ref.hpp"
#include "catch.hpp"

using namespace relapse;
using namespace std::string_literals;
using namespace std::chrono_literals;

TEST_CASE("safe_text: hostile bytes become visible", "[base]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {"plain ünïcode 日本 😀", "plain ünïcode 日本 😀"},
      {"a\nb\rc\td", "a\\nb\\rc\\td"},
      {"\x1b[31mred\x1b]0;title\x07", "\\u{1b}[31mred\\u{1b}]0;title\\u{7}"},
      {"\0"s, "\\u{0}"},
      {"\x7f", "\\u{7f}"},
      {"\xC2\x9B"
       "31m",
       "\\u{9b}31m"},  // C1: an 8-bit CSI
      {"user\xE2\x80\xAEtxt.exe", "user\\u{202e}txt.exe"},
      {"\xE2\x81\xA6\xE2\x81\xA9\xD8\x9C", "\\u{2066}\\u{2069}\\u{61c}"},
      {"a\xE2\x80\x8B\xE2\x80\x8D\xEF\xBB\xBFz", "a\\u{200b}\\u{200d}\\u{feff}z"},
      {"\xE2\x80\xA8\xE2\x80\xA9", "\\u{2028}\\u{2029}"},
      {"\xEF\xBF\xBE\xEF\xB7\x90\xF4\x8F\xBF\xBF", "\\u{fffe}\\u{fdd0}\\u{10ffff}"},
      {"\xF3\xA0\x81\x81", "\\u{e0041}"},  // an invisible tag letter
      {"\xEF\xBF\xBD", "\xEF\xBF\xBD"},    // U+FFFD is an ordinary character
      {"\xFF\xFE ok \xC0\xAF", "\\xff\\xfe ok \\xc0\\xaf"},
      {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
      {"torn \xE2\x82", "torn \\xe2\\x82"}};
  for (const auto& [bytes, shown] : rows) {
    CAPTURE(to_hex(bytes));
    CHECK(safe_text(bytes).str() == shown);
  }
}

TEST_CASE("safe_text: valid UTF-8 on one line and stable, for every pair of octets", "[base]") {
  bool all = true;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string bytes = {static_cast<char>(a), static_cast<char>(b)};
      const std::string shown = safe_text(bytes).str();
      bool fine = is_valid_utf8(shown) && safe_text(shown).str() == shown;
      for (const char c : shown) {
        fine = fine && static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
      }
      all = all && fine;
    }
  }
  CHECK(all);
}

TEST_CASE("safe_text: the cut never tears a character and says what is missing", "[base]") {
  CHECK(safe_text("abcdef", 6).str() == "abcdef");
  CHECK(safe_text("abcdef", 5).str() == "abcde… (1 more byte)");
  CHECK(safe_text("abcdef", 0).str() == "… (6 more bytes)");
  CHECK(safe_text("a€b", 1).str() == "a… (4 more bytes)");
  CHECK(safe_text("a€b", 2).str() == "a… (4 more bytes)");
  CHECK(safe_text("a€b", 3).str() == "a… (4 more bytes)");
  CHECK(safe_text("a€b", 4).str() == "a€… (1 more byte)");
  CHECK(safe_text("\x80\x80\x80\x80\x80\x80", 5).str() ==
        "\\x80\\x80\\x80\\x80\\x80… (1 more byte)");
  CHECK(safe_text("a\xE2\x82\x82\x82\x82", 5).str() == "a₂\\x82… (1 more byte)");
}

TEST_CASE("did_you_mean: nearest candidate within a third of the length", "[base]") {
  const std::vector<std::string_view> keys = {"expect", "send", "pause", "start", "stop", "on"};
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"exepct", "expect"},   // one swap
      {"expects", "expect"},  // one insertion
      {"xpct", ""},           // two edits of four letters
      {"expextt", "expect"},  // two edits of seven letters
      {"sned", "send"},      {"sand", "send"},
      {"strat", "start"},    {"stp", "stop"},
      {"onn", "on"},         {"no", "on"},
      {"completely", ""},    {"", ""},
      {"send", "send"},      {std::string(300, 's'), ""}};
  for (const auto& [word, wanted] : rows) {
    CAPTURE(word);
    CHECK(did_you_mean(word, keys).value_or("") == wanted);
  }
  // Damerau's distance, not the restricted one: "ca" swapped and filled is two edits from "abc".
  const std::vector<std::string_view> one = {"xxxxabc"};
  CHECK(did_you_mean("xxxxca", one) == "xxxxabc"s);
  // Of two equally near candidates the first wins.
  const std::vector<std::string_view> two = {"fin1", "fin2"};
  CHECK(did_you_mean("fin3", two) == "fin1"s);
}

TEST_CASE("parse_duration: accepts a number and a unit, exactly", "[base]") {
  const std::vector<std::pair<std::string, Duration>> good = {
      {"2s", 2s},       {"200ms", 200ms},         {"1m", 1min},     {"250us", 250us},  {"1h", 1h},
      {"0s", 0s},       {"1.5s", 1500ms},         {"0.5us", 500ns}, {"0.25ms", 250us}, {"007s", 7s},
      {"0.001us", 1ns}, {"2.0000000000000s", 2s}, {"1.5h", 90min},  {"0.1h", 6min}};
  for (const auto& [text, wanted] : good) {
    CAPTURE(text);
    CHECK(parse_duration(text) == wanted);
  }
  for (const char* bad :
       {"",         "2",     "s",        "2 s",           "2secs",       "2 secs",
        "-1s",      "+1s",   ".5s",      "1.s",           "1e3s",        "1,5s",
        "2S",       "2d",    "0.0001us", "1.0000000001s", "9223372037s", "99999999999999999999s",
        "2562048h", "1.5s ", "\t1s",     "1..5s",         "0x1s"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad).has_value());
  }
}

TEST_CASE("duration_text: shortest exact form, read back unchanged", "[base]") {
  const std::vector<std::pair<Duration, std::string>> rows = {
      {0s, "0s"},         {2s, "2s"},
      {200ms, "200ms"},   {1500ms, "1.5s"},
      {60s, "1m"},        {90s, "90s"},
      {250us, "250us"},   {1h, "1h"},
      {90min, "90m"},     {1ns, "0.001us"},
      {1ms, "1ms"},       {1001us, "1001us"},
      {1250us, "1.25ms"}, {1s + 1ns, "1.000000001s"},
      {150min, "2.5h"},   {20ms, "20ms"},
      {30s, "30s"},       {-2s, "-2s"}};
  for (const auto& [duration, wanted] : rows) {
    CAPTURE(duration.count());
    CHECK(duration_text(duration) == wanted);
    if (duration >= 0s) {
      CHECK(parse_duration(duration_text(duration)) == duration);
    }
  }
  std::minstd_rand random(7);
  for (int i = 0; i < 2000; ++i) {
    const Duration some{static_cast<std::int64_t>(random()) * (i % 3 == 0 ? 1 : 1'000'003)};
    CAPTURE(some.count());
    REQUIRE(parse_duration(duration_text(some)) == some);
  }
  CHECK(parse_duration(duration_text(Duration::max())) == Duration::max());
}

TEST_CASE("human_duration: two or three figures with a unit", "[base]") {
  const std::vector<std::pair<Duration, std::string>> rows = {{0s, "0 ms"},
                                                              {400ns, "<1 µs"},
                                                              {1500ns, "2 µs"},
                                                              {999us, "999 µs"},
                                                              {1ms, "1 ms"},
                                                              {12ms, "12 ms"},
                                                              {12'499us, "12 ms"},
                                                              {99ms, "99 ms"},
                                                              {99'600us, "0.10 s"},
                                                              {410ms, "0.41 s"},
                                                              {1s, "1.00 s"},
                                                              {9'994ms, "9.99 s"},
                                                              {9'996ms, "10.0 s"},
                                                              {59'940ms, "59.9 s"},
                                                              {59'960ms, "1 min 0 s"},
                                                              {372s, "6 min 12 s"},
                                                              {3599'700ms, "1 h 0 min"},
                                                              {2h + 5min, "2 h 5 min"},
                                                              {-12ms, "-12 ms"}};
  for (const auto& [duration, wanted] : rows) {
    CAPTURE(duration.count());
    CHECK(human_duration(duration) == wanted);
  }
}

TEST_CASE("text: join, split, trim and letter case", "[base]") {
  const std::vector<std::string> three = {"a", "b", "c"};
  const std::vector<std::string> one = {"a"};
  CHECK(join(three, " ") == "a b c");
  CHECK(join({}, ", ") == "");
  CHECK(join_and(three) == "a, b and c");
  CHECK(join_and(std::vector<std::string>{"a", "b"}, "or") == "a or b");
  CHECK(join_and(one) == "a");
  CHECK(join_and({}) == "");
  CHECK(split("a,b,,c", ',') == std::vector<std::string>{"a", "b", "", "c"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(split("a,", ',') == std::vector<std::string>{"a", ""});
  CHECK(trim(" \t\r\n a b \v\f") == "a b");
  CHECK(trim("   ") == "");
  CHECK(to_lower("Sec-WebSocket-KEY É") == "sec-websocket-key É");
  CHECK(iequals("Content-Length", "content-length"));
  CHECK_FALSE(iequals("Content-Length", "content-lengt"));
  CHECK_FALSE(iequals("a", "b"));
  CHECK_FALSE(iequals("@", "`"));  // differ by the bit that tells the case of letters
}

TEST_CASE("source_ref: leaves out what is unknown", "[base]") {
  CHECK(to_string(SourceRef{.file = "a.json", .line = 3, .column = 7}) == "a.json:3:7");
  CHECK(to_string(SourceRef{.file = "a.json", .line = 3}) == "a.json:3");
  CHECK(to_string(SourceRef{.file = "a.json"}) == "a.json");
  CHECK(to_string(SourceRef{.line = 3, .column = 7}) == "3:7");
  CHECK(to_string(SourceRef{}) == "");
}
