#include "drive/redact_json.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"

namespace relapse {
namespace {

/// The text of a str or of bytes; null for anything else. `T` is Json or const Json.
template <class T>
auto* text_of(T& json) {
  using Text = std::conditional_t<std::is_const_v<T>, const std::string, std::string>;
  Text* none = nullptr;
  if (json.is_string()) {
    return &json.template get_ref<Text&>();
  }
  if (json.is_object() && json.size() == 1) {
    const auto bytes = json.find("$bytes");
    if (bytes != json.end() && bytes->is_string()) {
      return &bytes->template get_ref<Text&>();
    }
  }
  return none;
}

/// Walks over every text and tells by which rule it is to be read.
template <class T, class Visit>
class Walk {
 public:
  explicit Walk(Visit visit) : visit_(std::move(visit)) {}

  void value(T& json, std::string_view name) {
    if (auto* text = text_of(json)) {
      visit_(*text, name);
    } else if (json.is_object()) {
      for (auto& [key, child] : json.items()) {
        value(child, key.starts_with('$') ? name : std::string_view(key));
      }
    } else if (json.is_array()) {
      elements(json, name);
    }
  }

 private:
  void elements(T& json, std::string_view name) {
    const auto* header = json.size() == 2 ? text_of(json[0]) : nullptr;
    if (header != nullptr && carries_credentials(*header)) {
      value(json[1], *header);
      return;
    }
    std::string before;
    for (T& child : json) {
      auto* text = text_of(child);
      if (text != nullptr && name == "subprotocols") {
        const std::string own = *text;
        visit_(*text, name, before);
        before = own;
      } else {
        value(child, name);
      }
    }
  }

  Visit visit_;
};

std::vector<Redaction> find_named(std::string_view text, std::string_view name,
                                  const Secrets& secrets, const std::string& before = {}) {
  constexpr std::string_view protocol = "sec-websocket-protocol";
  if (carries_credentials(name)) {
    return secrets.find_in_header(name, text);
  }
  if (name == "subprotocol") {
    return secrets.find_in_header(protocol, text);
  }
  if (name == "subprotocols") {
    // In the list a scheme may announce the token that follows.
    const std::string lead = before.empty() ? "" : before + ", ";
    std::vector<Redaction> found;
    for (Redaction one : secrets.find_in_header(protocol, lead + std::string(text))) {
      if (one.begin >= lead.size()) {
        one.begin -= lead.size();
        one.end -= lead.size();
        found.push_back(std::move(one));
      }
    }
    return found;
  }
  return secrets.find(text, name == "query_string" ? TextKind::query : TextKind::plain);
}

struct Look {
  const Secrets& secrets;
  bool& any;
  void operator()(const std::string& text, std::string_view name,
                  const std::string& before = {}) const {
    any = any || !find_named(text, name, secrets, before).empty();
  }
};

struct Hide {
  const Secrets& secrets;
  RedactionCounts& counts;
  bool& any;
  void operator()(std::string& text, std::string_view name, const std::string& before = {}) const {
    const auto found = find_named(text, name, secrets, before);
    for (const Redaction& one : found) {
      ++counts[one.rule];
    }
    put_marks(text, found);
    any = any || !found.empty();
  }
};

/// Bytes that are no UTF-8 stand there as hex digits, in which shapes are not seen.
template <class T, class Visit>
void each_hex(T& json, const Visit& visit) {
  if (json.is_object()) {
    const auto hex = json.find("$hex");
    if (hex != json.end() && hex->is_string()) {
      visit(*hex);
      return;
    }
  }
  if (json.is_structured()) {
    for (T& child : json) {
      each_hex(child, visit);
    }
  }
}

}  // namespace

bool holds_credentials(const Json& json, const Secrets& secrets) {
  bool any = false;
  Walk<const Json, Look>(Look{secrets, any}).value(json, "");
  each_hex(json, [&](const Json& hex) {
    const auto bytes = from_hex(hex.get_ref<const std::string&>());
    any = any || (bytes && !secrets.find(*bytes).empty());
  });
  return any;
}

bool redact_json(Json& json, const Secrets& secrets, RedactionCounts& counts) {
  bool any = false;
  each_hex(json, [&](Json& hex) {
    auto bytes = from_hex(hex.get_ref<const std::string&>());
    const auto found = bytes ? secrets.find(*bytes) : std::vector<Redaction>();
    if (!found.empty()) {
      put_marks(*bytes, found);
      hex = to_hex(*bytes);
      any = true;
    }
    for (const Redaction& one : found) {
      ++counts[one.rule];
    }
  });
  Walk<Json, Hide>(Hide{secrets, counts, any}).value(json, "");
  return any;
}

std::vector<std::string*> stream_texts(Json& event) {
  std::vector<std::string*> texts;
  if (event.is_object()) {
    for (const char* key : {"body", "text", "bytes"}) {
      const auto found = event.find(key);
      std::string* text = found != event.end() ? text_of(*found) : nullptr;
      if (text != nullptr) {
        texts.push_back(text);
      }
    }
  }
  return texts;
}

}  // namespace relapse
