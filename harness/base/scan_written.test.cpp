#include "base/scan_written.hpp"

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "catch.hpp"

using namespace relapse;

TEST_CASE("scan_written: a file that holds a secret is removed and named, the value is not",
          "[base]") {
  auto dir = TempDir::make("relapse-test");
  REQUIRE(dir);
  KnownValues values;
  values.add("secret:KEY", "hunter2-hunter2");
  const auto clean = dir->path() / "index.html";
  REQUIRE(write_file(clean, "nothing of the kind"));
  CHECK(scan_written(dir->path(), values));

  const auto spelling =
      GENERATE(as<std::string>{}, "hunter2-hunter2", "%68unter2-hunter2", "aHVudGVyMi1odW50ZXIy");
  const auto leak = dir->path() / "data" / "run.json";
  REQUIRE(write_file(leak, "x" + spelling + "y"));
  const auto wrong = scan_written(dir->path(), values);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().kind == ErrorKind::environment);
  CHECK(wrong.error().message == "a secret was about to be kept: " + leak.string() +
                                     " holds secret:KEY; the file was removed");
  CHECK_FALSE(std::filesystem::exists(leak));
  CHECK(std::filesystem::exists(clean));
  CHECK(scan_written(dir->path(), values));
  CHECK(scan_written(dir->path() / "gone", values));

  CHECK(scan_text("quiet", "stdout", values));
  const auto loud = scan_text("x" + spelling, "stdout", values);
  REQUIRE_FALSE(loud);
  CHECK(loud.error().message == "a secret was about to be kept: stdout holds secret:KEY");
}
