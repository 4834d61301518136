#include "process/file_follower.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "catch.hpp"

using namespace relapse;
using Lines = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

void append(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

struct Followed {
  TempDir dir = std::move(*TempDir::make("relapse-follow"));
  fs::path path = dir.path() / "x.log";
  Lines lines;
  LineSplitter::Sink sink = [this](std::string line) {
    lines.push_back(std::move(line));
    return true;
  };

  Lines poll(FileFollower& follower) {
    lines.clear();
    follower.poll(sink);
    return lines;
  }
  Lines finish(FileFollower& follower) {
    lines.clear();
    follower.finish(sink);
    return lines;
  }
};

}  // namespace

TEST_CASE("file_follower: what is appended, without what was there", "[process]") {
  Followed f;
  append(f.path, "old\nold without end");
  FileFollower follower(f.path.string());
  CHECK(follower.seen());
  CHECK(f.poll(follower).empty());
  append(f.path, "one\ntw");
  CHECK(f.poll(follower) == Lines{"one"});
  append(f.path, "o\n");
  CHECK(f.poll(follower) == Lines{"two"});
  append(f.path, "cut off");
  CHECK(f.poll(follower).empty());
  CHECK(f.finish(follower) == Lines{"cut off"});
  CHECK(f.finish(follower).empty());
}

TEST_CASE("file_follower: a file that comes late is read from its beginning", "[process]") {
  Followed f;
  FileFollower follower(f.path.string());
  CHECK(f.poll(follower).empty());
  CHECK_FALSE(follower.seen());
  append(f.path, "first\n");
  CHECK(f.poll(follower) == Lines{"first"});
  CHECK(follower.seen());
}

TEST_CASE("file_follower: rotation loses nothing", "[process]") {
  Followed f;
  FileFollower follower(f.path.string());
  append(f.path, "a\n");
  CHECK(f.poll(follower) == Lines{"a"});
  append(f.path, "b\n");
  const fs::path old = f.dir.path() / "x.log.1";
  fs::rename(f.path, old);
  CHECK(f.poll(follower) == Lines{"b"});  // nothing in its place yet
  append(old, "c\n");
  append(f.path, "d\n");
  CHECK(f.poll(follower) == Lines{"c", "d"});
  append(old, "late\n");  // a writer that has not reopened yet
  append(f.path, "e\n");
  CHECK(f.poll(follower) == Lines{"late", "e"});
  fs::rename(f.path, old);
  append(f.path, "f\n");
  CHECK(f.poll(follower) == Lines{"f"});
}

TEST_CASE("file_follower: truncation, and removal and creation", "[process]") {
  Followed f;
  FileFollower follower(f.path.string());
  append(f.path, "a long first line\nhalf");
  CHECK(f.poll(follower) == Lines{"a long first line"});
  fs::resize_file(f.path, 0);
  append(f.path, "b\n");
  CHECK(f.poll(follower) == Lines{"half", "b"});
  fs::remove(f.path);
  CHECK(f.poll(follower).empty());
  append(f.path, "c\n");
  CHECK(f.poll(follower) == Lines{"c"});
}

TEST_CASE("file_follower: a directory is no log, and more than one chunk is read", "[process]") {
  Followed f;
  FileFollower folder(f.dir.path().string());
  CHECK(f.poll(folder).empty());
  CHECK_FALSE(folder.seen());
  FileFollower follower(f.path.string());
  std::string many;
  for (int i = 0; i < 50000; ++i) {
    many += std::to_string(i) + "\n";
  }
  append(f.path, many);
  CHECK(f.poll(follower).size() == 50000);
}
