#include "cli/usage.hpp"

#include "base/text.hpp"
#include "catch.hpp"
#include "cli/completion.hpp"
#include "cli/help.hpp"
#include "report/layout.hpp"

namespace relapse {
namespace {

OptionInfo flag(std::vector<std::string> names, std::string text = "What it does") {
  OptionInfo info;
  info.names = std::move(names);
  info.text = std::move(text);
  return info;
}

OptionInfo valued(std::vector<std::string> names, std::string value) {
  OptionInfo info = flag(std::move(names));
  info.takes_value = true;
  info.value = std::move(value);
  return info;
}

OptionTable sample() {
  OptionTable table;
  table.root.options = {flag({"-q", "--quiet"}), valued({"--config"}, "FILE")};
  OptionInfo selector = valued({"SELECTOR"}, "SELECTOR");
  selector.positional = true;
  selector.repeats = true;
  OptionInfo plane = valued({"--plane"}, "VALUE");
  plane.choices = {"wire", "asgi"};
  OptionInfo fast = flag({"--fail-fast"}, "Stop after the first relapse, or after N of them");
  fast.optional_value = true;
  fast.value = "N";
  table.commands = {
      {"run",
       "Replay scenarios on targets and judge them",
       {selector, valued({"-t", "--target"}, "TARGET"), valued({"--retries"}, "N"), plane, fast}},
      {"check", "Validate files; nothing is sent", {flag({"--json"})}}};
  return table;
}

}  // namespace

TEST_CASE("usage: a misspelt flag or command is suggested", "[cli]") {
  const OptionTable table = sample();
  Error error = unexpected_word(table, "run", "--retrys=3");
  CHECK(error.message == "unknown flag --retrys");
  CHECK(error.hint == "did you mean --retries?");
  CHECK(unexpected_word(table, "run", "--qiet").hint == "did you mean --quiet?");
  CHECK(unexpected_word(table, "run", "--json").hint == "relapse check --json");
  CHECK(unexpected_word(table, "run", "--frobnicate").hint == "relapse help run");
  error = unexpected_word(table, "", "rnu");
  CHECK(error.message == "unknown command \"rnu\"");
  CHECK(error.hint == "did you mean relapse run?");
  CHECK(unexpected_word(table, "", "xyzzy").hint == "relapse --help");
  CHECK(unexpected_word(table, "check", "a\x1b[31m").message ==
        "relapse check takes no argument \"a\\u{1b}[31m\"");
}

TEST_CASE("usage: the parser's sentences in plain words", "[cli]") {
  CHECK(plain_words("Could not convert: --jobs = x") == "--jobs takes a number, not \"x\"");
  CHECK(plain_words("--jobs: Value 100 not in range 1 to 64") ==
        "--jobs takes a number from 1 to 64, not \"100\"");
  CHECK(plain_words("--jobs: 1 required INT missing") == "--jobs needs a value");
  CHECK(plain_words("--plane: wir not in {wire,asgi}") ==
        "--plane takes wire or asgi, not \"wir\"; did you mean wire?");
  CHECK(plain_words("--no-tests: x not in {fail->0,pass->1} OR {0,1}") ==
        "--no-tests takes fail or pass, not \"x\"");
  CHECK(plain_words("--plain excludes --json") == "--plain and --json cannot be given together");
  CHECK(plain_words("shell is required") == "shell is missing");
  CHECK(plain_words("something else") == "something else");
}

TEST_CASE("help: short enough for a screen", "[cli]") {
  const std::string root = root_help(sample());
  for (const std::string& text :
       {root, short_help(), command_help(sample().commands[0]), help_topics()[0].text,
        help_topics()[1].text, help_topics()[2].text, help_topics()[3].text, help_topics()[4].text,
        help_topics()[5].text}) {
    for (const std::string& line : split(text, '\n')) {
      INFO(line);
      CHECK(layout::width(line) <= 80);
    }
  }
  CHECK(split(root, '\n').size() <= 61);
  CHECK(command_help(sample().commands[0]).find("--fail-fast[=N]") != std::string::npos);
}

TEST_CASE("completion: every command, flag and value is offered", "[cli]") {
  const OptionTable table = sample();
  for (const std::string& script :
       {bash_completion(table), zsh_completion(table), fish_completion(table)}) {
    for (const char* word : {"run", "check", "target", "plane", "wire asgi", "fail-fast"}) {
      INFO(word);
      CHECK(script.find(word) != std::string::npos);
    }
    CHECK(script.find("targets") != std::string::npos);
  }
  CHECK(shell_quoted("it's") == "'it'\\''s'");
}

TEST_CASE("man page: roff that takes hyphens and quotes for what they are", "[cli]") {
  const std::string page = man_page(sample());
  CHECK(page.find(".SS relapse run") != std::string::npos);
  CHECK(page.find("\\fB\\-\\-fail\\-fast\\fR[=\\fIN\\fR]") != std::string::npos);
  CHECK(page.find("\n'") == std::string::npos);
}

}  // namespace relapse
