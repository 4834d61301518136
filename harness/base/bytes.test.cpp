#include "base/bytes.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "catch.hpp"

using namespace relapse;
using namespace std::string_literals;

TEST_CASE("bytes: hex in both directions", "[base]") {
  CHECK(to_hex("") == "");
  CHECK(to_hex("hi") == "68 69");
  CHECK(to_hex("\x00\xFF\x0a"s) == "00 ff 0a");
  CHECK(from_hex("68 69") == "hi"s);
  CHECK(from_hex(" 68\n\t69 ") == "hi"s);
  CHECK(from_hex("DEADbeef") == "\xDE\xAD\xBE\xEF"s);
  CHECK(from_hex("") == ""s);
  for (const char* bad : {"6", "68 6", "6 8", "6g", "0x68", "68-69", "é"}) {
    CAPTURE(bad);
    CHECK_FALSE(from_hex(bad).has_value());
  }
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += static_cast<char>(i);
  }
  CHECK(from_hex(to_hex(all)) == all);
}

TEST_CASE("bytes: base64 test vectors of RFC 4648 section 10", "[base]") {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    CAPTURE(plain);
    CHECK(to_base64(plain) == encoded);
    CHECK(from_base64(encoded) == plain);
    CHECK(to_base64url(plain) == encoded.substr(0, encoded.find('=')));
  }
  CHECK(to_base64("\xFB\xEF\xFF"s) == "++//");
  CHECK(to_base64url("\xFB\xEF\xFF"s) == "--__");
  CHECK(from_base64("++//") == "\xFB\xEF\xFF"s);
}

TEST_CASE("bytes: base64 is strict", "[base]") {
  for (const char* bad : {"Zg", "Zg=", "Zg= =", "Z g=", "Zg==\n",
                          "=Zg=", "Zg==Zg==", "Zh==", "Zm9=", "--__", "====", "Zm=v"}) {
    CAPTURE(bad);
    CHECK_FALSE(from_base64(bad).has_value());
  }
}

TEST_CASE("bytes: valid prefix by the table of RFC 3629 section 4", "[base]") {
  struct Row {
    const char* what;
    std::string text;
    std::size_t prefix;
  };
  const std::vector<Row> rows = {
      {"empty", "", 0},
      {"ascii with zero", "a\0b"s, 3},
      {"two octets, first and last", "\xC2\x80\xDF\xBF", 4},
      {"three octets, first", "\xE0\xA0\x80", 3},
      {"before the surrogates", "\xED\x9F\xBF", 3},
      {"after the surrogates", "\xEE\x80\x80", 3},
      {"four octets, first and last", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8},
      {"overlong slash", "ok\xC0\xAF", 2},
      {"overlong, two octets", "\xC1\xBF", 0},
      {"overlong, three octets", "\xE0\x9F\xBF", 0},
      {"overlong, four octets", "\xF0\x8F\xBF\xBF", 0},
      {"first surrogate", "a\xED\xA0\x80", 1},
      {"last surrogate", "\xED\xBF\xBF", 0},
      {"above U+10FFFF", "\xF4\x90\x80\x80", 0},
      {"F5 is no lead", "\xF5\x80\x80\x80", 0},
      {"FF", "ab\xFF", 2},
      {"continuation alone", "\x80", 0},
      {"torn at the end", "a\xE2\x82", 1},
      {"torn in the middle", "\xE2\x82z", 0},
      {"third octet wrong", "\xE2\x82\x41", 0},
      {"fourth octet wrong", "\xF0\x9F\x98\xC0", 0}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(valid_utf8_prefix(row.text) == row.prefix);
    CHECK(is_valid_utf8(row.text) == (row.prefix == row.text.size()));
  }
}

TEST_CASE("clock: timestamps are UTC with milliseconds", "[base]") {
  using namespace std::chrono;
  const system_clock::time_point when{milliseconds{1'795'317'127'193}};
  CHECK(utc_timestamp(when) == "2026-11-22T03:12:07.193Z");
  CHECK(utc_compact(when) == "20261122T031207Z");
  CHECK(utc_timestamp(system_clock::time_point{}) == "1970-01-01T00:00:00.000Z");
  CHECK(utc_timestamp(system_clock::time_point{milliseconds{-1}}) == "1969-12-31T23:59:59.999Z");
  CHECK(utc_timestamp(when + microseconds{999}) == "2026-11-22T03:12:07.193Z");
}

TEST_CASE("clock: random hex has the asked length and does not repeat", "[base]") {
  CHECK(random_hex(0).empty());
  for (const std::size_t bytes : {1U, 3U, 64U, 65U, 1000U}) {
    const std::string text = random_hex(bytes);
    CHECK(text.size() == bytes * 2);
    CHECK(from_hex(text).has_value());
  }
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(random_hex(8));
  }
  CHECK(seen.size() == 1000);
}
