#include "base/log.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/files.hpp"
#include "catch.hpp"

using namespace relapse;

namespace {

/// Standard error goes to a file while this exists.
class CapturedStderr {
 public:
  explicit CapturedStderr(const std::filesystem::path& path) : saved_(::dup(STDERR_FILENO)) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    REQUIRE(file != nullptr);
    ::dup2(fileno(file), STDERR_FILENO);
    std::fclose(file);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;
  ~CapturedStderr() {
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

}  // namespace

TEST_CASE("log: one safe line a message on standard error, without colour in a file", "[base]") {
  Result<TempDir> dir = TempDir::make("relapse-test");
  REQUIRE(dir.has_value());
  const auto path = dir->path() / "stderr";
  {
    const CapturedStderr captured(path);
    log::set_level(log::Level::info);
    log::debug("not shown");
    log::info("{} is not a format");
    log::warning("from a target: \x1b[2J\nrelapse: info: forged");
    log::set_level(log::Level::error);
    log::warning("not shown");
    log::error("shown");
    log::set_level(log::Level::off);
    log::error("not shown");
    log::set_level(log::Level::debug);
    log::debug("shown too");
    log::set_level(log::Level::info);
  }
  CHECK(*read_file(path) ==
        "relapse: info: {} is not a format\n"
        "relapse: warning: from a target: \\u{1b}[2J\\nrelapse: info: forged\n"
        "relapse: error: shown\n"
        "relapse: debug: shown too\n");
}
