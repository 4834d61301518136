#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "catch.hpp"

using namespace relapse;
namespace fs = std::filesystem;

namespace {

TempDir temp_dir() {
  Result<TempDir> made = TempDir::make("relapse-test");
  REQUIRE(made.has_value());
  return std::move(*made);
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("files: what is written is read back, folders are made", "[base]") {
  const TempDir dir = temp_dir();
  const fs::path path = dir.path() / "a" / "b" / "c.bin";
  std::string content(200'000, 'x');
  content[7] = '\0';
  content[8] = '\n';
  REQUIRE(write_file(path, content).has_value());
  const Result<std::string> back = read_file(path);
  REQUIRE(back.has_value());
  CHECK(*back == content);
  REQUIRE(write_file(path, "").has_value());
  CHECK(*read_file(path) == "");
  CHECK(entries(path.parent_path()) == 1);
}

TEST_CASE("files: reading is bounded and its errors are usage errors", "[base]") {
  const TempDir dir = temp_dir();
  const fs::path path = dir.path() / "ten";
  REQUIRE(write_file(path, "0123456789").has_value());
  CHECK(read_file(path, 10).has_value());
  const Result<std::string> larger = read_file(path, 9);
  REQUIRE_FALSE(larger.has_value());
  CHECK(larger.error().kind == ErrorKind::usage);
  CHECK(larger.error().message ==
        "cannot read \"" + path.string() + "\": it is larger than 9 bytes");
  CHECK(larger.error().at.file == path.string());
  const Result<std::string> missing = read_file(dir.path() / "no");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message ==
        "cannot read \"" + (dir.path() / "no").string() + "\": No such file or directory");
  const Result<std::string> folder = read_file(dir.path());
  REQUIRE_FALSE(folder.has_value());
  CHECK(folder.error().message == "cannot read \"" + dir.path().string() + "\": Is a directory");
  CHECK_FALSE(read_file("/dev/zero", 1000).has_value());
}

TEST_CASE("files: a reader sees the old file or the new one, never a part", "[base]") {
  const TempDir dir = temp_dir();
  const fs::path path = dir.path() / "page.html";
  const std::string old_content(300'000, 'o');
  const std::string new_content(500'000, 'n');
  REQUIRE(write_file(path, old_content).has_value());
  std::atomic<bool> stop = false;
  std::atomic<bool> torn = false;
  std::atomic<int> reads = 0;
  std::thread reader([&] {
    while (!stop) {
      const Result<std::string> seen = read_file(path);
      if (!seen || (*seen != old_content && *seen != new_content)) {
        torn = true;
      }
      ++reads;
    }
  });
  while (reads < 1) {
    std::this_thread::yield();
  }
  for (int i = 0; i < 100; ++i) {
    CHECK(write_file(path, i % 2 == 0 ? new_content : old_content).has_value());
  }
  stop = true;
  reader.join();
  CHECK_FALSE(torn);
  CHECK(reads > 1);
}

TEST_CASE("files: a failed write leaves the old file and nothing else", "[base]") {
  const TempDir dir = temp_dir();
  const fs::path path = dir.path() / "folder";
  fs::create_directory(path);
  std::ofstream(path / "kept") << "kept";
  const Result<void> onto_folder = write_file(path, "x");
  REQUIRE_FALSE(onto_folder.has_value());
  CHECK(onto_folder.error().kind == ErrorKind::environment);
  CHECK(onto_folder.error().message == "cannot write \"" + path.string() + "\": Is a directory");
  CHECK(*read_file(path / "kept") == "kept");
  // A file where a folder would have to be.
  CHECK_FALSE(write_file(path / "kept" / "below", "x").has_value());
  CHECK(*read_file(path / "kept") == "kept");
  CHECK(entries(dir.path()) == 1);
  CHECK(entries(path) == 1);
}

TEST_CASE("files: mode, links and pipes survive a write", "[base]") {
  const TempDir dir = temp_dir();
  const fs::path path = dir.path() / "real";
  REQUIRE(write_file(path, "one").has_value());
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  const fs::path link = dir.path() / "link";
  fs::create_symlink("real", link);
  REQUIRE(write_file(link, "two").has_value());
  CHECK(fs::is_symlink(link));
  CHECK(*read_file(path) == "two");
  CHECK(fs::status(path).permissions() == fs::perms{0640});
  const fs::path pipe = dir.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(write_file(pipe, "three").has_value());
  CHECK(fs::is_fifo(pipe));
  std::array<char, 16> block{};
  CHECK(::read(reader, block.data(), block.size()) == 5);
  ::close(reader);
  const std::string long_name(250, 'n');
  CHECK(write_file(dir.path() / long_name, "x").has_value());
}

TEST_CASE("files: a TempDir is private and goes away with its object", "[base]") {
  fs::path first_path;
  fs::path second_path;
  {
    TempDir first = temp_dir();
    TempDir second = temp_dir();
    first_path = first.path();
    second_path = second.path();
    CHECK(first_path != second_path);
    CHECK(fs::status(first_path).permissions() == fs::perms{0700});
    REQUIRE(write_file(first_path / "deep" / "file", "x").has_value());
    TempDir moved = std::move(first);
    CHECK(moved.path() == first_path);
    CHECK(fs::exists(first_path / "deep" / "file"));
    moved = std::move(second);
    CHECK(moved.path() == second_path);
  }
  CHECK_FALSE(fs::exists(first_path));
  CHECK_FALSE(fs::exists(second_path));
}
