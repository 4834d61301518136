#include "scenario/jsonc.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace relapse {
namespace {

Document good(std::string_view text) {
  Document document = parse_jsonc(text, "x.json");
  INFO(text);
  REQUIRE(document.diagnostics.empty());
  REQUIRE(document.root);
  return document;
}

std::string first_error(std::string_view text) {
  const Document document = parse_jsonc(text, "x.json");
  return document.diagnostics.empty()
             ? ""
             : to_string(document.diagnostics[0].at) + ": " + document.diagnostics[0].message;
}

TEST_CASE("jsonc: reads what RFC 8259 allows as the JSON library does", "[scenario]") {
  for (const std::string text :
       {R"(null)", R"( true )", R"("")", R"([])", R"({})", R"([1, -0, 0.5, -1.25e+10, 1E-2])",
        R"({"a": {"b": [[], {}, "x"]}, "": null})", R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac")",
        R"("\ud83d\ude00 \uFFFF")", R"([18446744073709551615, -9223372036854775808])",
        "\"caf\xc3\xa9 \xf0\x9f\x98\x80\"", "\t[\r\n1 ,\n2]\n"}) {
    INFO(text);
    const Document document = good(text);
    CHECK(to_json(*document.root) == Json::parse(text));
    CHECK(to_json(*document.root).dump() == Json::parse(text).dump());
  }
}

TEST_CASE("jsonc: refuses what RFC 8259 does not allow", "[scenario]") {
  for (const std::string text : {"",
                                 "  ",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "[,1]",
                                 "[1 2]",
                                 "{\"a\" 1}",
                                 "{a:1}",
                                 "['x']",
                                 "[01]",
                                 "[1.]",
                                 "[.5]",
                                 "[+1]",
                                 "[1e]",
                                 "[0x1]",
                                 "[NaN]",
                                 "[tru]",
                                 "\"\\x\"",
                                 "\"\\u12\"",
                                 "\"\\ud800\"",
                                 "\"\\udc00\\ud800\"",
                                 "\"\\ud800\\u0041\"",
                                 "\"a\nb\"",
                                 "\"a\tb\"",
                                 "[",
                                 "]",
                                 "{",
                                 "[1]]",
                                 "{\"a\"",
                                 "{\"a\":",
                                 "{\"a\":1",
                                 "\"",
                                 "/",
                                 "/*",
                                 "[1]//\n x",
                                 "{\"a\":1,\"a\":2}",
                                 "\"\xff\"",
                                 "\"\xed\xa0\x80\"",
                                 "nul",
                                 "[1}"}) {
    INFO(text);
    CHECK_FALSE(parse_jsonc(text, "x.json").diagnostics.empty());
  }
}

TEST_CASE("jsonc: every prefix and every flipped octet of a document ends well", "[scenario]") {
  const std::string text =
      "// c\n{ \"a\": [1, -2.5e3, \"x\\u00e9\\ud83d\\ude00\"], /* d */ \"b\": {\"c\": null} }\n";
  good(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    parse_jsonc(std::string_view(text).substr(0, i), "x.json");
    for (const int flip : {1, 2, 32, 128}) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      const Document document = parse_jsonc(damaged, "x.json");
      CHECK((document.root.has_value() || !document.diagnostics.empty()));
    }
  }
}

TEST_CASE("jsonc: knows where everything stands", "[scenario]") {
  const Document document = good("{\n  \"key\": [10, \"\xc3\xa9\", {}]\n}");
  const Member& key = document.root->members[0];
  CHECK(key.key_span.line == 2);
  CHECK(key.key_span.column == 3);
  CHECK(key.key_span.length == 5);
  const Node& brace = key.value.items[2];
  CHECK(brace.span.line == 2);
  CHECK(brace.span.column == 21);
  CHECK(brace.span.offset == 22);
  CHECK(brace.span.length == 2);
}

TEST_CASE("jsonc: errors name line, column and what was found", "[scenario]") {
  CHECK(first_error("[1\n 2]") == "x.json:1:2: missing comma after this element");
  CHECK(first_error("[1,\n]") == "x.json:1:3: a comma before \"]\"");
  CHECK(first_error("{\"a\":1,\n \"a\":2}") == "x.json:2:2: the key \"a\" stands here twice");
  CHECK(first_error("[1] x") == "x.json:1:5: unexpected \"x\" after the end of the JSON value");
  CHECK(first_error("{\"a\": }") == "x.json:1:7: expected a value, found \"}\"");
}

TEST_CASE("jsonc: goes on after an error of detail", "[scenario]") {
  const Document document = parse_jsonc("{ \"a\": [1 2,], b: tru, \"a\": 1 }", "x.json");
  CHECK(document.root.has_value());
  CHECK(document.diagnostics.size() == 5);
}

TEST_CASE("jsonc: nesting is bounded", "[scenario]") {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  CHECK(parse_jsonc(nested(64), "x.json").diagnostics.empty());
  CHECK(first_error(nested(65)) == "x.json:1:65: nested deeper than 64 levels");
  CHECK_FALSE(parse_jsonc(nested(1000000), "x.json").diagnostics.empty());
}

TEST_CASE("jsonc: comments belong to what they stand by", "[scenario]") {
  const Document document = good(R"(// top
[
  // first
  1, // behind one
  2 /* behind two */,
  3, /* before four */ 4
  // inside
]
// tail
)");
  const Node& root = *document.root;
  REQUIRE(root.before.size() == 1);
  CHECK(root.before[0].text == "// top");
  REQUIRE(root.items.size() == 4);
  CHECK(root.items[0].before.at(0).text == "// first");
  CHECK(root.items[0].after.at(0).text == "// behind one");
  CHECK(root.items[1].after.at(0).text == "/* behind two */");
  CHECK(root.items[2].after.empty());
  CHECK(root.items[3].before.at(0).text == "/* before four */");
  CHECK(root.inside.at(0).text == "// inside");
  CHECK(document.tail.at(0).text == "// tail");
}

TEST_CASE("jsonc: a comment between a key and its value is kept with the member", "[scenario]") {
  const Document document = good("{ \"a\" /* b */ : // c\n 1 }");
  const Node& value = document.root->members[0].value;
  REQUIRE(value.before.size() == 2);
  CHECK(value.before[0].text == "/* b */");
  CHECK(value.before[1].text == "// c");
}

TEST_CASE("jsonc: a byte order mark is stepped over", "[scenario]") {
  CHECK(to_json(*good("\xEF\xBB\xBF{}").root) == Json::object());
}

}  // namespace
}  // namespace relapse
