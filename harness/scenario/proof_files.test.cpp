#include "scenario/proof_files.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

Scenario scenario(const fs::path& folder, const std::string& file, const std::string& id) {
  Scenario made;
  made.id = id;
  made.file = (folder / file).string();
  return made;
}

Proof proof(const std::string& id, const std::string& digest = "d") {
  return {id, digest, "2025-01-01", {{"t", "f", "c", ProofResult::discriminates, "seen"}}};
}

TEST_CASE("proof files: one for a scenario, one for all cases of a file", "[scenario][proof]") {
  const auto dir = TempDir::make("proof-files-test");
  REQUIRE(dir);
  const fs::path& folder = dir->path();
  const Scenario alone = scenario(folder, "a/one.json", "a/one");
  const Scenario first = scenario(folder, "a/many.json", "a/many/x");
  const Scenario second = scenario(folder, "a/many.json", "a/many/b");
  ProofFiles files;
  files.put(alone, proof("a/one"));
  files.put(first, proof("a/many/x"));
  files.put(second, proof("a/many/b"));
  REQUIRE(files.write());

  CHECK(Json::parse(*read_file(folder / "a/one.proof.json"))["format"] == "relapse-proof");
  const Json many = Json::parse(*read_file(folder / "a/many.proof.json"));
  CHECK(many["format"] == "relapse-proofs");
  REQUIRE(many["proofs"].size() == 2);
  CHECK(many["proofs"][0]["scenario"] == "a/many/b");

  ProofFiles again;
  for (const Scenario& one : {alone, first, second}) {
    const auto found = again.find(one);
    REQUIRE(found);
    REQUIRE(*found);
    CHECK(**found == proof(one.id));
  }
  const auto none = again.find(scenario(folder, "a/many.json", "a/many/new"));
  REQUIRE(none);
  CHECK_FALSE(*none);
  const auto nowhere = again.find(scenario(folder, "b.json", "b"));
  REQUIRE(nowhere);
  CHECK_FALSE(*nowhere);
}

TEST_CASE("proof files: a case is replaced and the others stay", "[scenario][proof]") {
  const auto dir = TempDir::make("proof-files-test");
  REQUIRE(dir);
  const Scenario x = scenario(dir->path(), "many.json", "many/x");
  const Scenario y = scenario(dir->path(), "many.json", "many/y");
  ProofFiles before;
  before.put(x, proof("many/x"));
  before.put(y, proof("many/y"));
  REQUIRE(before.write());
  ProofFiles after;
  after.put(y, proof("many/y", "new"));
  REQUIRE(after.write());
  ProofFiles read;
  CHECK((**read.find(x)).digest == "d");
  CHECK((**read.find(y)).digest == "new");
}

TEST_CASE("proof files: of a scenario that became cases nothing is kept", "[scenario][proof]") {
  const auto dir = TempDir::make("proof-files-test");
  REQUIRE(dir);
  const Scenario alone = scenario(dir->path(), "many.json", "many");
  const Scenario x = scenario(dir->path(), "many.json", "many/x");
  ProofFiles files;
  files.put(alone, proof("many"));
  REQUIRE(files.write());
  ProofFiles later;
  CHECK_FALSE(*later.find(x));
  later.put(x, proof("many/x"));
  REQUIRE(later.write());
  const Json json = Json::parse(*read_file(dir->path() / "many.proof.json"));
  CHECK(json["proofs"].size() == 1);
  ProofFiles last;
  last.put(alone, proof("many"));
  REQUIRE(last.write());
  CHECK(Json::parse(*read_file(dir->path() / "many.proof.json"))["scenario"] == "many");
}

TEST_CASE("proof files: a proof goes with its file", "[scenario][proof]") {
  const auto dir = TempDir::make("proof-files-test");
  REQUIRE(dir);
  ProofFiles files;
  files.put(scenario(dir->path(), "one.json", "a/one"), proof("a/one"));
  files.put(scenario(dir->path(), "many.json", "a/many/x"), proof("a/many/x"));
  files.put(scenario(dir->path(), "many.json", "a/many/y"), proof("a/many/y"));
  REQUIRE(files.write());
  const Scenario one = scenario(dir->path(), "one.json", "b/one");
  const Scenario x = scenario(dir->path(), "many.json", "b/many/x");
  const Scenario y = scenario(dir->path(), "many.json", "b/many/y");
  ProofFiles moved;
  CHECK((**moved.find(one)).scenario == "a/one");
  CHECK((**moved.find(x)).scenario == "a/many/x");
  moved.put(one, proof("b/one"));
  moved.put(x, proof("b/many/x"));
  REQUIRE(moved.write());
  ProofFiles read;
  CHECK((**read.find(one)).scenario == "b/one");
  CHECK((**read.find(x)).scenario == "b/many/x");
  CHECK((**read.find(y)).scenario == "a/many/y");

  fs::copy_file(dir->path() / "one.proof.json", dir->path() / "two.proof.json");
  const Scenario two = scenario(dir->path(), "two.json", "c/two");
  CHECK((**moved.find(two)).scenario == "b/one");
  moved.put(two, proof("c/two"));
  REQUIRE(moved.write());
  CHECK((**ProofFiles().find(two)).scenario == "c/two");
}

TEST_CASE("proof files: one that cannot be understood is an error until it is replaced",
          "[scenario][proof]") {
  const auto dir = TempDir::make("proof-files-test");
  REQUIRE(dir);
  const Scenario one = scenario(dir->path(), "x.json", "x");
  for (const char* text : {"{", "[]", R"({"format": "relapse-proofs", "version": 2})",
                           R"({"format": "relapse-proofs", "version": 1, "proofs": [1]})"}) {
    INFO(text);
    REQUIRE(write_file(dir->path() / "x.proof.json", text));
    ProofFiles files;
    CHECK_FALSE(files.find(one));
    files.put(one, proof("x"));
    CHECK(files.find(one));
  }
}

}  // namespace
}  // namespace relapse
