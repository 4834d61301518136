#include "scenario/fragments.hpp"

#include <algorithm>
#include <system_error>

#include "base/files.hpp"
#include "scenario/check.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

void read_parameters(const Node& root, Fragment& fragment) {
  const Node* parameters = root.find("parameters");
  if (parameters == nullptr) {
    return;
  }
  for (const Member& member : parameters->members) {
    fragment.parameters.push_back(
        {member.key, std::string(text_of(member.value, "doc")), member.value.find("default")});
  }
}

}  // namespace

const Parameter* Fragment::find(const std::string& name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& one) { return one.name == name; });
  return found != parameters.end() ? &*found : nullptr;
}

std::unique_ptr<Fragment> read_fragment(std::string text, const fs::path& file) {
  auto fragment = std::make_unique<Fragment>();
  fragment->file = file;
  fragment->text = std::make_shared<const std::string>(std::move(text));
  fragment->document = parse_jsonc(*fragment->text, file);
  fragment->diagnostics = fragment->document.diagnostics;
  const auto& root = fragment->document.root;
  if (!root) {
    return fragment;
  }
  if (!root->is(Node::Kind::object)) {
    fragment->diagnostics.push_back(
        make_error(file, root->span, "the file must hold one object, found " + found_noun(*root)));
    return fragment;
  }
  const CheckResult tree = check_tree_without_steps(*root, schema::fragment_table, file);
  fragment->diagnostics.insert(fragment->diagnostics.end(), tree.diagnostics.begin(),
                               tree.diagnostics.end());
  if (!has_errors(fragment->diagnostics)) {
    read_parameters(*root, *fragment);
    fragment->steps = root->find("steps");
  }
  return fragment;
}

FragmentFolder::FragmentFolder(fs::path scenarios_dir)
    : folder_(std::move(scenarios_dir) / "fragments") {}

const Fragment* FragmentFolder::find(const std::string& name) {
  const auto known = read_.find(name);
  if (known != read_.end()) {
    return known->second.get();
  }
  const bool leaves = name.find("..") != std::string::npos || name.starts_with('/');
  auto text = leaves ? Result<std::string>(Error{}) : read_file(folder_ / (name + ".json"));
  auto& slot = read_[name];
  if (text) {
    slot = read_fragment(*std::move(text), folder_ / (name + ".json"));
  }
  return slot.get();
}

std::vector<std::string> FragmentFolder::names() const {
  std::vector<std::string> names;
  std::error_code failed;
  fs::recursive_directory_iterator entry(folder_, failed);
  for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    if (entry->path().extension() == ".json") {
      names.push_back(
          entry->path().lexically_relative(folder_).replace_extension().generic_string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_fragment_file(const fs::path& path, const fs::path& scenarios_dir) {
  std::error_code ignored;
  const fs::path folder = fs::absolute(scenarios_dir / "fragments", ignored).lexically_normal();
  const fs::path relative =
      fs::absolute(path, ignored).lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace relapse
