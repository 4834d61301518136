#include "scenario/reader.hpp"

#include <cstdint>
#include <system_error>
#include <utility>

#include "scenario/argv_check.hpp"
#include "scenario/asgi_values.hpp"
#include "scenario/cases.hpp"
#include "scenario/check.hpp"
#include "scenario/convert.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/expand.hpp"
#include "scenario/flow.hpp"
#include "scenario/schema_table.hpp"
#include "scenario/writer.hpp"

namespace relapse {
namespace {

/// 64-bit FNV-1a as 16 hex digits: tells a changed scenario from an unchanged one; it is not meant
/// to resist somebody who wants two to be equal.
std::string fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) {
    out += digits[(hash >> shift) & 0xF];
  }
  return out;
}

/// Path under the root without the extension; only the file's name when it lies elsewhere.
std::string id_of(const std::filesystem::path& file, const std::filesystem::path& root) {
  std::error_code ignored;  // without a current folder the file's own name must do
  const auto absolute = std::filesystem::absolute(file, ignored).lexically_normal();
  const auto base = std::filesystem::absolute(root, ignored).lexically_normal();
  auto relative = absolute.lexically_relative(base);
  if (root.empty() || relative.empty() || *relative.begin() == "..") {
    relative = file.filename();
  }
  return relative.replace_extension().generic_string();
}

/// Reads the file; without a root when it does not hold one object.
Document read_object(std::string_view text, const std::filesystem::path& file) {
  Document document = parse_jsonc(text, file);
  if (document.root && !document.root->is(Node::Kind::object)) {
    document.diagnostics.push_back(
        make_error(file, document.root->span,
                   "the file must hold one object, found " + found_noun(*document.root)));
    document.root.reset();
  }
  return document;
}

void append(std::vector<Diagnostic>& all, const std::vector<Diagnostic>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

using FlowCheck = std::vector<Diagnostic> (*)(const Node&, const CheckResult&,
                                              const std::filesystem::path&,
                                              const std::vector<StepMeta>&);

/// All that can be said about what was written out, before it is converted.
std::vector<Diagnostic> check_expansion(const Node& written, const Expansion& expansion,
                                        const schema::ObjectTable& table, FlowCheck flow,
                                        const std::filesystem::path& file) {
  CheckResult tree = check_tree_without_steps(written, table, file);
  const Node* steps = expansion.root.find("steps");
  for (std::size_t i = 0; steps != nullptr && i < steps->items.size(); ++i) {
    check_step(steps->items[i], expansion.metas[i].label, static_cast<int>(i), file, tree);
  }
  std::vector<Diagnostic> all = expansion.diagnostics;
  append(all, tree.diagnostics);
  if (!has_errors(expansion.diagnostics)) {  // else a step is missing, not unreachable
    append(all, flow(expansion.root, tree, file, expansion.metas));
  }
  check_asgi_values(expansion.root, expansion.metas, file, all);
  check_arguments(expansion.root, tree.variables, file, all);
  return all;
}

/// What runs beside what decides too.
void mark_branches(Expansion& expansion) {
  for (Member& member : expansion.root.members) {
    for (std::size_t i = 0; member.key == "steps" && i < member.value.items.size(); ++i) {
      const StepMeta& meta = expansion.metas[i];
      if (meta.group >= 0) {
        Node place;
        place.kind = Node::Kind::string;
        place.text = std::to_string(meta.group) + "." + std::to_string(meta.branch);
        member.value.items[i].members.push_back({"branch", {}, {}, std::move(place)});
      }
    }
  }
}

std::filesystem::path scenarios_dir(const std::filesystem::path& file,
                                    const std::filesystem::path& root) {
  return root.empty() ? file.parent_path() : root;
}

/// What the scenarios of one file share, and what is put into this one.
struct Reading {
  const std::filesystem::path& file;
  FragmentFolder& fragments;
  const Scope& parameters;
  std::vector<Diagnostic>& diagnostics;
};

/// Adds the scenario that the tree says, unless something is wrong with it.
void add_scenario(const Node& written, const std::string& id, const Reading& reading,
                  std::vector<Scenario>& scenarios) {
  std::vector<Diagnostic>& found = reading.diagnostics;
  Expansion expansion =
      expand_scenario(written, reading.file, reading.fragments, reading.parameters);
  append(found, check_expansion(written, expansion, schema::scenario_table, check_scenario_flow,
                                reading.file));
  if (has_errors(found)) {
    return;
  }
  Conversion conversion{reading.file, found, {}, expansion.metas};
  Scenario scenario = convert_scenario(expansion.root, conversion);
  scenario.id = id;
  mark_branches(expansion);
  scenario.digest = fnv1a(canonical_json(expansion.root) + conversion.read_files);
  if (!has_errors(found)) {
    scenarios.push_back(std::move(scenario));
  }
}

}  // namespace

Parsed<std::vector<Scenario>> parse_scenarios(std::string_view text,
                                              const std::filesystem::path& file,
                                              const std::filesystem::path& root) {
  Document document = read_object(text, file);
  Parsed<std::vector<Scenario>> parsed;
  std::vector<Scenario> scenarios;
  if (document.root) {
    FragmentFolder fragments(scenarios_dir(file, root));
    const Scope none;
    const std::string id = id_of(file, root);
    if (const Node* cases = document.root->find("cases")) {
      const auto all = read_cases(*document.root, text, file, document.diagnostics);
      std::vector<std::vector<Diagnostic>> found(all.size());
      for (std::size_t i = 0; i < all.size(); ++i) {
        const Node written = with_case(*document.root, all[i], file, found[i]);
        const std::size_t before = scenarios.size();
        add_scenario(written, id + "/" + all[i].name, {file, fragments, all[i].values, found[i]},
                     scenarios);
        if (scenarios.size() > before) {
          // An earlier id of the file; its cases were called as they are now.
          for (std::string& alias : scenarios.back().aliases) {
            alias += "/" + all[i].name;
          }
        }
      }
      append(document.diagnostics, merge(all, *cases, std::move(found)));
    } else {
      add_scenario(*document.root, id, {file, fragments, none, document.diagnostics}, scenarios);
    }
  }
  if (!has_errors(document.diagnostics)) {
    parsed.value = std::move(scenarios);
  }
  parsed.diagnostics = finish(std::move(document.diagnostics), file);
  return parsed;
}

Parsed<Scenario> parse_scenario(std::string_view text, const std::filesystem::path& file,
                                const std::filesystem::path& root) {
  auto all = parse_scenarios(text, file, root);
  Parsed<Scenario> first;
  first.diagnostics = std::move(all.diagnostics);
  if (all.value) {
    first.value = std::move(all.value->front());
  }
  return first;
}

std::vector<Diagnostic> check_fragment(std::string_view text, const std::filesystem::path& file,
                                       const std::filesystem::path& root) {
  FragmentFolder fragments(root);
  const auto fragment = read_fragment(std::string(text), file);
  std::vector<Diagnostic> all = fragment->diagnostics;
  if (fragment->steps != nullptr) {
    const Expansion expansion = expand_fragment(*fragment, fragments);
    append(all, check_expansion(*fragment->document.root, expansion, schema::fragment_table,
                                check_fragment_flow, file));
  }
  return finish(std::move(all), file);
}

Parsed<Target> parse_target(std::string_view text, const std::filesystem::path& file) {
  Document document = read_object(text, file);
  Parsed<Target> parsed;
  if (document.root) {
    const CheckResult tree = check_tree(*document.root, schema::target_table, file);
    append(document.diagnostics, tree.diagnostics);
    append(document.diagnostics, check_target_flow(*document.root, tree, file));
    check_arguments(*document.root, tree.variables, file, document.diagnostics);
    if (!has_errors(document.diagnostics)) {
      Conversion conversion{file, document.diagnostics};
      Target target = convert_target(*document.root, conversion);
      if (!has_errors(document.diagnostics)) {
        parsed.value = std::move(target);
      }
    }
  }
  parsed.diagnostics = finish(std::move(document.diagnostics), file);
  return parsed;
}

}  // namespace relapse
