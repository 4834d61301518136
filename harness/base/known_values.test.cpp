#include "base/known_values.hpp"

#include <chrono>

#include "base/bytes.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"
#include "catch.hpp"

using namespace relapse;

namespace {

// With characters that every encoding treats differently.
const std::string secret_text = "p\"a/s\\s?>~w\xc3\xb6rd &'<x";

KnownValues known() {
  KnownValues made;
  made.add("KEY", secret_text);
  return made;
}

/// The text with every hit replaced by "@@".
std::string hidden(const KnownValues& values, std::string text) {
  const auto hits = values.find(text);
  for (auto hit = hits.rbegin(); hit != hits.rend(); ++hit) {
    text.replace(hit->begin, hit->end - hit->begin, "@@");
  }
  return text;
}

}  // namespace

TEST_CASE("known values: every spelling is found, and nothing else of the text", "[base]") {
  const KnownValues values = known();
  const auto spelling = GENERATE(as<std::string>{}, secret_text,
                                 "p%22a%2Fs%5Cs%3F%3E~w%C3%B6rd%20%26%27%3Cx",  // all reserved
                                 "p%22a/s%5cs?%3e~w%c3%b6rd+%26'%3Cx",          // some, a form's
                                 "p\\\"a/s\\\\s?>~w\xc3\xb6rd &'<x",            // JSON
                                 "p\\\"a\\/s\\\\s?\\u003e~w\\u00f6rd &'\\u003Cx",
                                 "p\"a/s\\\\s?>~w\\xc3\\xb6rd &\\'<x",  // the repr of bytes
                                 "p&quot;a/s\\s?&gt;~w\xc3\xb6rd &amp;&#39;&lt;x",
                                 "p&#34;a&#x2F;s\\s?&gt;~w&#246;rd &amp;&apos;&lt;x",
                                 "%70%22%61%2F%73%5C%73%3F%3E%7E%77%C3%B6%72%64%20%26%27%3C%78");
  INFO(spelling);
  CHECK(hidden(values, spelling) == "@@");
  CHECK(hidden(values, "a=" + spelling + "&b" + spelling) == "a=@@&b@@");
  CHECK(hidden(values, spelling.substr(0, spelling.size() - 1)).find("@@") == std::string::npos);
  REQUIRE(values.first("x" + spelling));
  CHECK(values.first("x" + spelling)->begin == 1);
}

TEST_CASE("known values: hex digits and base64, wherever the value stands in the octets",
          "[base]") {
  const KnownValues values = known();
  CHECK(hidden(values, "01 " + to_hex(secret_text) + " 02") == "01 @@ 02");
  for (const char* before : {"", "u", "us", "usr", "user:"}) {
    for (const char* after : {"", "x", "xy", "xyz"}) {
      const std::string octets = before + secret_text + after;
      INFO(octets);
      for (const std::string& encoded : {to_base64(octets), to_base64url(octets)}) {
        const std::string rest = hidden(values, encoded);
        CHECK(rest.find("@@") != std::string::npos);
        // What is left over at the edges is too short to tell the value.
        CHECK(rest.size() <= encoded.size() - (secret_text.size() * 4 / 3 - 3) + 2);
      }
    }
  }
}

TEST_CASE("known values: of two that begin at one place the longer one is told", "[base]") {
  KnownValues values;
  values.add("SHORT", "abcdef");
  values.add("LONG", "abcdefghij");
  const auto hits = values.find("abcdefghij abcdef");
  REQUIRE(hits.size() == 2);
  CHECK(values.values()[hits[0].value].name == "LONG");
  CHECK(values.values()[hits[1].value].name == "SHORT");
}

TEST_CASE("known values: the lines of a key are found alone, its frame is not", "[base]") {
  KnownValues values;
  values.add(
      "PEM",
      "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nshort\n-----END PRIVATE KEY-----\n");
  CHECK(hidden(values, "log: MIGHAgEAMBMGByqGSM49") == "log: @@");
  CHECK(hidden(values, "-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----");
  CHECK(hidden(values, "short") == "short");
}

TEST_CASE("known values: the beginning of a value at the end of a text", "[base]") {
  KnownValues values;
  values.add("KEY", "0123456789abcdef");
  REQUIRE(values.cut_off("text 0123456789"));
  CHECK(values.cut_off("text 0123456789")->begin == 5);
  CHECK(values.cut_off("text %30%31%32345")->begin == 5);
  CHECK(values.cut_off("text " + to_base64("0123456789").substr(0, 12))->begin == 5);
  CHECK_FALSE(values.cut_off("text 012"));  // too little to be told from other text
  CHECK_FALSE(values.cut_off("0123456789 "));
  CHECK_FALSE(values.cut_off(""));
  CHECK_FALSE(KnownValues().cut_off("text"));
}

TEST_CASE("known values: too short to be told from other text", "[base]") {
  KnownValues values;
  values.add("PIN", "123");
  values.add("NONE", "");
  CHECK(values.empty());
  CHECK(values.find("123").empty());
}

TEST_CASE("spelling: an escape that is none is left alone", "[base]") {
  for (const char* text : {"%zz", "%2", "\\", "\\q", "\\xg1", "\\u12", "\\u{}", "\\u{1234567}",
                           "&amp", "&#;", "&#xzz;", "&nothing;", "a", ""}) {
    INFO(text);
    CHECK(read_escape(text).count == 0);
  }
  CHECK(read_escape("\\ud83d\\ude00").text() == "\xf0\x9f\x98\x80");
  CHECK(read_escape("\\u{202e}x").length == 8);
}

TEST_CASE("known values: 25 MB against many values in well under a second", "[.][bench]") {
  KnownValues values;
  for (int i = 0; i < 200; ++i) {
    values.add("T" + std::to_string(i), "eyJhbGciOiJIUzI1NiJ9.value-" + std::to_string(i * 7919));
  }
  std::string text;
  while (text.size() < 25'000'000) {
    text += "<td class=\"x\">GET /ws?room=a&amp;user=b \\u{202e} eyJ 200 OK</td>\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(values.first(text));
  const auto took = std::chrono::steady_clock::now() - begin;
  WARN(std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
}
