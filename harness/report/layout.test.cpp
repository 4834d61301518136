#include "report/layout.hpp"

#include "catch.hpp"

namespace relapse::layout {

TEST_CASE("layout: width counts terminal cells", "[report]") {
  CHECK(width("") == 0);
  CHECK(width("abc") == 3);
  CHECK(width("é…→") == 3);
  CHECK(width("日本") == 4);
  CHECK(width("e\u0301") == 1);
  CHECK(width("🙂") == 2);
}

TEST_CASE("layout: fit never passes the limit and never tears a character", "[report]") {
  CHECK(fit("abcdef", 6) == "abcdef");
  CHECK(fit("abcdef", 4) == "abc…");
  CHECK(fit("日本語", 4) == "日…");
  CHECK(fit("日本語", 5) == "日本…");
  CHECK(fit("abcdef", 4, "...") == "a...");
  CHECK(fit("abc", 0).empty());
  CHECK(fit("é", 1) == "é");
}

TEST_CASE("layout: pad and two ends", "[report]") {
  CHECK(pad("é", 3) == "é  ");
  CHECK(pad("abc", 2) == "abc");
  CHECK(two_ends("left", "right", 30) == "left" + std::string(21, ' ') + "right");
  CHECK(two_ends("left", "", 30) == "left");
  // The left end is cut, the right end stays whole.
  CHECK(two_ends(std::string(40, 'x'), "right", 40) == std::string(32, 'x') + "…  right");
  // A right end that would leave no room goes below.
  CHECK(two_ends("left", std::string(30, 'r'), 40) ==
        "left\n" + std::string(14, ' ') + std::string(25, 'r') + "…");
}

TEST_CASE("layout: wrap breaks at spaces, and cuts the last line", "[report]") {
  using Lines = std::vector<std::string>;
  CHECK(wrap("one two three", 20, 2) == Lines{"one two three"});
  CHECK(wrap("one two three", 8, 3) == Lines{"one two", "three"});
  CHECK(wrap("one two three four", 8, 2) == Lines{"one two", "three f…"});
  CHECK(wrap("abcdefghij", 4, 3) == Lines{"abcd", "efgh", "ij"});
  CHECK(wrap("日本語日本語", 5, 9) == Lines{"日本", "語日", "本語"});
  CHECK(wrap("", 5, 2) == Lines{""});
  CHECK(wrap("日本", 1, 9) == Lines{"…"});
}

TEST_CASE("layout: ASCII only", "[report]") {
  CHECK(to_ascii("✓ a → b … ≈") == "+ a > b ... ~");
  CHECK(to_ascii("日é") == "\\u{65e5}\\u{e9}");
}

TEST_CASE("layout: hex dump", "[report]") {
  CHECK(hex_dump("", "").empty());
  const std::string dump = hex_dump(std::string("0123456789abcdef\n\xff", 18), "");
  CHECK(dump ==
        "000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n"
        "000010  0a ff" +
            std::string(43, ' ') + "  ..\n");
}

}  // namespace relapse::layout
