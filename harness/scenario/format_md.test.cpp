#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "catch.hpp"
#include "scenario/jsonc.hpp"
#include "scenario/load.hpp"
#include "scenario/schema_table.hpp"

// scenarios/FORMAT.md is documentation that cannot go stale: its examples are read, and no key of
// the tables may be missing from it.

namespace relapse {
namespace {

struct Fence {
  std::string text;
  int line = 0;
};

std::string document() {
  const auto text =
      read_file(std::filesystem::path(RELAPSE_SOURCE_DIR) / "scenarios" / "FORMAT.md");
  REQUIRE(text);
  return *text;
}

std::vector<Fence> fences(const std::string& text) {
  std::vector<Fence> found;
  const std::string open = "```jsonc\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    at += open.size();
    const std::size_t end = text.find("```", at);
    REQUIRE(end != std::string::npos);
    found.push_back({text.substr(at, end - at), static_cast<int>(line) + 1});
    at = end + 3;
  }
  return found;
}

const std::string title = R"("title": "t", )";
const std::string incident =
    R"("incident": {"ref": "r", "seen": "2025-01-01", "story": "s", "evidence": "e"}, )";
const std::string steps =
    R"("steps": [{"send": {"upgrade": {"path": "/"}}}, {"expect": {"upgrade": {}}}], )";
const std::string proof = R"("proof": {"relapses_on": ["f"]}, )";

/// The members of an object without its braces.
std::string inside(const std::string& object) {
  const std::size_t open = object.find('{'), close = object.rfind('}');
  return object.substr(open + 1, close - open - 1);
}

/// A whole file around what a fence shows.
std::string whole(const Node& root, const std::string& text, bool target) {
  if (root.is(Node::Kind::array)) {
    return "{" + title + incident + proof + "\"steps\": " + text + "}";
  }
  if (target) {
    return root.find("title") ? text
                              : R"({"title": "t", "address": "ws://h:1", )" + inside(text) + "}";
  }
  if (root.find("steps")) {
    return text;
  }
  return "{" + title + incident + steps + (root.find("proof") ? "" : proof) + inside(text) + "}";
}

TEST_CASE("FORMAT.md: every example is read without an error", "[scenario][docs]") {
  const std::vector<Fence> all = fences(document());
  const auto root = std::filesystem::path(RELAPSE_SOURCE_DIR) / "scenarios";
  int scenarios = 0, targets = 0, fragments = 0;
  for (const Fence& fence : all) {
    INFO("FORMAT.md:" << fence.line);
    const Document parsed = parse_jsonc(fence.text, "FORMAT.md");
    REQUIRE(parsed.diagnostics.empty());
    const Node& tree = *parsed.root;
    const bool target = tree.is(Node::Kind::object) && looks_like_target(fence.text);
    const bool fragment = tree.find("parameters") != nullptr;
    const std::string text = fragment ? fence.text : whole(tree, fence.text, target);
    std::string messages;
    const auto diagnostics = target     ? parse_target(text, "t.json").diagnostics
                             : fragment ? check_fragment(text, "f.json", root)
                                        : parse_scenario(text, root / "s.json", root).diagnostics;
    for (const Diagnostic& one : diagnostics) {
      messages += render(one, text);
    }
    CHECK(messages == "");
    ++(target ? targets : fragment ? fragments : scenarios);
  }
  CHECK(scenarios >= 19);
  CHECK(targets == 7);
  CHECK(fragments == 1);
}

void collect_keys(const schema::Type* type, std::set<std::string>& keys,
                  std::set<const schema::ObjectTable*>& seen);

void collect_keys(const schema::ObjectTable& table, std::set<std::string>& keys,
                  std::set<const schema::ObjectTable*>& seen) {
  if (!seen.insert(&table).second) {
    return;
  }
  for (const schema::Key& key : table.keys) {
    CHECK_FALSE(key.doc.empty());
    keys.insert(std::string(key.name));
    collect_keys(key.type, keys, seen);
  }
}

void collect_keys(const schema::Type* type, std::set<std::string>& keys,
                  std::set<const schema::ObjectTable*>& seen) {
  if (type == nullptr) {
    return;
  }
  if (type->table != nullptr) {
    collect_keys(*type->table, keys, seen);
  }
  collect_keys(type->item, keys, seen);
  for (const schema::Type* alternative : type->alternatives) {
    collect_keys(alternative, keys, seen);
  }
}

TEST_CASE("FORMAT.md: no key of the tables is missing", "[scenario][docs]") {
  const std::string text = document();
  std::set<std::string> keys;
  std::set<const schema::ObjectTable*> seen;
  collect_keys(schema::scenario_table, keys, seen);
  collect_keys(schema::fragment_table, keys, seen);
  collect_keys(schema::target_table, keys, seen);
  CHECK(keys.size() > 80);
  for (const std::string& key : keys) {
    INFO(key);
    CHECK(text.find('`' + key + '`') != std::string::npos);
    CHECK(text.find('"' + key + "\":") != std::string::npos);
  }
  for (const std::string_view op : schema::pattern_operators) {
    INFO(op);
    CHECK(text.find("`" + std::string(op) + "`") != std::string::npos);
  }
}

}  // namespace
}  // namespace relapse
