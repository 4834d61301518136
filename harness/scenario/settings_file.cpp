#include "scenario/settings_file.hpp"

#include "scenario/check.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/schema_table.hpp"

namespace relapse {
namespace {

std::string value_text(const Node& node) {
  if (node.is(Node::Kind::boolean)) {
    return node.boolean ? "true" : "false";
  }
  return node.text;
}

Setting setting(const Member& member, const std::filesystem::path& file) {
  Setting setting{member.key, {}, {file.generic_string(), 0, 0}};
  setting.at.line = member.key_span.line;
  setting.at.column = member.key_span.column;
  if (member.value.is(Node::Kind::array)) {
    for (const Node& item : member.value.items) {
      setting.values.push_back(value_text(item));
    }
  } else {
    setting.values.push_back(value_text(member.value));
  }
  return setting;
}

}  // namespace

Parsed<std::vector<Setting>> parse_settings(std::string_view text,
                                            const std::filesystem::path& file) {
  Document document = parse_jsonc(text, file);
  Parsed<std::vector<Setting>> parsed;
  if (document.root && !document.root->is(Node::Kind::object)) {
    document.diagnostics.push_back(
        make_error(file, document.root->span,
                   "the file must hold one object, found " + found_noun(*document.root)));
  } else if (document.root) {
    const CheckResult tree = check_tree(*document.root, schema::settings_table, file);
    document.diagnostics.insert(document.diagnostics.end(), tree.diagnostics.begin(),
                                tree.diagnostics.end());
  }
  if (!has_errors(document.diagnostics)) {
    parsed.value.emplace();
    for (const Member& member : document.root->members) {
      if (member.key != "$schema") {
        parsed.value->push_back(setting(member, file));
      }
    }
  }
  parsed.diagnostics = finish(std::move(document.diagnostics), file);
  return parsed;
}

std::vector<SettingDoc> setting_docs() {
  std::vector<SettingDoc> docs;
  for (const schema::Key& key : schema::settings_table.keys) {
    if (key.name != "$schema") {
      docs.push_back({key.name, key.type->noun, key.doc});
    }
  }
  return docs;
}

}  // namespace relapse
