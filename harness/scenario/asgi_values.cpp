#include "scenario/asgi_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "model/asgi_scope.hpp"
#include "scenario/check.hpp"
#include "scenario/convert.hpp"
#include "scenario/schema_table.hpp"

namespace relapse {
namespace {

constexpr std::array<std::string_view, 8> tags{"$bytes", "$hex",   "$tuple",   "$dict",
                                               "$int",   "$float", "$str_hex", "$repeat"};
constexpr std::string_view tags_note =
    "the tags are: $bytes, $hex, $tuple, $dict, $int, $float, $str_hex, $repeat";
constexpr std::size_t max_repeated_items = 1'000'000;

bool is_broken(const Node& node) {
  return node.broken || std::any_of(node.items.begin(), node.items.end(), is_broken) ||
         std::any_of(node.members.begin(), node.members.end(),
                     [](const Member& member) { return is_broken(member.value); });
}

const Member* tag_of(const Node& node) {
  const auto found = std::find_if(node.members.begin(), node.members.end(),
                                  [](const Member& one) { return one.key.starts_with('$'); });
  return found != node.members.end() ? &*found : nullptr;
}

bool is_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The octets of a str or bytes as written, or the elements of a list.
std::size_t size_of(const Node& node) {
  if (node.is(Node::Kind::string)) {
    return node.text.size();
  }
  if (const Node* hex = node.find("$hex")) {
    return hex->text.size() / 2;
  }
  const Node* inner = node.find("$bytes");
  return inner != nullptr ? inner->text.size() : node.items.size();
}

class ValueCheck {
 public:
  ValueCheck(const std::filesystem::path& file, std::vector<Diagnostic>& out)
      : file_(file), out_(out) {}

  /// A value that the application is given.
  void given(const Node& node) {
    for (const Node& item : node.items) {
      given(item);
    }
    if (const Member* tag = tag_of(node)) {
      tagged(node, *tag);
      return;
    }
    for (const Member& member : node.members) {
      given(member.value);
    }
  }

  /// A pattern of what the application sent.
  void seen(const Node& node) {
    for (const Node& item : node.items) {
      seen(item);
    }
    for (const Member& member : node.members) {
      if (member.key.starts_with('$')) {
        seen_tag(member);
      }
      seen(member.value);
    }
  }

  /// The body and bytes of an event are bytes, which text is never equal to.
  void octets_as_text(const Node& event) {
    for (const Member& member : event.members) {
      const Node& value = member.value;
      const bool text = value.is(Node::Kind::string) || value.find("contains") != nullptr ||
                        value.find("matches") != nullptr;
      if (text && (member.key == "body" || member.key == "bytes")) {
        error(value.span,
              quote(member.key) + " of an event is bytes, and this is the pattern of a str", {},
              "bytes are {\"$bytes\": \"ok\"} or {\"$bytes\": {\"contains\": \"ok\"}}");
        out_.back().severity = Diagnostic::Severity::note;
      }
    }
  }

  /// What a call changes in its scope.
  void scope(const Node& node, const std::string& label) {
    const Call whole = convert_call(node);
    if (is_plain(whole) && make_scope(whole)) {
      return;
    }
    Call call{whole.scope, {}};
    auto before = make_scope(call);
    const std::vector<Span> spans = edit_spans(node);
    for (std::size_t i = 0; i < whole.edits.size(); ++i) {
      const ScopeEdit& edit = whole.edits[i];
      call.edits.push_back(edit);
      auto after = make_scope(call);
      if (inside_tagged(*before, edit.pointer)) {
        error(spans[i], quote(edit.pointer) + " leads into a Python value that JSON does not have",
              {}, "set the value as a whole");
      } else if (!after) {
        const bool nowhere = after.error().message.starts_with("nothing is at");
        error(spans[i],
              label + " cannot " + std::string(verb(edit.kind)) + " " + quote(edit.pointer) + ": " +
                  after.error().message,
              nowhere ? near(*before, edit.pointer) : std::string{},
              nowhere ? "the scope has: " + join(keys_of(*before), ", ")
                      : "\"set\" puts any value there");
      } else if (edit.kind == ScopeEdit::Kind::retype && before->dump() == after->dump()) {
        error(spans[i], quote(edit.pointer) + " is written as " + edit.type + " already", {},
              "retype changes the type of a value; \"set\" puts another one there");
      } else {
        before = std::move(after);
        continue;
      }
      return;
    }
  }

  void error(const Span& span, std::string message, std::string label = {}, std::string note = {}) {
    out_.push_back(make_error(file_, span, std::move(message), std::move(label), std::move(note)));
  }

 private:
  /// What can only lead nowhere.
  static bool is_plain(const Call& call) {
    return std::all_of(call.edits.begin(), call.edits.end(), [](const ScopeEdit& edit) {
      return edit.kind != ScopeEdit::Kind::retype && edit.pointer.rfind('/') == 0;
    });
  }

  static std::string_view verb(ScopeEdit::Kind kind) {
    return kind == ScopeEdit::Kind::set      ? "set"
           : kind == ScopeEdit::Kind::remove ? "remove"
                                             : "retype";
  }

  static std::vector<Span> edit_spans(const Node& node) {
    std::vector<Span> spans;
    for (const std::string_view key : {"set", "remove", "retype"}) {
      const Node* edits = node.find(key);
      for (std::size_t i = 0; edits != nullptr && i < edits->members.size(); ++i) {
        spans.push_back(edits->members[i].key_span);
      }
      for (std::size_t i = 0; edits != nullptr && i < edits->items.size(); ++i) {
        spans.push_back(edits->items[i].span);
      }
    }
    return spans;
  }

  /// Whether the pointer goes on below bytes, a tuple or the like.
  static bool inside_tagged(const Value& scope, const std::string& pointer) {
    for (Json::json_pointer above = Json::json_pointer(pointer).parent_pointer(); !above.empty();
         above = above.parent_pointer()) {
      if (!scope.json().contains(above)) {
        continue;
      }
      const Json& value = scope.json().at(above);
      if (value.is_object() && value.size() == 1 && value.begin().key().starts_with('$')) {
        return true;
      }
    }
    return false;
  }

  static std::vector<std::string> keys_of(const Value& scope) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : scope.json().items()) {
      keys.push_back("/" + key);
    }
    return keys;
  }

  /// What the beginning of the pointer may have meant.
  static std::string near(const Value& scope, const std::string& pointer) {
    const std::vector<std::string> keys = keys_of(scope);
    return suggestion(pointer.substr(0, pointer.find('/', 1)), {keys.begin(), keys.end()});
  }

  void tagged(const Node& node, const Member& tag) {
    if (std::find(tags.begin(), tags.end(), tag.key) == tags.end()) {
      unknown(tag, tag.key == "$object" ? "is only seen and cannot be given to an application"
                                        : "is no tag of a Python value");
      return;
    }
    for (const Member& other : node.members) {
      if (other.key != tag.key && (tag.key != "$repeat" || other.key != "times")) {
        error(other.key_span, quote(other.key) + " cannot stand beside " + quote(tag.key), {},
              "a dict with a key that begins with $ is {\"$dict\": [[key, value], ..]}");
        return;
      }
    }
    if (tag.key == "$repeat") {
      repeat(node, tag);
    } else if (tag.key == "$tuple") {
      tuple(tag.value);
    } else if (tag.key == "$dict") {
      dict(tag.value);
    } else {
      text(tag);
    }
  }

  void unknown(const Member& tag, const std::string& what) {
    error(tag.key_span, quote(tag.key) + " " + what,
          suggestion(tag.key, {tags.begin(), tags.end()}), std::string(tags_note));
  }

  void wrong(const Member& tag, const std::string& wanted) {
    const Node& value = tag.value;
    const std::string found = value.is(Node::Kind::string) ? quote(value.text) : found_noun(value);
    error(value.span, quote(tag.key) + " takes " + wanted + ", found " + found);
  }

  void text(const Member& tag) {
    const Node& value = tag.value;
    const bool is_text = value.is(Node::Kind::string);
    if (tag.key == "$bytes" && !is_text) {
      wrong(tag, "a string, which is encoded as UTF-8");
    } else if (tag.key == "$int" && (!is_text || !is_integer(value.text))) {
      wrong(tag, "a string of digits, like \"12345678901234567890\"");
    } else if (tag.key == "$float" &&
               (!is_text || (value.text != "nan" && value.text != "inf" && value.text != "-inf"))) {
      wrong(tag, "\"nan\", \"inf\" or \"-inf\"");
    } else if ((tag.key == "$hex" || tag.key == "$str_hex") &&
               (!is_text || !from_hex(value.text))) {
      wrong(tag, "pairs of hex digits, like \"ff 00\"");
    }
  }

  void tuple(const Node& list) {
    if (!list.is(Node::Kind::array)) {
      error(list.span, "\"$tuple\" takes a list of its elements, found " + found_noun(list));
    }
    given(list);
  }

  void dict(const Node& list) {
    const auto pair = [](const Node& one) {
      return one.is(Node::Kind::array) && one.items.size() == 2;
    };
    if (!list.is(Node::Kind::array) || !std::all_of(list.items.begin(), list.items.end(), pair)) {
      error(list.span, "\"$dict\" takes a list of [key, value]", {},
            "for example {\"$dict\": [[1, \"one\"], [{\"$bytes\": \"k\"}, null]]}");
      return;
    }
    given(list);
  }

  void repeat(const Node& node, const Member& tag) {
    const Node* times = node.find("times");
    const Node& part = tag.value;
    const bool repeatable = part.is(Node::Kind::string) || part.is(Node::Kind::array) ||
                            part.find("$bytes") != nullptr || part.find("$hex") != nullptr;
    if (times == nullptr) {
      error(tag.key_span, "\"$repeat\" without \"times\"", {},
            "how often is part of it: {\"$repeat\": \"ab\", \"times\": 1000}");
      return;
    }
    if (!repeatable) {
      wrong(tag, "a string, bytes or a list");
      return;
    }
    given(part);
    std::uint64_t count = 0;
    const char* last = times->text.data() + times->text.size();
    const auto read = std::from_chars(times->text.data(), last, count);
    if (!times->is(Node::Kind::number) || read.ec != std::errc{} || read.ptr != last) {
      error(times->span, "\"times\" beside \"$repeat\" must be a whole number, 0 or more");
      return;
    }
    const std::size_t most =
        part.is(Node::Kind::array) ? max_repeated_items : std::size_t{schema::max_sent_octets};
    if (size_of(part) > 0 && count > most / size_of(part)) {
      error(times->span, times->text + " times is more than can be given at once", {},
            "the most is 64 MiB of text or bytes, and 1000000 elements of a list");
    }
  }

  void seen_tag(const Member& tag) {
    const bool known = std::find(tags.begin(), tags.end(), tag.key) != tags.end();
    if (tag.key == "$repeat") {
      error(tag.key_span, "\"$repeat\" is only given: what is sent is seen written out", {},
            "a long text is matched by {\"matches\": \"^(ab){1000}$\"}");
    } else if (!known && tag.key != "$object") {
      unknown(tag, "is no tag of a Python value: it never matches");
    } else if ((tag.key == "$hex" || tag.key == "$str_hex") && tag.value.is(Node::Kind::string)) {
      seen_hex(tag);
    }
  }

  /// Octets are seen in one form only.
  void seen_hex(const Member& tag) {
    const auto octets = from_hex(tag.value.text);
    if (!octets) {
      wrong(tag, "pairs of hex digits, like \"ff 00\"");
    } else if (tag.key == "$hex" && is_valid_utf8(*octets)) {
      error(tag.value.span, "these bytes are seen as text: the pattern never matches", {},
            "bytes that are valid UTF-8 are {\"$bytes\": \"...\"}");
    } else if (to_hex(*octets) != tag.value.text) {
      error(tag.value.span, "hex is seen in another form: the pattern never matches",
            "write " + quote(to_hex(*octets)));
    }
  }

  const std::filesystem::path& file_;
  std::vector<Diagnostic>& out_;
};

/// The patterns among the members of an expectation or claim.
void check_selector(const Node& node, ValueCheck& check) {
  if (const Node* sent = node.find("sent"); sent != nullptr && !is_broken(*sent)) {
    check.seen(*sent);
    check.octets_as_text(*sent);
  }
  const Node* returned = node.find("returned");
  if (returned != nullptr && returned->is(Node::Kind::boolean) && !returned->boolean &&
      !returned->broken) {
    check.error(returned->span, "\"returned\": false never matches",
                "write true, or {\"value\": ...}",
                "that it does not return is seen with {\"waiting\": \"receive\"}");
  }
}

/// Whether the tables find nothing wrong with the call.
bool is_whole_call(const Node& node, const std::filesystem::path& file) {
  if (is_broken(node) || !node.is(Node::Kind::object)) {
    return false;
  }
  return check_tree(node, *schema::asgi::call.table, file).diagnostics.empty();
}

}  // namespace

void check_asgi_values(const Node& root, const std::vector<StepMeta>& metas,
                       const std::filesystem::path& file, std::vector<Diagnostic>& out) {
  ValueCheck check(file, out);
  for (const StepView& step : view_steps(root.find("steps"), metas)) {
    if (step.action == "receive" && !is_broken(*step.body)) {
      check.given(*step.body);
    } else if (step.action == "call" && is_whole_call(*step.body, file)) {
      const std::size_t before = out.size();
      if (const Node* set = step.body->find("set")) {
        for (const Member& one : set->members) {
          check.given(one.value);
        }
      }
      if (out.size() == before) {
        check.scope(*step.body, step.label);
      }
    } else if (step.action == "expect") {
      check_selector(*step.body, check);
    }
  }
  for (const std::string_view list : {"never", "always", "count"}) {
    const Node* claims = root.find(list);
    for (std::size_t i = 0; claims != nullptr && i < claims->items.size(); ++i) {
      const Node* of = claims->items[i].find("of");
      check_selector(of != nullptr ? *of : claims->items[i], check);
    }
  }
}

}  // namespace relapse
