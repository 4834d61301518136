#include "codec/log_entries.hpp"

#include <string>
#include <vector>

#include "base/text.hpp"
#include "catch.hpp"

using namespace relapse;
using Entries = std::vector<std::string>;

namespace {

struct Joined {
  EntryJoiner joiner;
  Entries entries;
  EntryJoiner::Sink sink = [this](std::string entry) { entries.push_back(std::move(entry)); };

  Joined& feed(std::string_view text) {
    for (std::string& line : split(text, '\n')) {
      joiner.line(std::move(line), sink);
    }
    return *this;
  }
};

/// What the text becomes when nothing follows.
Entries entries_of(std::string_view text) {
  Joined joined;
  joined.feed(text);
  joined.joiner.flush(joined.sink);
  CHECK_FALSE(joined.joiner.pending());
  return joined.entries;
}

const std::string frames =
    "Traceback (most recent call last):\n"
    "  File \"app.py\", line 3, in handler\n"
    "    user = scope[\"user\"]\n"
    "           ~~~~~^^^^^^^^";
const std::string traceback = frames + "\nKeyError: 'user'";
const std::string during =
    "\n\nDuring handling of the above exception, another exception occurred:\n\n";
const std::string cause =
    "\n\nThe above exception was the direct cause of the following exception:\n\n";

}  // namespace

TEST_CASE("log_entries: one record and its traceback, as each server writes them", "[codec]") {
  const std::vector<std::string> whole{
      "ERROR:    Exception in ASGI application\n" + traceback,
      "[2025-09-11 10:00:00 +0000] [12] [ERROR] Exception in worker process\n" + traceback,
      "[2025-09-11 10:00:00 +0000] [12] [ERROR] Error in ASGI Framework\n" + traceback,
      "2025-09-11 10:00:00,123 ERROR chat.session: failed\n" + traceback,
      "2025-09-11 10:00:00 failed\n" + traceback,
      "WARNING:  Invalid HTTP request received.\n" + traceback,
      // daphne: frames without a heading, and the message indented
      "2025-09-11 10:00:00,000 ERROR    Exception inside application: boom\n"
      "  File \"app.py\", line 3, in handler\n    raise E\n  boom",
      // Twisted: everything behind the record has a tab before it
      "2025-09-11T10:00:00+0000 [-] Unhandled Error\n"
      "\tTraceback (most recent call last):\n\t  File \"a.py\", line 1\n\tbuiltins.KeyError: "
      "'x'\n\t",
      // asyncio: context lines, and where the object was made
      "Task exception was never retrieved\n"
      "future: <Task finished name='Task-9' coro=<f() done> exception=KeyError('user')>\n" +
          traceback,
      "ERROR:asyncio:Task was destroyed but it is pending!\n"
      "task: <Task pending name='Task-3'>",
      "ERROR:    failed\n" + traceback + during + traceback + cause + traceback,
      "ERROR:    failed\n" + frames + "\nsocket.timeout",
      "ERROR:    failed\n" + frames + "\nKeyboardInterrupt",
      "ERROR:    failed\n" + frames + "\npydantic.ValidationError: 1 error\n  field required",
      "ERROR:    failed\n  + Exception Group Traceback (most recent call last):\n"
      "  |   File \"a.py\", line 1\n  | ExceptionGroup: two (2 sub-exceptions)\n"
      "  +-+---------------- 1 ----------------\n    | KeyError: 'a'\n"
      "    +------------------------------------",
  };
  for (const std::string& entry : whole) {
    INFO(entry);
    CHECK(entries_of(entry) == Entries{entry});
    const std::string around = "INFO:     before\n" + entry + "\nINFO:     after";
    CHECK(entries_of(around) == Entries{"INFO:     before", entry, "INFO:     after"});
    CHECK(entries_of(entry + "\n" + entry) == Entries{entry, entry});
  }
}

TEST_CASE("log_entries: what is no traceback stays line by line", "[codec]") {
  for (const std::string text :
       {"one\ntwo\nthree", "INFO:     a\n  indented\nb", "a\n\nb", "\n\n",
        "KeyError: 'user'\nfuture",
        "127.0.0.1:5 - - [11/Sep/2025:10:00:00] \"GET / HTTP/1.1\" 200 -\n  File \"x\"",
        R"({"message": "a"})"
        "\n"
        R"({"message": "b"})"}) {
    INFO(text);
    CHECK(entries_of(text) == split(text, '\n'));
  }
  // A quiet record has no traceback: it belongs to somebody else.
  CHECK(entries_of("INFO:     \"GET /\" 200 OK\n" + traceback) ==
        Entries{"INFO:     \"GET /\" 200 OK", traceback});
  // Behind the exception's line a blank line and anything but a chain ends the entry.
  CHECK(entries_of("ERROR: x\n" + traceback + "\n\nready") ==
        Entries{"ERROR: x\n" + traceback, "", "ready"});
  CHECK(entries_of("ERROR: x\n" + traceback + "\nready") ==
        Entries{"ERROR: x\n" + traceback, "ready"});
}

TEST_CASE("log_entries: a traceback that is cut off", "[codec]") {
  CHECK(entries_of("ERROR: x\n" + frames) == Entries{"ERROR: x\n" + frames});
  CHECK(entries_of("ERROR: x\n" + traceback + during + frames) ==
        Entries{"ERROR: x\n" + traceback + during + frames});
  CHECK(entries_of("ERROR: x\n" + frames + "\nlisten on 8000\n" + "x") ==
        Entries{"ERROR: x\n" + frames, "listen on 8000", "x"});
}

TEST_CASE("log_entries: interleaved workers", "[codec]") {
  // A record in the middle of a traceback is delivered by itself; the traceback goes on.
  const std::string access = "INFO:     127.0.0.1:5 - \"GET / HTTP/1.1\" 200 OK";
  CHECK(entries_of("ERROR: x\n" + frames + "\n" + access + "\nKeyError: 'user'") ==
        Entries{access, "ERROR: x\n" + traceback});
  const std::string json = R"({"severity": "INFO", "message": "KeyError: 'no'"})";
  CHECK(entries_of("ERROR: x\n" + frames + "\n" + json + "\nKeyError: 'user'") ==
        Entries{json, "ERROR: x\n" + traceback});
  // Two tracebacks at once: every line is in some entry, and both records are found.
  const Entries both = entries_of("ERROR: a\nTraceback (most recent call last):\n  File \"a\"\n" +
                                  ("ERROR: b\n" + frames) + "\nKeyError: 'a'\nValueError: 'b'");
  CHECK(both == Entries{"ERROR: b", "ERROR: a\nTraceback (most recent call last):\n  File \"a\"",
                        frames + "\nKeyError: 'a'", "ValueError: 'b'"});
}

TEST_CASE("log_entries: what is delivered when", "[codec]") {
  Joined joined;
  joined.feed("INFO:     access");
  CHECK(joined.entries.size() == 1);  // quiet: nothing can follow
  CHECK_FALSE(joined.joiner.pending());
  joined.feed("ERROR: x");
  CHECK(joined.entries.size() == 1);
  CHECK(joined.joiner.pending());
  const std::size_t before = joined.joiner.size();
  joined.feed(frames);
  CHECK(joined.joiner.size() > before);
  CHECK(joined.entries.size() == 1);
  joined.feed("KeyError: 'user'\n");
  CHECK(joined.entries.size() == 1);
  joined.feed("ERROR: y");
  CHECK(joined.entries == Entries{"INFO:     access", "ERROR: x\n" + traceback, ""});
  joined.joiner.flush(joined.sink);
  joined.joiner.flush(joined.sink);
  CHECK(joined.entries.size() == 4);
}

TEST_CASE("log_entries: an entry without an end needs no memory without an end", "[codec]") {
  Joined joined;
  joined.feed("ERROR: x\nTraceback (most recent call last):");
  const std::string frame = "  File \"" + std::string(1000, 'x') + "\"";
  for (int i = 0; i < 1000; ++i) {
    joined.feed(frame);
    REQUIRE(joined.joiner.size() <= EntryJoiner::max_entry + frame.size());
  }
  CHECK(joined.entries.size() == 3);
}

TEST_CASE("log_entries: what a JSON entry says", "[codec]") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"textPayload": "boom", "severity": "ERROR"})", "boom"},
      {R"({"jsonPayload": {"message": "inner"}, "message": "outer"})", "inner"},
      {R"({"jsonPayload": {"code": 1}, "textPayload": "t"})", "t"},
      {R"({"message": "m", "level": "info"})", "m"},
      {R"({"msg": "m"})", "m"},
      {R"({"event": "m"})", "m"},
      {R"({"message": "m", "exc_info": "Traceback\nKeyError: 1"})", "m\nTraceback\nKeyError: 1"},
      {R"({"message": "m", "error": {"stack_trace": "at x"}})", "m\nat x"},
      {R"({"jsonPayload": {"message": "m"}, "exception": "KeyError"})", "m\nKeyError"},
      {R"({"message": 5, "x": "y"})", R"({"message": 5, "x": "y"})"},
      {R"({"message": "cut)", R"({"message": "cut)"},
      {"{}", "{}"},
      {R"(["message"])", R"(["message"])"},
      {"plain", "plain"},
      {"", ""},
  };
  for (const auto& [entry, text] : cases) {
    INFO(entry);
    CHECK(entry_text(entry) == text);
  }
}
