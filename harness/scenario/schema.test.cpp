#include <nlohmann/json.hpp>
#include <set>

#include "catch.hpp"
#include "scenario/reader.hpp"
#include "scenario/schema_table.hpp"

namespace relapse {
namespace {

/// Every "$ref" of a schema must lead somewhere, and every definition must be used.
void collect_refs(const Json& json, std::set<std::string>& refs) {
  if (json.is_object() && json.contains("$ref")) {
    refs.insert(json["$ref"].get<std::string>());
  }
  for (const Json& child : json) {
    if (child.is_structured()) {
      collect_refs(child, refs);
    }
  }
}

TEST_CASE("schema: valid JSON whose references are whole", "[scenario]") {
  for (const std::string& text : {scenario_schema(), fragment_schema(), target_schema()}) {
    const Json schema = Json::parse(text);
    CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    CHECK(schema["additionalProperties"] == false);
    std::set<std::string> refs;
    collect_refs(schema, refs);
    std::set<std::string> definitions;
    for (const auto& [name, definition] : schema["$defs"].items()) {
      definitions.insert("#/$defs/" + name);
    }
    CHECK(refs == definitions);
  }
}

TEST_CASE("schema: the tables reach the schema", "[scenario]") {
  const Json schema = Json::parse(scenario_schema());
  CHECK(schema["required"] == Json({"title", "incident", "steps", "proof"}));
  CHECK(schema["properties"]["title"]["description"] == "What must hold, as a sentence.");
  const Json& step = schema["$defs"]["step"];
  CHECK(step["additionalProperties"] == false);
  CHECK(step["oneOf"].size() == 17);
  CHECK(step["dependentRequired"]["with"] == Json({"use"}));
  CHECK(schema["$defs"]["send"]["oneOf"].size() == 10);
  CHECK(schema["$defs"]["expect"]["oneOf"].size() == 20);
  CHECK(schema["$defs"]["send_close"]["dependentRequired"]["reason"] == Json({"code"}));
  CHECK(schema["$defs"]["send_frame"]["properties"]["length_bytes"]["anyOf"][0]["enum"] ==
        Json({0, 2, 8}));
  CHECK(Json::parse(target_schema())["properties"]["probes"]["maxProperties"] == 4);
}

TEST_CASE("schema: signals have numbers", "[scenario]") {
  for (const std::string_view name : schema::types::signal_names) {
    CHECK(schema::signal_number(name) > 0);
  }
  CHECK(schema::signal_number("TERM") == 15);
  CHECK(schema::signal_number("SIGTERM") == 0);
}

}  // namespace
}  // namespace relapse
