#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace ctemplate {
class TemplateCache;
class TemplateDictionary;
}  // namespace ctemplate

/// The only way from this project's data into a template. Whatever is put in goes through
/// safe_text first, so that no raw octet of a target reaches a page; the template engine then
/// escapes for the context in which it stands.
namespace relapse::html {

class Fields {
 public:
  explicit Fields(ctemplate::TemplateDictionary* dictionary) : dictionary_(dictionary) {}

  void text(const char* name, std::string_view value, std::size_t max_bytes = 2000);
  void number(const char* name, long value);
  /// Shows a section once; the result fills it. A section that is shown shows everywhere below it
  /// too, so what stands inside another needs a name of its own.
  Fields section(const char* name);
  /// A section that holds one text, shown only when there is one.
  void optional(const char* name, std::string_view value, std::size_t max_bytes = 2000);
  /// One of two sections.
  Fields either(bool first, const char* name, const char* otherwise);

 private:
  ctemplate::TemplateDictionary* dictionary_;
};

/// A template, parsed once. "{{INCLUDE chart}}" stands for the template of charts.
class Template {
 public:
  explicit Template(std::string_view text);
  ~Template();
  Template(const Template&) = delete;
  Template& operator=(const Template&) = delete;
  /// False when the engine refuses it (unquoted attributes, a broken marker).
  bool accepted() const { return accepted_; }
  std::string expand(const ctemplate::TemplateDictionary& dictionary) const;

 private:
  std::string text_;
  std::unique_ptr<ctemplate::TemplateCache> cache_;
  bool accepted_ = false;
};

/// A dictionary with its template.
class Document {
 public:
  explicit Document(const Template& parsed);
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  Fields root() const;
  /// Empty when the engine refuses the template.
  std::string expand() const;

 private:
  const Template& template_;
  std::unique_ptr<ctemplate::TemplateDictionary> dictionary_;
};

}  // namespace relapse::html
