#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "scenario/reader.hpp"
#include "scenario/schema_table.hpp"

// The tables as JSON Schema, so that an editor completes and explains keys while a scenario is
// written. What only relapse checks (the order of steps, names, variables) has no place there.

namespace relapse {
namespace {

using schema::Group;
using schema::Key;
using schema::ObjectTable;
using schema::Type;

class SchemaWriter {
 public:
  /// With placeholders, "${parameter}" may stand for a value of any type.
  explicit SchemaWriter(bool placeholders = false) : placeholders_(placeholders) {}

  std::string run(const ObjectTable& root) {
    Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
    out["title"] = std::string("relapse ") + std::string(root.name);
    const Json top = object(root);
    for (const auto& [key, value] : top.items()) {
      out[key] = value;
    }
    Json defs{{"operators", operators()}};
    if (placeholders_) {
      defs["placeholder"] = {{"description", "The value of a parameter."},
                             {"type", "string"},
                             {"pattern", "\\$\\{[^}]+\\}"}};
    }
    while (!waiting_.empty()) {
      const ObjectTable& next = *waiting_.begin()->second;
      waiting_.erase(waiting_.begin());
      if (!defs.contains(next.name)) {
        defs[std::string(next.name)] = object(next);
      }
    }
    out["$defs"] = std::move(defs);
    return out.dump(2) + "\n";
  }

 private:
  Json reference(const ObjectTable& table) {
    waiting_.emplace(table.name, &table);
    return {{"$ref", "#/$defs/" + std::string(table.name)}};
  }

  static Json required(std::string_view key) {
    return {{"required", Json::array({std::string(key)})}};
  }

  /// Adds what the group demands of the object's schema.
  static void add_group(Json& out, const ObjectTable& table, const Group& group) {
    Json members = Json::array();
    for (const Key& key : table.keys) {
      if (key.group == group.name) {
        members.push_back(required(key.name));
      }
    }
    switch (group.mode) {
      case Group::Mode::exactly_one:
        out["oneOf"] = members;
        return;
      case Group::Mode::at_least_one:
        out["anyOf"] = members;
        return;
      case Group::Mode::at_most_one:
        break;
    }
    const Json none{{"not", {{"anyOf", members}}}};
    members.push_back(none);
    out["oneOf"] = members;
  }

  Json object(const ObjectTable& table) {
    Json out{{"description", std::string(table.doc)}, {"type", "object"}};
    Json properties = Json::object();
    Json needed = Json::array();
    Json dependent = Json::object();
    for (const Key& key : table.keys) {
      Json value = type(*key.type);
      value["description"] = std::string(key.doc);
      properties[std::string(key.name)] = std::move(value);
      if (key.required) {
        needed.push_back(std::string(key.name));
      }
      if (!key.needs.empty()) {
        dependent[std::string(key.name)] = Json::array({std::string(key.needs)});
      }
    }
    out["properties"] = std::move(properties);
    out["additionalProperties"] = false;
    if (!needed.empty()) {
      out["required"] = needed;
    }
    if (!dependent.empty()) {
      out["dependentRequired"] = dependent;
    }
    for (const Group& one : table.groups) {
      add_group(out, table, one);
    }
    return out;
  }

  static Json operators() {
    const Json text{{"type", "string"}};
    const Json number{{"type", "number"}};
    const Json boolean{{"type", "boolean"}};
    return {{"description", "Operators of a pattern; all of them must be true."},
            {"type", "object"},
            {"properties",
             {{"is", Json::object()},
              {"not", Json::object()},
              {"in", {{"type", "array"}, {"minItems", 1}}},
              {"contains", Json::object()},
              {"matches", text},
              {"less", number},
              {"more", number},
              {"present", boolean},
              {"absent", boolean}}},
            {"additionalProperties", false},
            {"minProperties", 1}};
  }

  static Json integer(const Type& type) {
    if (!type.values.empty()) {
      Json values = Json::array();
      for (const std::string_view value : type.values) {
        values.push_back(Json::parse(value));
      }
      return {{"enum", values}};
    }
    Json out{{"type", "integer"}, {"minimum", type.min}};
    if (type.max != Type{}.max) {
      out["maximum"] = type.max;
    }
    return out;
  }

  Json type(const Type& type) {
    Json plain = plain_type(type);
    if (!placeholders_ || plain.empty() || plain == Json{{"type", "string"}}) {
      return plain;
    }
    return {{"anyOf", Json::array({std::move(plain), {{"$ref", "#/$defs/placeholder"}}})}};
  }

  Json plain_type(const Type& type) {
    switch (type.kind) {
      case Type::Kind::any:
        return Json::object();
      case Type::Kind::null:
        return {{"type", "null"}};
      case Type::Kind::boolean:
        return {{"type", "boolean"}};
      case Type::Kind::integer:
        return integer(type);
      case Type::Kind::string: {
        Json out{{"type", "string"}};
        if (!type.regex.empty()) {
          out["pattern"] = std::string(type.regex);
        }
        return out;
      }
      case Type::Kind::choice:
        return {{"enum", std::vector<std::string>(type.values.begin(), type.values.end())}};
      case Type::Kind::list:
      case Type::Kind::map:
        return collection(type);
      case Type::Kind::object:
        return reference(*type.table);
      case Type::Kind::one_of: {
        Json alternatives = Json::array();
        for (const Type* alternative : type.alternatives) {
          alternatives.push_back(this->type(*alternative));
        }
        return {{"anyOf", alternatives}};
      }
      case Type::Kind::pattern:
        if (type.item->kind == Type::Kind::any) {
          return Json::object();
        }
        return {{"anyOf", Json::array({this->type(*type.item), Json{{"type", "null"}},
                                       Json{{"$ref", "#/$defs/operators"}}})}};
    }
    return Json::object();
  }

  Json collection(const Type& type) {
    const bool list = type.kind == Type::Kind::list;
    Json out{{"type", list ? "array" : "object"}};
    out[list ? "items" : "additionalProperties"] = this->type(*type.item);
    if (type.min_items > 0) {
      out[list ? "minItems" : "minProperties"] = type.min_items;
    }
    if (type.max_items != Type{}.max_items) {
      out[list ? "maxItems" : "maxProperties"] = type.max_items;
    }
    return out;
  }

  bool placeholders_;
  std::map<std::string_view, const ObjectTable*> waiting_;
};

}  // namespace

std::string scenario_schema() {
  return SchemaWriter(true).run(schema::scenario_table);  // a file with cases is a template
}

std::string fragment_schema() {
  return SchemaWriter(true).run(schema::fragment_table);
}

std::string target_schema() {
  return SchemaWriter().run(schema::target_table);
}

std::string settings_schema() {
  return SchemaWriter().run(schema::settings_table);
}

}  // namespace relapse
