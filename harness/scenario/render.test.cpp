#include "base/bytes.hpp"
#include "catch.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/reader.hpp"

namespace relapse {
namespace {

Diagnostic at(int line, int column, int length) {
  Diagnostic diagnostic;
  diagnostic.message = "wrong";
  diagnostic.at = {"f.json", line, column};
  diagnostic.length = length;
  return diagnostic;
}

std::string caret_line(const Diagnostic& diagnostic, std::string_view text) {
  const std::string out = render(diagnostic, text);
  std::size_t start = 0;
  for (int i = 0; i < 4; ++i) {
    start = out.find('\n', start) + 1;
  }
  return out.substr(start, out.find('\n', start) - start);
}

TEST_CASE("render: the block of the specification", "[scenario]") {
  std::string text(30, '\n');
  text += "    { \"exepct\": { \"close\": { \"code\": 1007 } } },\n";
  Diagnostic diagnostic = at(31, 7, 8);
  diagnostic.message = "unknown key \"exepct\" in step 3";
  diagnostic.at.file = "scenarios/ws/bad-utf8.json";
  diagnostic.label = "did you mean \"expect\"?";
  diagnostic.note = "a step is one of: send, expect";
  CHECK(render(diagnostic, text) ==
        "error: unknown key \"exepct\" in step 3\n"
        "  --> scenarios/ws/bad-utf8.json:31:7\n"
        "   |\n"
        "31 |     { \"exepct\": { \"close\": { \"code\": 1007 } } },\n"
        "   |       ^^^^^^^^ did you mean \"expect\"?\n"
        "   = a step is one of: send, expect\n");
  CHECK(error_summary(2, 1, 57) == "2 errors in 1 of 57 files. Nothing was sent to any target.");
  CHECK(error_summary(1, 1, 1) == "1 error in 1 of 1 file. Nothing was sent to any target.");
}

TEST_CASE("render: carets count cells, not octets", "[scenario]") {
  CHECK(caret_line(at(1, 2, 1), "\tx") == "  |     ^");
  CHECK(caret_line(at(1, 4, 1), "ab\tx") == "  |     ^");
  CHECK(caret_line(at(1, 7, 1), "\xe6\x97\xa5\xe6\x9c\xacx") == "  |     ^");
  CHECK(caret_line(at(1, 1, 6), "\xe6\x97\xa5\xe6\x9c\xacx") == "  | ^^^^");
  CHECK(caret_line(at(1, 4, 1), "e\xcc\x81x") == "  |  ^");
  CHECK(caret_line(at(1, 2, 1), "\xffx") == "  |     ^");
  CHECK(caret_line(at(1, 4, 1), "\xe2\x80\x8bx") == "  |         ^");
}

TEST_CASE("render: nothing that a terminal would obey goes through", "[scenario]") {
  const std::string out = render(at(1, 1, 1), "\x1b[31m\x07 \xe2\x80\xae \xc3");
  CHECK(out.find('\x1b') == std::string::npos);
  CHECK(out.find('\x07') == std::string::npos);
  CHECK(out.find("\\u{1b}[31m\\u{7} \\u{202e} \\xc3") != std::string::npos);
  CHECK(is_valid_utf8(out));
}

TEST_CASE("render: a long line is cut around the caret", "[scenario]") {
  const std::string text = std::string(500, 'a') + "HERE" + std::string(500, 'b');
  const std::string out = render(at(1, 501, 4), text);
  CHECK(out.find("aHEREb") != std::string::npos);
  std::size_t start = 0;
  while (start < out.size()) {
    const std::size_t end = out.find('\n', start);
    CHECK(display_width(out.substr(start, end - start)) <= 100);
    start = end + 1;
  }
  const std::string carets = caret_line(at(1, 501, 4), text);
  const std::size_t line = out.find("1 | ") + 4;
  const std::string shown = out.substr(line, out.find('\n', line) - line);
  const std::size_t here = shown.find("HERE");
  CHECK(carets.find("^^^^") - 4 == display_width(shown.substr(0, here)));
}

TEST_CASE("render: a place beyond the text is no harm", "[scenario]") {
  CHECK(render(at(9, 80, 3), "x").find(" | ^\n") != std::string::npos);
  CHECK(render(at(1, 80, 3), "x").find(" |  ^\n") != std::string::npos);
}

TEST_CASE("diagnostics: twenty errors are shown and the rest counted", "[scenario]") {
  std::vector<Diagnostic> many;
  for (int i = 0; i < 25; ++i) {
    Diagnostic one = at(1, i + 1, 1);
    one.offset = static_cast<std::size_t>(25 - i);
    many.push_back(one);
  }
  Diagnostic note = at(1, 1, 1);
  note.severity = Diagnostic::Severity::note;
  note.offset = 99;
  many.push_back(note);
  const auto shown = finish(many, "f.json");
  CHECK(shown.size() == 22);
  CHECK(shown.back().message == "5 more errors in this file");
  CHECK(error_count(shown) == 25);
  CHECK(shown[0].offset == 1);
}

}  // namespace
}  // namespace relapse
