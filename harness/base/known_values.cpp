#include "base/known_values.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"

namespace relapse {
namespace {

constexpr std::size_t shortest_line = 16;  ///< of a value of several lines

std::uint16_t key_of(char first, char second) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(first) << 8) |
                                    static_cast<unsigned char>(second));
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

std::uint32_t list_of(std::uint16_t key, bool spelt) {
  return (static_cast<std::uint32_t>(key) << 1) | (spelt ? 1U : 0U);
}

SpellingMatch same(std::string_view text, std::string_view form) {
  const auto [end, other] = std::mismatch(text.begin(), text.end(), form.begin(), form.end());
  const auto length = static_cast<std::size_t>(end - text.begin());
  return {length, length};
}

std::string without_blanks(const std::string& hex) {
  std::string dense;
  std::copy_if(hex.begin(), hex.end(), std::back_inserter(dense), [](char c) { return c != ' '; });
  return dense;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  return text;
}

}  // namespace

void KnownValues::add_form(std::string text, std::size_t value, bool spelt) {
  if (text.size() < shortest) {
    return;
  }
  const std::uint16_t key = key_of(text[0], text[1]);
  starts_[key] = true;
  longest_ = std::max(longest_, text.size());
  std::vector<std::size_t>& list = by_start_[list_of(key, spelt)];
  const auto place = std::partition_point(
      list.begin(), list.end(), [&](std::size_t index) { return forms_[index].text < text; });
  list.insert(place, forms_.size());
  forms_.push_back({std::move(text), value, spelt});
}

void KnownValues::add(const std::string& name, const std::string& value) {
  const bool there = std::any_of(values_.begin(), values_.end(), [&](const Value& one) {
    return one.text == value && one.name == name;
  });
  if (there || value.size() < shortest) {
    return;
  }
  const std::size_t index = values_.size();
  values_.push_back({name, value});
  add_form(value, index, true);
  const std::string spaced = to_hex(value);
  const std::string dense = without_blanks(spaced);
  add_form(spaced, index, false);
  add_form(dense, index, false);
  add_form(upper(dense), index, false);
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string core = base64_core(value, shift);
    add_form(core, index, false);
    if (const std::string other = url_alphabet(core); other != core) {
      add_form(other, index, false);
    }
  }
  if (value.find('\n') == std::string::npos) {
    return;
  }
  for (const std::string& line : split(value, '\n')) {
    const std::string_view text = trim(line);
    if (text.size() >= shortest_line && !text.starts_with("-----")) {
      add(name, std::string(text));
    }
  }
}

void KnownValues::match_forms(std::string_view text, std::size_t at, std::uint16_t key,
                              std::optional<Hit>& best) const {
  const std::string_view rest = text.substr(at);
  for (const bool spelt : {true, false}) {
    const auto found = by_start_.find(list_of(key, spelt));
    if (found == by_start_.end()) {
      continue;
    }
    const std::vector<std::size_t>& list = found->second;
    for (auto one = list.begin(); one != list.end();) {
      const Form& form = forms_[*one];
      const SpellingMatch match = spelt ? match_spelling(rest, form.text) : same(rest, form.text);
      if (match.matched == form.text.size()) {
        if (!best || at + match.length > best->end) {
          best = Hit{at, at + match.length, form.value};
        }
        ++one;
        continue;
      }
      // Tokens begin alike: all that share the octet that was wrong are wrong.
      const std::string_view wrong = std::string_view(form.text).substr(0, match.matched + 1);
      one = std::partition_point(one, list.end(), [&](std::size_t index) {
        return std::string_view(forms_[index].text).substr(0, wrong.size()) <= wrong;
      });
    }
  }
}

std::optional<KnownValues::Hit> KnownValues::match_at(std::string_view text, std::size_t at) const {
  std::optional<Hit> best;
  const std::string_view rest = text.substr(at);
  if (rest.size() > 1 && !may_escape(rest[0]) && !may_escape(rest[1])) {
    if (may_start(static_cast<unsigned char>(rest[0]), static_cast<unsigned char>(rest[1]))) {
      match_forms(text, at, key_of(rest[0], rest[1]), best);
    }
    return best;
  }
  // The first two octets in every way in which they can be read.
  const auto readings = [](std::string_view here) {
    std::array<Spelt, 2> both;
    if (!here.empty()) {
      both[0] = {{here[0]}, 1, 1};
      both[1] = may_escape(here[0]) ? read_escape(here) : Spelt();
    }
    return both;
  };
  for (const Spelt& first : readings(rest)) {
    if (first.count > 1 && starts_[key_of(first.octets[0], first.octets[1])]) {
      match_forms(text, at, key_of(first.octets[0], first.octets[1]), best);
    }
    if (first.count != 1 || first.length >= rest.size()) {
      continue;
    }
    for (const Spelt& second : readings(rest.substr(first.length))) {
      if (second.count > 0 && starts_[key_of(first.octets[0], second.octets[0])]) {
        match_forms(text, at, key_of(first.octets[0], second.octets[0]), best);
      }
    }
  }
  return best;
}

std::vector<KnownValues::Hit> KnownValues::find(std::string_view text) const {
  std::vector<Hit> hits;
  if (empty()) {
    return hits;
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto hit = match_at(text, at);
    if (hit) {
      hits.push_back(*hit);
    }
    at = hit ? hit->end : at + 1;
  }
  return hits;
}

std::optional<KnownValues::Hit> KnownValues::first(std::string_view text) const {
  for (std::size_t at = 0; at < text.size() && !empty(); ++at) {
    if (const auto hit = match_at(text, at)) {
      return hit;
    }
  }
  return std::nullopt;
}

std::optional<KnownValues::Hit> KnownValues::cut_off(std::string_view text) const {
  constexpr std::size_t longest_escape = 12;
  const std::size_t reach = std::min(text.size(), longest_ * longest_escape);
  for (std::size_t at = text.size() - reach; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    for (const Form& form : forms_) {
      const std::size_t enough = std::max<std::size_t>(shortest, form.text.size() / 3);
      const bool here = rest[0] == form.text[0] || may_escape(rest[0]);
      if (!here || (!form.spelt && rest.size() < enough)) {
        continue;
      }
      const bool begun = form.spelt ? [&] {
        const SpellingMatch match = match_spelling(rest, form.text);
        return match.length == rest.size() && match.matched >= enough;
      }()
                                    : form.text.starts_with(rest);
      if (begun) {
        return Hit{at, text.size(), form.value};
      }
    }
  }
  return std::nullopt;
}

}  // namespace relapse
