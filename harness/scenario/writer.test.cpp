#include "scenario/writer.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "catch.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/load.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

std::string formatted(const std::string& text, bool target = false) {
  const auto out = target ? format_target(text, "x.json") : format_scenario(text, "x.json");
  INFO(text);
  REQUIRE(out.value);
  return *out.value;
}

/// Texts of all comments of a document, sorted.
void collect(const Node& node, std::vector<std::string>& out) {
  for (const auto* list : {&node.before, &node.inside, &node.after}) {
    for (const Comment& comment : *list) {
      out.push_back(comment.text);
    }
  }
  for (const Node& item : node.items) {
    collect(item, out);
  }
  for (const Member& member : node.members) {
    collect(member.value, out);
  }
}

std::vector<std::string> comments(const std::string& text) {
  const Document document = parse_jsonc(text, "x.json");
  REQUIRE(document.root);
  std::vector<std::string> out;
  collect(*document.root, out);
  for (const Comment& comment : document.tail) {
    out.push_back(comment.text);
  }
  std::sort(out.begin(), out.end());
  return out;
}

nlohmann::json value(const std::string& text) {
  const Document document = parse_jsonc(text, "x.json");
  REQUIRE(document.root);
  return nlohmann::json::parse(to_json(*document.root).dump());
}

/// What must hold for every text that is JSON.
void check_laws(const std::string& text, bool target = false) {
  const std::string once = formatted(text, target);
  INFO(text << "\n=>\n" << once);
  CHECK(formatted(once, target) == once);
  CHECK(value(once) == value(text));
  CHECK(comments(once) == comments(text));
  CHECK(once.back() == '\n');
  CHECK(once.find(" \n") == std::string::npos);
}

TEST_CASE("fmt: the laws hold for every shipped file and every readable bad one",
          "[scenario][fmt]") {
  const fs::path root = RELAPSE_SOURCE_DIR;
  int seen = 0;
  for (const char* below : {"scenarios", "harness/scenario/bad", "fixtures/targets"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / below)) {
      const auto text = entry.path().extension() == ".json" ? read_file(entry.path())
                                                            : Result<std::string>(Error{});
      if (text && parse_jsonc(*text, "x.json").diagnostics.empty()) {
        INFO(entry.path().string());
        check_laws(*text, looks_like_target(*text));
        ++seen;
      }
    }
  }
  CHECK(seen > 60);
}

TEST_CASE("fmt: formatting changes no scenario", "[scenario][fmt]") {
  const fs::path root = fs::path(RELAPSE_SOURCE_DIR) / "scenarios";
  const auto files = find_scenario_files(root);
  REQUIRE(files);
  for (const fs::path& file : *files) {
    INFO(file.string());
    const auto text = read_file(file);
    REQUIRE(text);
    const auto before = parse_scenario(*text, file, root);
    const auto after = parse_scenario(formatted(*text), file, root);
    REQUIRE(before.value);
    REQUIRE(after.value);
    CHECK(before.value->digest == after.value->digest);
    CHECK(canonical_text(*text) == canonical_text(formatted(*text)));
  }
}

TEST_CASE("fmt: the canonical form", "[scenario][fmt]") {
  CHECK(formatted(R"(// head

// about the scenario
{"steps":[{"within":"1s","expect":{"text":"a"},"name":"n"}, {"send":{"json":{"z":1,"a":[1,{"b":null}]}}}
   // the last one
  ], // behind steps

  "tags":["a",  "b"],
  /* before the title */ "title" : "t", "unknown": {}, "empty": [] }
// tail)") == R"(// head

// about the scenario
{
  /* before the title */
  "title": "t",

  "tags": ["a", "b"],
  "steps": [
    { "name": "n", "expect": { "text": "a" }, "within": "1s" },
    { "send": { "json": { "z": 1, "a": [ 1, { "b": null } ] } } }
    // the last one
  ],  // behind steps
  "unknown": {},
  "empty": []
}
// tail
)");
}

TEST_CASE("fmt: what does not fit on a line is broken up", "[scenario][fmt]") {
  const auto send = [](std::size_t n) {
    return "{\"steps\": [{\"send\": {\"text\": \"" + std::string(n, 'x') + "\"}}]}";
  };
  const std::string at_limit = formatted(send(68));
  CHECK(at_limit.find("\n    { \"send\": { \"text\": \"xx") != std::string::npos);
  const std::size_t line = at_limit.find("    { \"send\"");
  CHECK(at_limit.find('\n', line) - line <= 100);
  const std::string beyond = formatted(send(90));
  CHECK(beyond.find("\n    {\n      \"send\": {\n        \"text\"") != std::string::npos);
  for (std::size_t n = 55; n < 95; ++n) {
    check_laws(send(n));
  }
}

TEST_CASE("fmt: nasty comments survive", "[scenario][fmt]") {
  for (const std::string text : {"{}//",
                                 "/**/{/**/}/**/",
                                 "{ /* in */ }",
                                 "{// in\n}",
                                 "[ // in\n ]",
                                 "[1// one\n]",
                                 "[1/* one */,/* two */2]",
                                 "[1, // one\n 2 /* two */ /* two again */\n, /* x */ 3]",
                                 "{\"a\":// after colon\n1}",
                                 "{\"a\"/* k */:/* v */1/* e */,/* c */\"b\":2}",
                                 "[1, /* long\n   block */ 2]",
                                 "[1 /* ends\nlater */, 2]",
                                 "[[] // a\n, {} // b\n]",
                                 "// \"quoted\" { [ ,\n{}",
                                 "/* // */ {} // /* \n",
                                 "{\"a\": [ // b\n {\"c\": 1} // d\n] }",
                                 "\r\n// crlf\r\n{\r\n\"a\": 1 // x\r\n}\r\n",
                                 "[1\n// before the comma\n, 2]",
                                 "{\"a\": 1, /* about b */ \"b\": 2}",
                                 "[ /* a */ /* b */ 1 /* c */ /* d\n*/ // e\n]",
                                 "//a\n\n\n//b\n{}\n\n\n//c\n\n//d",
                                 "{\"steps\": [], // s\n\"title\": \"t\" // t\n}"}) {
    check_laws(text);
  }
}

/// Random JSON with comments and random white space, keys of the format among others.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string document() { return gap() + value(0) + gap(); }

 private:
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }

  std::string gap() {
    static const std::vector<std::string> pieces{
        "",  "",   " ",          "\n",        "\n\n\n", "\t",
        " ", "//", "// c one\n", "/* b */",   "//x\n ", "/* l1\n   l2 */",
        "",  "",   " ",          "\n  // y\n"};
    std::string out;
    for (unsigned i = pick(4); i > 0; --i) {
      const std::string& piece = pieces[pick(static_cast<unsigned>(pieces.size()))];
      out += piece == "//" ? "//\n" : piece;
    }
    return out;
  }

  std::string value(int depth) {
    static const std::vector<std::string> scalars{
        "null", "true",           "-1.50e+3",     "\"\"",
        "0",    "\"a\\u00e9 b\"", "\"${nonce}\"", "\"a long text to fill the line up a little\""};
    const unsigned kind = pick(depth > 4 ? 1 : 3);
    if (kind == 0) {
      return scalars[pick(static_cast<unsigned>(scalars.size()))];
    }
    static const std::vector<std::string> keys{"title",  "steps", "send", "expect", "text",
                                               "within", "never", "x",    "json",   "close",
                                               "code",   "is",    "name"};
    std::string out = kind == 1 ? "[" : "{";
    std::vector<std::string> free = keys;
    for (unsigned i = 0, n = pick(5); i < n; ++i) {
      out += (i > 0 ? "," : "") + gap();
      if (kind == 2) {
        const auto at = free.begin() + static_cast<std::ptrdiff_t>(random_() % free.size());
        out += '"' + *at + '"' + gap() + ":" + gap();
        free.erase(at);
      }
      out += value(depth + 1) + gap();
    }
    return out + gap() + (kind == 1 ? "]" : "}");
  }

  std::mt19937 random_;
};

TEST_CASE("fmt: the laws hold for random documents", "[scenario][fmt]") {
  std::size_t with_comments = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    const std::string text = Generator(seed).document();
    INFO("seed " << seed);
    REQUIRE(parse_jsonc(text, "x.json").diagnostics.empty());
    with_comments += comments(text).empty() ? 0U : 1U;
    check_laws(text, seed % 2 == 0);
  }
  CHECK(with_comments > 500);
}

TEST_CASE("fmt: text that is no JSON is not touched", "[scenario][fmt]") {
  const auto out = format_scenario("{ \"a\": 1, }", "x.json");
  CHECK_FALSE(out.value);
  CHECK(out.diagnostics.size() == 1);
}

}  // namespace
}  // namespace relapse
