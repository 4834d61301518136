#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace ctemplate {
class TemplateDictionary;
}

/// The only way from this project's data into a template. Whatever is put in goes through
/// safe_text first, so that no raw octet of a target reaches a page; the template engine then
/// escapes for the context in which it stands.
namespace relapse::html {

class Fields {
 public:
  explicit Fields(ctemplate::TemplateDictionary* dictionary) : dictionary_(dictionary) {}

  void text(const char* name, std::string_view value, std::size_t max_bytes = 2000);
  void number(const char* name, long value);
  /// Shows a section once; the result fills it.
  Fields section(const char* name);
  /// A section that holds one text, shown only when there is one.
  void optional(const char* name, std::string_view value, std::size_t max_bytes = 2000);

 private:
  ctemplate::TemplateDictionary* dictionary_;
};

/// A dictionary with its template.
class Document {
 public:
  explicit Document(std::string_view template_text);
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  Fields root() const;
  /// Empty when the engine refuses the template (unquoted attributes, a broken marker).
  std::string expand() const;

 private:
  std::string_view template_;
  std::unique_ptr<ctemplate::TemplateDictionary> dictionary_;
};

}  // namespace relapse::html
