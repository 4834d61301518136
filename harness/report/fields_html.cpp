#include "report/fields_html.hpp"

#include <ctemplate/template.h>

namespace relapse::html {

void Fields::text(const char* name, std::string_view value, std::size_t max_bytes) {
  dictionary_->SetValue(name, safe_text(value, max_bytes).str());
}

void Fields::number(const char* name, long value) {
  dictionary_->SetIntValue(name, value);
}

Fields Fields::section(const char* name) {
  return Fields(dictionary_->AddSectionDictionary(name));
}

void Fields::optional(const char* name, std::string_view value, std::size_t max_bytes) {
  if (!value.empty())
    section(name).text("TEXT", value, max_bytes);
}

Document::Document(std::string_view template_text)
    : template_(template_text),
      dictionary_(std::make_unique<ctemplate::TemplateDictionary>("page")) {}

Document::~Document() = default;

Fields Document::root() const {
  return Fields(dictionary_.get());
}

std::string Document::expand() const {
  // A cache of its own for every page: the engine's global one is shared state.
  ctemplate::TemplateCache cache;
  std::string out;
  if (!cache.StringToTemplateCache("page", template_.data(), template_.size(),
                                   ctemplate::STRIP_BLANK_LINES))
    return {};
  if (!cache.ExpandWithData("page", ctemplate::STRIP_BLANK_LINES, dictionary_.get(), nullptr, &out))
    return {};
  return out;
}

}  // namespace relapse::html
