#include "scenario/reader.hpp"

#include <cstdint>
#include <system_error>
#include <utility>

#include "scenario/argv_check.hpp"
#include "scenario/check.hpp"
#include "scenario/convert.hpp"
#include "scenario/diagnostics.hpp"
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

using FlowCheck = std::vector<Diagnostic> (*)(const Node&, const CheckResult&,
                                              const std::filesystem::path&);

/// All that can be said about a file before it is converted. The tree has a root exactly when it
/// is worth converting.
Document check_file(std::string_view text, const std::filesystem::path& file,
                    const schema::ObjectTable& table, FlowCheck flow) {
  Document document = parse_jsonc(text, file);
  if (document.root && !document.root->is(Node::Kind::object)) {
    document.diagnostics.push_back(
        make_error(file, document.root->span,
                   "the file must hold one object, found " + found_noun(*document.root)));
    document.root.reset();
  }
  if (!document.root) {
    return document;
  }
  CheckResult tree = check_tree(*document.root, table, file);
  std::vector<Diagnostic> meaning = flow(*document.root, tree, file);
  check_arguments(*document.root, tree.variables, file, meaning);
  std::vector<Diagnostic>& all = document.diagnostics;
  all.insert(all.end(), tree.diagnostics.begin(), tree.diagnostics.end());
  all.insert(all.end(), meaning.begin(), meaning.end());
  if (has_errors(all)) {
    document.root.reset();
  }
  return document;
}

}  // namespace

Parsed<Scenario> parse_scenario(std::string_view text, const std::filesystem::path& file,
                                const std::filesystem::path& root) {
  Document document = check_file(text, file, schema::scenario_table, check_scenario_flow);
  Parsed<Scenario> parsed;
  if (document.root) {
    Conversion conversion{file, document.diagnostics};
    Scenario scenario = convert_scenario(*document.root, conversion);
    scenario.id = id_of(file, root);
    scenario.digest = fnv1a(canonical_json(*document.root) + conversion.read_files);
    if (!has_errors(document.diagnostics)) {
      parsed.value = std::move(scenario);
    }
  }
  parsed.diagnostics = finish(std::move(document.diagnostics), file);
  return parsed;
}

Parsed<Target> parse_target(std::string_view text, const std::filesystem::path& file) {
  Document document = check_file(text, file, schema::target_table, check_target_flow);
  Parsed<Target> parsed;
  if (document.root) {
    Conversion conversion{file, document.diagnostics};
    Target target = convert_target(*document.root, conversion);
    if (!has_errors(document.diagnostics)) {
      parsed.value = std::move(target);
    }
  }
  parsed.diagnostics = finish(std::move(document.diagnostics), file);
  return parsed;
}

}  // namespace relapse
