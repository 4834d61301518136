#include "drive/secrets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "codec/http1.hpp"

namespace relapse {
namespace {

constexpr std::size_t shortest = 4;

std::string stand_in(const std::string& name) {
  return "[redacted " + name + "]";
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// The part of the base64 text that depends on the value alone when `shift` octets stand before it
/// in the same group of three.
std::string base64_core(const std::string& value, std::size_t shift) {
  std::string text = to_base64(std::string(shift, '\0') + value);
  text.erase(0, (shift * 8 + 5) / 6);
  const std::size_t over = (shift + value.size()) % 3;
  if (over != 0) {
    text.resize(text.size() - (over == 1 ? 3 : 2));  // the padding and what follows decides
  }
  return text;
}

std::string url_alphabet(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::vector<std::string> forms_of(const std::string& value) {
  std::vector<std::string> forms{value, percent_encode(value)};
  const std::string quoted =
      Json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  forms.push_back(quoted.substr(1, quoted.size() - 2));
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string core = base64_core(value, shift);
    if (core.size() >= shortest) {
      forms.push_back(core);
      forms.push_back(url_alphabet(core));
    }
  }
  return forms;
}

struct Redact {
  const Secrets& secrets;

  /// `size` counts what is kept and what is not: only of the former is there a new number.
  void redact_counted(std::string& octets, std::uint64_t& size) const {
    const std::size_t before = octets.size();
    secrets.redact(octets);
    if (octets.size() != before && size >= before) {
      size = size - before + octets.size();
    }
  }

  void operator()(HttpMessage& p) const {
    secrets.redact(p.target);
    secrets.redact(p.reason);
    for (Header& header : p.headers) {
      secrets.redact(header.value);
    }
    secrets.redact(p.head);
    redact_counted(p.body, p.body_size);
  }
  void operator()(WsFrame& p) const {
    redact_counted(p.payload, p.length);
    redact_counted(p.message, p.message_size);
  }
  void operator()(RawBytes& p) const { redact_counted(p.data, p.size); }
  void operator()(LogLine& p) const {
    secrets.redact(p.text);
    secrets.redact(p.raw);
  }
  void operator()(Ready& p) const { secrets.redact(p.detail); }
  void operator()(Probed& p) const { secrets.redact(p.detail); }
  void operator()(Identified& p) const { secrets.redact(p.value); }
  void operator()(HarnessFailed& p) const { secrets.redact(p.message); }
  void operator()(ProcessStarted& p) const {
    for (std::string& word : p.command) {
      secrets.redact(word);
    }
  }
  void operator()(AsgiCalled& p) const { p.scope = redacted(p.scope); }
  void operator()(AsgiFed& p) const { p.event = redacted(p.event); }
  void operator()(AsgiSent& p) const { p.event = redacted(p.event); }
  void operator()(AsgiSendFate& p) const { secrets.redact(p.message); }
  void operator()(AsgiReturned& p) const { secrets.redact(p.value); }
  void operator()(AsgiRaised& p) const {
    redact_chain(p.chain);
    secrets.redact(p.traceback);
  }
  void operator()(AsgiComplaint& p) const {
    secrets.redact(p.text);
    redact_chain(p.chain);
    secrets.redact(p.traceback);
  }
  void redact_chain(std::vector<AsgiException>& chain) const {
    for (AsgiException& one : chain) {
      secrets.redact(one.message);
    }
  }
  Value redacted(const Value& value) const {
    Json json = value.json();
    redact_strings(json);
    return Value(std::move(json));
  }
  void redact_strings(Json& json) const {
    if (json.is_string()) {
      secrets.redact(json.get_ref<std::string&>());
    } else if (json.is_structured()) {
      for (Json& child : json) {
        redact_strings(child);
      }
    }
  }
  template <class NothingOfTheTarget>
  void operator()(NothingOfTheTarget&) const {}
};

bool mentions_secret(const TokenRecipe& recipe) {
  return recipe.secret.find("${secret:") != std::string::npos ||
         recipe.claims.dump().find("${secret:") != std::string::npos;
}

}  // namespace

Result<void> Secrets::add(const std::string& name, const std::string& value) {
  if (value.empty() || names_.contains(name)) {
    return {};  // nothing to hide, or hidden already
  }
  if (value.size() < shortest) {
    return Error{ErrorKind::usage,
                 "the value of ${" + name + "} has " + std::to_string(value.size()) +
                     " octets: too few to be kept out of the output",
                 {},
                 "a secret has at least 4; use ${env:...} for a value that may be seen"};
  }
  names_.insert(name);
  values_.emplace_back(stand_in(name), value);
  for (std::string& form : forms_of(value)) {
    forms_.emplace_back(std::move(form), stand_in(name));
  }
  // A secret may be part of another one, or of a token: the longest is looked for first.
  std::stable_sort(forms_.begin(), forms_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return {};
}

Result<void> Secrets::add_from(const Variables& variables, const Target& target) {
  for (const auto& [name, value] : variables) {
    if (auto kept = is_secret(name, target) ? add(name, value) : Result<void>(); !kept) {
      return kept;
    }
  }
  return {};
}

void Secrets::redact(std::string& text) const {
  for (const auto& [form, word] : forms_) {
    replace_all(text, form, word);
  }
}

void Secrets::redact(Payload& payload) const {
  if (!empty()) {
    std::visit(Redact{*this}, payload);
  }
}

Variables Secrets::shown(Variables variables) const {
  for (auto& [name, value] : variables) {
    if (names_.contains(name)) {
      value = stand_in(name);
    } else {
      redact(value);
    }
  }
  return variables;
}

Variables Secrets::revealed(Variables captured) const {
  for (auto& [name, value] : captured) {
    for (const auto& [word, secret] : values_) {
      replace_all(value, word, secret);
    }
  }
  return captured;
}

bool is_secret(const std::string& name, const Target& target) {
  if (name.starts_with("secret:")) {
    return true;
  }
  const auto recipe =
      name.starts_with("token:") ? target.tokens.find(name.substr(6)) : target.tokens.end();
  if (recipe == target.tokens.end()) {
    return false;
  }
  const auto key = target.keys.find(recipe->second.key);
  return mentions_secret(recipe->second) || (key != target.keys.end() && !key->second.file.empty());
}

}  // namespace relapse
