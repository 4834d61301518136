#include "scenario/cases.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "scenario/check.hpp"
#include "scenario/schema_table.hpp"

// A file with "cases" is a template, of which each case makes a scenario:
//
//   "title": "No ${key}",            "cases": { "headers": { "key": "headers" },
//   "steps": [ .. "/${key}" .. ]                "path": { "key": "path" } }
//
// The values are put in before anything else happens, so that a case is checked, written out and
// hashed like a file of its own.

namespace relapse {
namespace {

/// Every case gives the same parameters, or a name would stay in some of them.
bool check_parameters(const Node& cases, const std::filesystem::path& file,
                      std::vector<Diagnostic>& out) {
  std::map<std::string, std::string> givers;  // parameter -> the first case that gives it
  for (const Member& one : cases.members) {
    for (const Member& value : one.value.members) {
      givers.emplace(value.key, one.key);
    }
  }
  bool same = true;
  for (const Member& one : cases.members) {
    for (const auto& [name, giver] : givers) {
      if (one.value.find(name) == nullptr) {
        out.push_back(make_error(
            file, one.key_span, "the case " + quote(one.key) + " does not give " + quote(name), {},
            "the case " + quote(giver) + " does, and every case gives the same parameters"));
        same = false;
      }
    }
  }
  return same;
}

void check_used(const Node& cases, std::string_view text, const std::filesystem::path& file,
                std::vector<Diagnostic>& out) {
  for (const Member& value : cases.members.front().value.members) {
    if (text.find("${" + value.key + "}") == std::string_view::npos) {
      out.push_back(make_error(file, value.key_span,
                               "the parameter " + quote(value.key) + " is used nowhere", {},
                               "it is put in for \"${" + value.key + "}\""));
    }
  }
}

void check_names(const Node& cases, const std::filesystem::path& file,
                 std::vector<Diagnostic>& out) {
  for (const Member& one : cases.members) {
    if (one.key == file.stem().string()) {
      out.push_back(make_error(file, one.key_span,
                               "the case " + quote(one.key) + " is called like its file"));
    }
  }
}

std::string in_cases(const std::vector<std::string>& names) {
  const std::size_t others = names.size() - 1;
  return " (case " + quote(names.front()) +
         (others > 0 ? " and " + std::to_string(others) + " more" : "") + ")";
}

}  // namespace

std::vector<Case> read_cases(const Node& root, std::string_view text,
                             const std::filesystem::path& file, std::vector<Diagnostic>& out) {
  const Node* cases = root.find("cases");
  if (cases == nullptr) {
    return {};
  }
  Node only = root;
  std::erase_if(only.members, [](const Member& member) { return member.key != "cases"; });
  std::vector<Diagnostic> found = check_tree(only, schema::cases_table, file).diagnostics;
  if (!has_errors(found)) {
    check_names(*cases, file, found);
    if (check_parameters(*cases, file, found)) {
      check_used(*cases, text, file, found);
    }
  }
  out.insert(out.end(), found.begin(), found.end());
  std::vector<Case> all;
  for (std::size_t i = 0; !has_errors(found) && i < cases->members.size(); ++i) {
    const Member& one = cases->members[i];
    Case made{one.key, {}};
    for (const Member& value : one.value.members) {
      made.values[value.key] = value.value;
    }
    all.push_back(std::move(made));
  }
  return all;
}

Node with_case(const Node& root, const Case& one, const std::filesystem::path& file,
               std::vector<Diagnostic>& out) {
  Node made;
  made.kind = root.kind;
  made.span = root.span;
  for (const Member& member : root.members) {
    if (member.key != "cases") {
      made.members.push_back(member);
    }
  }
  put_in(made, one.values, file, out);
  return made;
}

std::vector<Diagnostic> merge(const std::vector<Case>& all, const Node& cases,
                              std::vector<std::vector<Diagnostic>> found) {
  using Place = std::tuple<std::string, std::size_t, std::string>;
  std::map<Place, std::vector<std::string>> names;
  std::vector<Diagnostic> merged;
  const auto place = [](const Diagnostic& one) {
    return Place{one.at.file, one.offset, one.message};
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (Diagnostic& one : found[i]) {
      std::vector<std::string>& seen = names[place(one)];
      if (seen.empty()) {
        merged.push_back(one);
      }
      if (seen.empty() || seen.back() != all[i].name) {
        seen.push_back(all[i].name);
      }
    }
  }
  for (Diagnostic& one : merged) {
    const std::vector<std::string>& seen = names[place(one)];
    const bool in_case = !one.text && one.offset >= cases.span.offset &&
                         one.offset < cases.span.offset + cases.span.length;
    if (seen.size() < all.size() && !in_case) {
      one.message += in_cases(seen);
    }
  }
  return merged;
}

}  // namespace relapse
