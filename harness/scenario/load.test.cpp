#include "scenario/load.hpp"

#include "base/files.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

std::string scenario(const std::string& ref, const std::string& extra = "") {
  return R"({"title": "t", "incident": {"ref": ")" + ref +
         R"(", "seen": "2025-01-01", "story": "s", "evidence": "e"},)" + extra +
         R"("steps": [{"send": {"bytes": ""}}], "proof": {"relapses_on": ["f"]}})";
}

class Folder {
 public:
  Folder() : dir_(*TempDir::make("load-test")) {}
  void put(const std::string& name, const std::string& text) const {
    REQUIRE(write_file(path() / name, text));
  }
  const fs::path& path() const { return dir_.path(); }

 private:
  TempDir dir_;
};

std::vector<std::string> ids(const std::vector<Scenario>& scenarios) {
  std::vector<std::string> list;
  for (const Scenario& one : scenarios) {
    list.push_back(one.id);
  }
  return list;
}

using Strings = std::vector<std::string>;

/// Paths are shown from the current folder when they lie below it.
std::vector<fs::path> whole(std::vector<fs::path> paths) {
  for (fs::path& path : paths) {
    path = fs::absolute(path);
  }
  return paths;
}

TEST_CASE("load: finds scenarios and nothing else, by id", "[scenario]") {
  const Folder folder;
  for (const char* name : {"b.json", "a/z.json", "a.json", "a/b/c.json"}) {
    folder.put(name, scenario("r"));
  }
  for (const char* name : {"a.proof.json", "scenario.schema.json", "fragments/x.json", ".h.json",
                           ".hidden/y.json", "FORMAT.md", "x.json.bak"}) {
    folder.put(name, "not a scenario");
  }
  const auto loaded = load_scenarios(folder.path());
  REQUIRE(loaded);
  CHECK(ids(loaded->scenarios) == Strings{"a", "a/b/c", "a/z", "b"});
  CHECK(loaded->files == 4);
  CHECK(loaded->errors() == 0);
}

TEST_CASE("load: a folder that is not there is an error", "[scenario]") {
  const auto loaded = load_scenarios(fs::path("/no/such/folder"));
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().kind == ErrorKind::usage);
  CHECK(loaded.error().message ==
        "cannot read the scenarios folder /no/such/folder: No such file or directory");
}

TEST_CASE("load: good files are read beside bad ones", "[scenario]") {
  const Folder folder;
  folder.put("good.json", scenario("r"));
  folder.put("bad.json", "{ \"titel\": 1, }");
  const auto loaded = load_scenarios(folder.path());
  REQUIRE(loaded);
  CHECK(ids(loaded->scenarios) == Strings{"good"});
  CHECK(loaded->bad_files() == 1);
  CHECK(loaded->errors() == 6);
  CHECK(loaded->reports.at(0).text == "{ \"titel\": 1, }");
}

TEST_CASE("load: a file that cannot be read is an error of that file", "[scenario]") {
  const Folder folder;
  const std::vector<fs::path> files{folder.path() / "missing.json"};
  const auto loaded = load_scenarios(files, folder.path());
  CHECK(loaded.errors() == 1);
  CHECK(loaded.bad_files() == 1);
}

TEST_CASE("load: an alias must not be another scenario's id", "[scenario]") {
  const Folder folder;
  folder.put("a.json", scenario("r"));
  folder.put("b.json", scenario("r", R"("aliases": ["a"],)"));
  const auto loaded = load_scenarios(folder.path());
  REQUIRE(loaded);
  CHECK(loaded->errors() == 1);
  CHECK(ids(loaded->scenarios) == Strings{"a"});
}

TEST_CASE("load: an alias must not stand twice", "[scenario]") {
  const Folder folder;
  folder.put("a.json", scenario("r", R"("aliases": ["old"],)"));
  folder.put("b.json", scenario("r", R"("aliases": ["old"],)"));
  folder.put("c.json", scenario("r", R"("aliases": ["older", "older"],)"));
  folder.put("d.json", scenario("r", R"("aliases": ["d"],)"));
  const auto loaded = load_scenarios(folder.path());
  REQUIRE(loaded);
  CHECK(loaded->errors() == 3);
  CHECK(ids(loaded->scenarios) == Strings{"a"});
}

TEST_CASE("load: selectors", "[scenario]") {
  const Folder folder;
  folder.put("ws/close.json", scenario("o/r#1", R"("tags": ["ws", "close"],)"));
  folder.put("ws/open.json", scenario("o/r#2", R"("tags": ["ws"], "aliases": ["old/open"],)"));
  folder.put("http/get.json", scenario("o/r#1"));
  const auto loaded = load_scenarios(folder.path());
  REQUIRE(loaded);
  const auto chosen = [&](const Strings& selectors) {
    const auto result = select_scenarios(loaded->scenarios, selectors);
    return result ? ids(*result) : Strings{result.error().message, result.error().hint};
  };
  CHECK(chosen({}) == Strings{"http/get", "ws/close", "ws/open"});
  CHECK(chosen({"ws/open"}) == Strings{"ws/open"});
  CHECK(chosen({"old/open"}) == Strings{"ws/open"});
  CHECK(chosen({"ws/*"}) == Strings{"ws/close", "ws/open"});
  CHECK(chosen({"*o*e*"}) == Strings{"ws/close", "ws/open"});
  CHECK(chosen({"tag:close"}) == Strings{"ws/close"});
  CHECK(chosen({"incident:o/r#1"}) == Strings{"http/get", "ws/close"});
  CHECK(chosen({"ws/open", "tag:ws"}) == Strings{"ws/close", "ws/open"});
  CHECK(chosen({(folder.path() / "ws/open.json").string()}) == Strings{"ws/open"});
  CHECK(chosen({"ws/opne"}) ==
        Strings{"no scenario is selected by \"ws/opne\"", "did you mean \"ws/open\"?"});
  CHECK(chosen({"open"}) ==
        Strings{"no scenario is selected by \"open\"", "did you mean \"ws/open\"?"});
  CHECK(chosen({"ws/open", "tag:clsoe"}) ==
        Strings{"no scenario is selected by \"tag:clsoe\"", "did you mean \"tag:close\"?"});
  CHECK(chosen({"incident:o/r#3"})[1] == "did you mean \"incident:o/r#1\"?");
  CHECK(chosen({"zzz*"}) ==
        Strings{"no scenario is selected by \"zzz*\"", "relapse list shows them"});
}

TEST_CASE("load: files below the current folder are named from there", "[scenario]") {
  const Folder folder;
  folder.put("s/a.json", scenario("r"));
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  const auto loaded = load_scenarios(fs::current_path() / "s");
  fs::current_path(before);
  REQUIRE(loaded);
  CHECK(loaded->scenarios.at(0).file == "s/a.json");
  CHECK(loaded->scenarios.at(0).id == "a");
}

TEST_CASE("load: globs", "[scenario]") {
  CHECK(glob_matches("*", ""));
  CHECK(glob_matches("a*c", "ac"));
  CHECK(glob_matches("a*c", "abcbc"));
  CHECK(glob_matches("**a", "xa"));
  CHECK_FALSE(glob_matches("a*c", "acb"));
  CHECK_FALSE(glob_matches("a", "ab"));
  CHECK_FALSE(glob_matches("", "a"));
  CHECK_FALSE(glob_matches("*a*a*a*a*a*a*b", std::string(2000, 'a')));
}

TEST_CASE("load: targets by name and by path", "[scenario]") {
  const Folder folder;
  folder.put("local.json", "{}");
  folder.put("staging.json", "{}");
  CHECK(target_names(folder.path()) == Strings{"local", "staging"});
  CHECK(fs::absolute(*find_target("local", folder.path())) == folder.path() / "local.json");
  const std::string path = (folder.path() / "staging.json").string();
  CHECK(*find_target(path, folder.path()) == path);
  const auto typo = find_target("stagng", folder.path());
  REQUIRE_FALSE(typo);
  CHECK(typo.error().message == "no target is called \"stagng\"");
  CHECK(typo.error().hint == "did you mean \"staging\"?");
  CHECK(find_target("x", folder.path()).error().hint == "the targets are: local, staging");
  CHECK(find_target("x", "/no/such/folder").error().hint ==
        "there is no target file in /no/such/folder");
  CHECK_FALSE(find_target("", folder.path()));
}

TEST_CASE("load: which files check reads", "[scenario]") {
  const Folder folder;
  folder.put("s/a.json", "{}");
  folder.put("s/sub/b.json", "{}");
  folder.put("t/x.json", "{}");
  const fs::path s = folder.path() / "s", t = folder.path() / "t";
  CHECK(whole(*files_to_read({}, s, t)) ==
        std::vector<fs::path>{s / "a.json", s / "sub/b.json", t / "x.json"});
  const Strings named{"other.json", (s / "sub").string()};
  CHECK(whole(*files_to_read(named, s, t)) ==
        std::vector<fs::path>{fs::absolute("other.json"), s / "sub/b.json"});
}

TEST_CASE("load: what a target looks like", "[scenario]") {
  CHECK(looks_like_target(R"({"address": "x"})"));
  CHECK(looks_like_target(R"({"launch": {}} // c)"));
  CHECK_FALSE(looks_like_target(R"({"steps": [], "address": "x"})"));
  CHECK_FALSE(looks_like_target("{}"));
  CHECK_FALSE(looks_like_target("{"));
}

}  // namespace
}  // namespace relapse
