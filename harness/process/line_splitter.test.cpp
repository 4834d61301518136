#include "process/line_splitter.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using relapse::LineSplitter;
using Lines = std::vector<std::string>;

namespace {

struct Collected {
  Lines lines;
  LineSplitter::Sink sink = [this](std::string line) {
    lines.push_back(std::move(line));
    return true;
  };
};

}  // namespace

TEST_CASE("line_splitter: cuts at newlines wherever the chunks end", "[process]") {
  const std::string text = "one\n\ntwo words\nlast";
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    LineSplitter splitter;
    Collected got;
    for (std::size_t at = 0; at < text.size(); at += chunk)
      splitter.feed(std::string_view(text).substr(at, chunk), got.sink);
    INFO("chunks of " << chunk);
    CHECK(got.lines == Lines{"one", "", "two words"});
    splitter.finish(got.sink);
    CHECK(got.lines == Lines{"one", "", "two words", "last"});
  }
}

TEST_CASE("line_splitter: nothing is left to finish after a newline", "[process]") {
  LineSplitter splitter;
  Collected got;
  splitter.feed("whole\n", got.sink);
  splitter.finish(got.sink);
  CHECK(got.lines == Lines{"whole"});
}

TEST_CASE("line_splitter: a line above the limit comes in pieces", "[process]") {
  LineSplitter splitter(4);
  Collected got;
  SECTION("exactly the limit is one line") {
    splitter.feed("abcd\nx\n", got.sink);
    CHECK(got.lines == Lines{"abcd", "x"});
  }
  SECTION("one more is two pieces") {
    splitter.feed("abcde\nx\n", got.sink);
    CHECK(got.lines == Lines{"abcd", "e", "x"});
  }
  SECTION("twice the limit is two pieces and no empty line") {
    splitter.feed("abcdefgh", got.sink);
    splitter.feed("\n", got.sink);
    CHECK(got.lines == Lines{"abcd", "efgh"});
  }
}

TEST_CASE("line_splitter: carriage returns and zero octets are part of the line", "[process]") {
  LineSplitter splitter;
  Collected got;
  splitter.feed(std::string_view("a\r\nb\0c\n", 7), got.sink);
  CHECK(got.lines == Lines{"a\r", std::string("b\0c", 3)});
}

TEST_CASE("line_splitter: a sink that says no gets nothing more", "[process]") {
  LineSplitter splitter;
  Lines lines;
  const LineSplitter::Sink first_only = [&](std::string line) {
    lines.push_back(std::move(line));
    return false;
  };
  CHECK_FALSE(splitter.feed("one\ntwo\n", first_only));
  CHECK(lines == Lines{"one"});
}
