#include "scenario/writer.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "scenario/diagnostics.hpp"
#include "scenario/reader.hpp"
#include "scenario/table_walk.hpp"

// The formatter. A container is written on one line when it fits and no comment stands inside;
// otherwise one element a line:
//
//   // before
//   "key": value,  // after
//   // inside
// }

namespace relapse {
namespace {

using schema::ObjectTable;
using schema::Type;

constexpr std::size_t max_width = 100;

/// Members in the table's order; unknown ones behind the known ones, as they stood.
std::vector<const Member*> ordered(const Node& node, const ObjectTable* table) {
  std::vector<const Member*> members;
  for (const Member& member : node.members) {
    members.push_back(&member);
  }
  if (table != nullptr) {
    const auto rank = [&](const Member* member) {
      const schema::Key* key = table->find(member->key);
      return key != nullptr ? key - table->keys.data()
                            : static_cast<std::ptrdiff_t>(table->keys.size());
    };
    std::stable_sort(members.begin(), members.end(),
                     [&](const Member* a, const Member* b) { return rank(a) < rank(b); });
  }
  return members;
}

bool is_container(const Node& node) {
  return node.is(Node::Kind::array) || node.is(Node::Kind::object);
}

bool has_comments_inside(const Node& node) {
  if (!node.inside.empty()) {
    return true;
  }
  const auto commented = [](const Node& child) {
    return !child.before.empty() || !child.after.empty() || has_comments_inside(child);
  };
  return std::any_of(node.items.begin(), node.items.end(), commented) ||
         std::any_of(node.members.begin(), node.members.end(),
                     [&](const Member& member) { return commented(member.value); });
}

std::string scalar(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return node.boolean ? "true" : "false";
    case Node::Kind::number:
      return node.text;
    case Node::Kind::string:
      return node.raw;
    case Node::Kind::array:
    case Node::Kind::object:
      break;
  }
  return {};
}

std::string one_line(const Node& node, const Type* type) {
  if (!is_container(node)) {
    return scalar(node);
  }
  std::string out;
  if (node.is(Node::Kind::array)) {
    const bool nested = std::any_of(node.items.begin(), node.items.end(), is_container);
    for (const Node& item : node.items) {
      out += (out.empty() ? "" : ", ") + one_line(item, item_type(type));
    }
    return nested ? "[ " + out + " ]" : "[" + out + "]";
  }
  const ObjectTable* table = table_of(node, type);
  for (const Member* member : ordered(node, table)) {
    out += (out.empty() ? "" : ", ") + member->raw_key + ": " +
           one_line(member->value, member_type(table, type, member->key));
  }
  return out.empty() ? "{}" : "{ " + out + " }";
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void comments(const std::vector<Comment>& list, std::size_t indent) {
    for (const Comment& comment : list) {
      blank(comment.blank_before);
      out_ += std::string(indent, ' ') + comment.text + "\n";
      first_ = false;
    }
  }

  /// `used` columns of the line are taken already, and `more` says that a comma follows. `depth`
  /// counts from the root, whose lists of objects are always one object a line.
  void value(const Node& node, const Type* type, std::size_t indent, std::size_t used, bool more,
             int depth) {
    const bool rows = depth < 2 && !node.items.empty() &&
                      std::all_of(node.items.begin(), node.items.end(),
                                  [](const Node& item) { return item.is(Node::Kind::object); });
    if (!is_container(node) || (depth > 0 && !rows && !has_comments_inside(node))) {
      const std::string line = one_line(node, type);
      if (!is_container(node) || used + display_width(line) + (more ? 1 : 0) <= max_width) {
        out_ += line;
        return;
      }
    }
    const bool array = node.is(Node::Kind::array);
    out_ += array ? "[\n" : "{\n";
    first_ = true;
    const std::size_t inner = indent + 2;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      element(node.items[i], {}, item_type(type), inner, i + 1 < node.items.size(), depth);
    }
    const ObjectTable* table = table_of(node, type);
    const std::vector<const Member*> members = ordered(node, table);
    for (std::size_t i = 0; i < members.size(); ++i) {
      element(members[i]->value, members[i]->raw_key + ": ",
              member_type(table, type, members[i]->key), inner, i + 1 < members.size(), depth);
    }
    comments(node.inside, inner);
    out_ += std::string(indent, ' ') + (array ? "]" : "}");
  }

 private:
  void blank(bool wanted) {
    if (wanted && !first_) {
      out_ += "\n";
    }
  }

  void element(const Node& node, const std::string& key, const Type* type, std::size_t indent,
               bool more, int depth) {
    comments(node.before, indent);
    blank(node.blank_before);
    first_ = false;
    out_ += std::string(indent, ' ') + key;
    value(node, type, indent, indent + display_width(key), more, depth + 1);
    out_ += more ? "," : "";
    for (const Comment& comment : node.after) {
      out_ += "  " + comment.text;
    }
    out_ += "\n";
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

Json canonical(const Node& node, const Type* type) {
  if (!is_container(node)) {
    return to_json(node);
  }
  if (node.is(Node::Kind::array)) {
    Json list = Json::array();
    for (const Node& item : node.items) {
      list.push_back(canonical(item, item_type(type)));
    }
    return list;
  }
  const ObjectTable* table = table_of(node, type);
  Json object = Json::object();
  for (const Member* member : ordered(node, table)) {
    object[member->key] = canonical(member->value, member_type(table, type, member->key));
  }
  return object;
}

Parsed<std::string> format(std::string_view text, const std::filesystem::path& file,
                           const ObjectTable& table) {
  const Document document = parse_jsonc(text, file);
  Parsed<std::string> parsed;
  parsed.diagnostics = finish(document.diagnostics, file);
  if (document.root && !has_errors(parsed.diagnostics)) {
    parsed.value = write_document(document, table);
  }
  return parsed;
}

}  // namespace

std::string write_document(const Document& document, const ObjectTable& table) {
  std::string out;
  Writer writer(out);
  const Type type{.kind = Type::Kind::object, .table = &table};
  writer.comments(document.root->before, 0);
  if (document.root->blank_before && !document.root->before.empty()) {
    out += "\n";
  }
  writer.value(*document.root, &type, 0, 0, false, 0);
  out += "\n";
  writer.comments(document.tail, 0);
  return out;
}

std::string canonical_json(const Node& root) {
  constexpr std::array<std::string_view, 7> left_out{"$schema", "title", "incident", "tags",
                                                     "aliases", "proof", "cases"};
  const Type type{.kind = Type::Kind::object, .table = &schema::scenario_table};
  Json json = canonical(root, &type);
  for (const std::string_view key : left_out) {
    json.erase(std::string(key));
  }
  return json.dump();
}

std::string canonical_text(std::string_view text) {
  const Document document = parse_jsonc(text, {});
  const bool valid =
      document.root && document.root->is(Node::Kind::object) && !has_errors(document.diagnostics);
  return valid ? canonical_json(*document.root) : std::string{};
}

Parsed<std::string> format_scenario(std::string_view text, const std::filesystem::path& file) {
  return format(text, file, schema::scenario_table);
}

Parsed<std::string> format_fragment(std::string_view text, const std::filesystem::path& file) {
  return format(text, file, schema::fragment_table);
}

Parsed<std::string> format_target(std::string_view text, const std::filesystem::path& file) {
  return format(text, file, schema::target_table);
}

}  // namespace relapse
