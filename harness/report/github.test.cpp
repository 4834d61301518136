#include "report/github.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "report/golden.hpp"
#include "report/sample_nights.hpp"
#include "report/sample_run.hpp"

namespace relapse {

namespace {

constexpr const char* token = "0123456789abcdef0123456789abcdef";

/// The commands that a runner obeys: at the start of a line, blanks aside, or "##[" anywhere; none
/// between stop-commands and its token.
std::vector<std::string> commands(const std::string& log) {
  std::vector<std::string> found;
  std::string stopped;
  for (const std::string& line : split(log, '\n')) {
    const std::string command(trim(line));
    if (!stopped.empty()) {
      if (command == "::" + stopped + "::")
        stopped.clear();
      continue;
    }
    if (command.starts_with("::stop-commands::"))
      stopped = command.substr(17);
    else if (command.starts_with("::") || command.find("##[") != std::string::npos)
      found.push_back(command);
  }
  CHECK(stopped.empty());
  return found;
}

std::size_t of_kind(const std::vector<std::string>& all, const std::string& kind) {
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [&](const auto& one) { return one.starts_with("::" + kind + " "); }));
}

}  // namespace

TEST_CASE("github: golden output", "[report]") {
  testing::check_golden("github.txt", github_log(testing::acknowledged_run(),
                                                 testing::sample_nights(), "details\n", token));
}

TEST_CASE("github: a message and a property are encoded", "[report]") {
  CHECK(github_message("50% a:b,c\r\nd") == "50%25 a:b,c%0D%0Ad");
  CHECK(github_property("50% a:b,c\r\nd") == "50%25 a%3Ab%2Cc%0D%0Ad");
}

TEST_CASE("github: nothing that a target says becomes a command", "[report]") {
  const std::string details = testing::nasty_octets() + "\n  ::error::owned\n" +
                              "::0123456789abcdef::\n##[set-env name=x]y";
  const std::string log =
      github_log(testing::nasty_run(), testing::hostile_nights(), details, token);
  const auto found = commands(log);
  for (const std::string& command : found) {
    INFO(command);
    const bool ours = command.starts_with("::group::relapse: ") || command == "::endgroup::" ||
                      command.starts_with("::error file=") ||
                      command.starts_with("::warning file=");
    CHECK(ours);
  }
  CHECK(of_kind(found, "error") == 1);
  CHECK(of_kind(found, "warning") == 1);
  const std::string annotations =
      github_annotations(testing::nasty_run(), testing::hostile_nights());
  CHECK(is_valid_utf8(annotations));
  CHECK(annotations.find_first_of(std::string("\x1b\x07\r\0", 4)) == std::string::npos);
}

TEST_CASE("github: ten annotations of a kind, and the tenth says how many more", "[report]") {
  const Run many = testing::large_run(400, /*all_relapse=*/true);
  const auto found = commands(github_annotations(many));
  CHECK(found.size() == 10);
  CHECK(found.back() ==
        "::error title=relapse::391 more results; the summary of the job names them");
  // What failed in the same way on one target shares one.
  const auto alike = commands(github_annotations(testing::large_run(4000)));
  CHECK(of_kind(alike, "error") == 4);
  CHECK(alike.front().find("and 29 more in the same way") != std::string::npos);
}

TEST_CASE("github: file names count from the repository's root", "[report]") {
  const std::string text = github_annotations(testing::sample_run(), {}, {"/repo", "/repo/chat"});
  CHECK(text.find("::error file=chat/scenarios/protocol/bad-utf8.json,line=31,title=") !=
        std::string::npos);
}

TEST_CASE("github: no annotation for what holds", "[report]") {
  CHECK(github_annotations(testing::holding_run()).empty());
}

}  // namespace relapse
