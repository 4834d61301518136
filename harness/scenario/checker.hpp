#pragma once
#include <string>
#include <vector>

#include "scenario/check.hpp"

// Shared by check.cpp (objects and plain values) and check_pattern.cpp; nobody else includes it.

namespace relapse::schema {

/// Where the walk is, for messages: "step 3, expect.close".
class Place {
 public:
  void enter_key(std::string_view key) { parts_.push_back({std::string(key), false}); }
  /// Element of the list that was entered last: "steps" becomes "step 3".
  void enter_element(std::size_t index);
  void enter_step(const std::string& label) { parts_.push_back({label, true}); }
  void leave() { parts_.pop_back(); }

  /// All of it; "the file" at the root.
  std::string text() const { return text(parts_.size()); }
  /// "in step 3, expect", "at the top level".
  std::string inside() const {
    return parts_.empty() ? std::string("at the top level") : "in " + text();
  }
  /// The value itself: `"code" in step 3, expect.close`, `step 3`.
  std::string subject() const;

 private:
  struct Part {
    std::string text;
    bool element = false;
  };
  std::string text(std::size_t count) const;
  std::vector<Part> parts_;
};

class Checker {
 public:
  Checker(const std::filesystem::path& file, CheckResult& result) : file_(file), result_(result) {}

  void object(const Node& node, const ObjectTable& table);
  void step(const Node& node, const std::string& label);

 private:
  void value(const Node& node, const Type& type);
  void integer(const Node& node, const Type& type);
  void string(const Node& node, const Type& type);
  /// `outer` is the one_of whose alternative it is.
  void choice(const Node& node, const Type& type, const Type* outer);
  void list(const Node& node, const Type& type);
  void map(const Node& node, const Type& type);
  void one_of(const Node& node, const Type& type);
  void any(const Node& node);
  void wrong_type(const Node& node, const Type& type);
  void unknown_key(const Member& member, const ObjectTable& table);
  void groups(const Node& node, const ObjectTable& table, bool has_unknown);
  void collect_variables(const Span& span, std::string_view raw, std::string_view text);

  void pattern(const Node& node, const Type& item);
  void operators(const Node& node, const Type& item);
  void operation(const Member& member, const Type& item);
  void text_operation(const Member& member, const Type& item);
  void never_matches(const Member& member, const Type& item, std::string_view wanted);
  void subset(const Node& node, const Type& item);
  void not_an_operator(const Member& member, const Type& item);

  void error(const Span& span, std::string message, std::string label = {}, std::string note = {});
  void note(const Span& span, std::string message, std::string label, std::string note);

  const std::filesystem::path& file_;
  CheckResult& result_;
  Place place_;
};

/// "a, b, c" of the names of keys or values.
std::string name_list(const std::vector<std::string_view>& names);

}  // namespace relapse::schema
