#include "report/fields_html.hpp"

#include <ctemplate/template.h>

#include "report/assets.hpp"

namespace relapse::html {

namespace {

constexpr std::string_view chart_marker = "{{INCLUDE chart}}\n";

std::string with_chart(std::string_view text) {
  std::string whole(text);
  const std::size_t at = whole.find(chart_marker);
  if (at != std::string::npos)
    whole.replace(at, chart_marker.size(), assets::chart_template());
  return whole;
}

}  // namespace

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

Fields Fields::either(bool first, const char* name, const char* otherwise) {
  return section(first ? name : otherwise);
}

// A cache of its own for every template: the engine's global one is shared state.
Template::Template(std::string_view text)
    : text_(with_chart(text)), cache_(std::make_unique<ctemplate::TemplateCache>()) {
  accepted_ = cache_->StringToTemplateCache("page", text_.data(), text_.size(),
                                            ctemplate::STRIP_BLANK_LINES);
}

Template::~Template() = default;

std::string Template::expand(const ctemplate::TemplateDictionary& dictionary) const {
  std::string out;
  if (!accepted_ ||
      !cache_->ExpandWithData("page", ctemplate::STRIP_BLANK_LINES, &dictionary, nullptr, &out))
    return {};
  return out;
}

Document::Document(const Template& parsed)
    : template_(parsed), dictionary_(std::make_unique<ctemplate::TemplateDictionary>("page")) {}

Document::~Document() = default;

Fields Document::root() const {
  return Fields(dictionary_.get());
}

std::string Document::expand() const {
  return template_.expand(*dictionary_);
}

}  // namespace relapse::html
