#include "scenario/jsonc.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "scenario/diagnostics.hpp"
#include "scenario/jsonc_string.hpp"

// A recursive descent parser. Comments are gathered while white space is skipped and handed to the
// element they belong to:
//
//   // before the element it stands above
//   "key": 1,  // after the element on its line
//   // inside the container when nothing follows
// }

namespace relapse {
namespace {

constexpr int max_depth = 64;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '+' || c == '-' || c == '.' || c == '$';
}

class Parser {
 public:
  Parser(std::string_view text, const std::filesystem::path& file) : text_(text), file_(file) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') {
        line_starts_.push_back(i + 1);
      }
    }
  }

  Document run();

 private:
  /// A comment that no element has taken yet.
  struct Pending {
    Comment comment;
    std::size_t start = 0;
    std::size_t end = 0;
  };

  bool at_end() const { return pos_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[pos_]; }
  int line_of(std::size_t offset) const;
  Span span(std::size_t offset, std::size_t length) const;
  void error(std::size_t offset, std::size_t length, std::string message, std::string label = {},
             std::string note = {});
  void fatal(std::size_t offset, std::size_t length, std::string message, std::string note = {});
  std::string found() const;

  void skip_space();
  void read_comment(std::size_t gap_start);
  bool blank_between(std::size_t from, std::size_t to) const;
  bool line_ends_at(std::size_t offset) const;
  std::vector<Comment> take_pending();
  void take_trailing(Node& element, std::size_t& element_end, bool after_comma);

  Node value(int depth);
  void container(Node& node, int depth);
  bool element(Node& node, int depth);
  bool member_key(Member& member);
  void word(Node& node);
  void string(std::string& decoded);

  std::string_view text_;
  const std::filesystem::path& file_;
  std::vector<std::size_t> line_starts_;
  std::size_t pos_ = 0;
  std::size_t token_end_ = 0;  ///< end of the last token or comment
  std::vector<Pending> pending_;
  std::vector<Diagnostic> diagnostics_;
  bool failed_ = false;
};

int Parser::line_of(std::size_t offset) const {
  auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<int>(next - line_starts_.begin());
}

Span Parser::span(std::size_t offset, std::size_t length) const {
  const int line = line_of(offset);
  const std::size_t start = line_starts_[static_cast<std::size_t>(line) - 1];
  return {offset, length, line, static_cast<int>(offset - start) + 1};
}

void Parser::error(std::size_t offset, std::size_t length, std::string message, std::string label,
                   std::string note) {
  diagnostics_.push_back(make_error(file_, span(offset, length), std::move(message),
                                    std::move(label), std::move(note)));
}

void Parser::fatal(std::size_t offset, std::size_t length, std::string message, std::string note) {
  if (!failed_) {
    error(offset, length, std::move(message), {}, std::move(note));
  }
  failed_ = true;
}

std::string Parser::found() const {
  if (at_end()) {
    return "the end of the file";
  }
  std::size_t end = pos_ + 1;
  while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) {
    ++end;
  }
  return quote(text_.substr(pos_, end - pos_));
}

bool Parser::blank_between(std::size_t from, std::size_t to) const {
  const std::string_view gap = text_.substr(from, to - from);
  return std::count(gap.begin(), gap.end(), '\n') > 1;
}

bool Parser::line_ends_at(std::size_t offset) const {
  const std::size_t next = text_.find_first_not_of(" \t\r", offset);
  return next == std::string_view::npos || text_[next] == '\n' || text_.substr(next, 2) == "//" ||
         text_.substr(next, 2) == "/*";
}

void Parser::skip_space() {
  while (!failed_ && !at_end()) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++pos_;
    } else if (c == '/') {
      read_comment(token_end_);
    } else {
      return;
    }
  }
}

void Parser::read_comment(std::size_t gap_start) {
  const std::size_t start = pos_;
  const bool block = text_.substr(pos_, 2) == "/*";
  if (!block && text_.substr(pos_, 2) != "//") {
    fatal(pos_, 1, "a comment starts with // or /*, found a single /");
    return;
  }
  std::size_t end = text_.find(block ? "*/" : "\n", pos_ + 2);
  if (end == std::string_view::npos && block) {
    fatal(start, 2, "this comment is never closed", "close it with */");
    return;
  }
  end = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 0);
  std::string body(text_.substr(start, end - start));
  std::erase(body, '\r');
  while (!body.empty() && (body.back() == ' ' || body.back() == '\t')) {
    body.pop_back();
  }
  pending_.push_back({{std::move(body), blank_between(gap_start, start)}, start, end});
  pos_ = end;
  token_end_ = end;
}

std::vector<Comment> Parser::take_pending() {
  std::vector<Comment> taken;
  taken.reserve(pending_.size());
  for (Pending& pending : pending_) {
    taken.push_back(std::move(pending.comment));
  }
  pending_.clear();
  return taken;
}

/// Gives the comments behind an element, on its line, to that element. Behind the comma only those
/// with which the line ends: in `1, /* two */ 2` the comment is about the 2.
void Parser::take_trailing(Node& element, std::size_t& element_end, bool after_comma) {
  std::size_t taken = 0;
  for (Pending& pending : pending_) {
    if (line_of(pending.start) != line_of(element_end) ||
        (after_comma && !line_ends_at(pending.end))) {
      break;
    }
    element_end = pending.end;
    element.after.push_back({std::move(pending.comment.text), false});
    ++taken;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(taken));
}

Document Parser::run() {
  Document document;
  const std::size_t valid = valid_utf8_prefix(text_);
  if (valid != text_.size()) {
    fatal(valid, 1, "the file is not valid UTF-8 here");
  }
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") {
    pos_ = token_end_ = 3;  // a byte order mark, which RFC 8259 section 8.1 lets a parser ignore
  }
  skip_space();
  if (!failed_ && at_end()) {
    fatal(0, 1, "the file is empty", "it must hold one JSON object");
  }
  if (!failed_) {
    const bool blank = blank_between(token_end_, pos_);
    std::vector<Comment> before = take_pending();
    Node root = value(0);
    root.blank_before = blank;
    root.before = std::move(before);
    skip_space();
    if (!failed_ && !at_end()) {
      fatal(pos_, 1, "unexpected " + found() + " after the end of the JSON value");
    }
    document.tail = take_pending();
    if (!failed_) {
      document.root = std::move(root);
    }
  }
  document.diagnostics = std::move(diagnostics_);
  return document;
}

Node Parser::value(int depth) {
  Node node;
  const std::size_t start = pos_;
  const char c = peek();
  if (c == '{' || c == '[') {
    node.kind = c == '{' ? Node::Kind::object : Node::Kind::array;
    if (depth >= max_depth) {
      fatal(pos_, 1, "nested deeper than " + std::to_string(max_depth) + " levels");
    } else {
      container(node, depth);
    }
  } else if (c == '"' || c == '\'') {
    node.kind = Node::Kind::string;
    string(node.text);
    node.raw = std::string(text_.substr(start, pos_ - start));
    node.broken = c == '\'';
  } else if (is_word(c)) {
    word(node);
  } else {
    fatal(pos_, at_end() ? 0 : 1, "expected a value, found " + found());
  }
  node.span = span(start, pos_ - start);
  token_end_ = pos_;
  return node;
}

void Parser::word(Node& node) {
  const std::size_t start = pos_;
  while (!at_end() && is_word(peek())) {
    ++pos_;
  }
  const std::string_view text = text_.substr(start, pos_ - start);
  if (text == "true" || text == "false") {
    node.kind = Node::Kind::boolean;
    node.boolean = text == "true";
  } else if (is_json_number(text)) {
    node.kind = Node::Kind::number;
    node.text = text;
  } else if (text != "null") {
    node.broken = true;
    const bool digits = text.find_first_of("0123456789") == 0 || text.front() == '-' ||
                        text.front() == '+' || text.front() == '.';
    error(start, text.size(),
          quote(text) + (digits ? " is not a JSON number" : " is not a JSON value"),
          suggestion(to_lower(text), {"true", "false", "null"}),
          digits ? "" : "text stands in double quotes; the bare words are true, false and null");
  }
}

void Parser::container(Node& node, int depth) {
  const bool object = node.kind == Node::Kind::object;
  const std::size_t open = pos_++;
  token_end_ = pos_;
  const char close = object ? '}' : ']';
  Node* last = nullptr;
  std::size_t last_end = 0;  // moves behind the comments that the element takes
  std::size_t value_end = 0;
  std::optional<std::size_t> comma;
  for (;;) {
    skip_space();
    if (last != nullptr) {
      take_trailing(*last, last_end, comma.has_value());
    }
    if (at_end()) {
      fatal(open, 1, std::string("this \"") + text_[open] + "\" is never closed");
    }
    if (failed_) {
      return;
    }
    if (peek() == close) {
      break;
    }
    if (peek() == ',') {
      if (last == nullptr || comma) {
        error(pos_, 1, "expected a value before this comma");
      }
      comma = pos_++;
      token_end_ = pos_;
      continue;
    }
    if (last != nullptr && !comma) {
      error(value_end - 1, 1,
            std::string("missing comma after this ") + (object ? "member" : "element"));
    }
    if (!element(node, depth)) {
      return;
    }
    last =
        object ? (node.members.empty() ? nullptr : &node.members.back().value) : &node.items.back();
    last_end = value_end = pos_;
    comma.reset();
  }
  if (comma && last != nullptr) {
    error(*comma, 1, std::string("a comma before \"") + close + "\"", "remove it",
          "JSON has no comma after the last element");
  }
  node.inside = take_pending();
  ++pos_;
}

/// One element of an array or member of an object; false when reading cannot go on.
bool Parser::element(Node& node, int depth) {
  const bool blank = blank_between(token_end_, pos_);
  std::vector<Comment> before = take_pending();
  Member member;
  if (node.kind == Node::Kind::object && !member_key(member)) {
    return false;
  }
  for (Comment& comment : take_pending()) {
    before.push_back({std::move(comment.text), false});  // from between the key and its value
  }
  member.value = value(depth + 1);
  member.value.before = std::move(before);
  member.value.blank_before = blank;
  if (node.kind == Node::Kind::array) {
    node.items.push_back(std::move(member.value));
    return !failed_;
  }
  for (const Member& earlier : node.members) {
    if (earlier.key == member.key) {
      error(member.key_span.offset, member.key_span.length,
            "the key " + quote(member.key) + " stands here twice", {},
            "the first one is on line " + std::to_string(earlier.key_span.line));
      return !failed_;
    }
  }
  node.members.push_back(std::move(member));
  return !failed_;
}

bool Parser::member_key(Member& member) {
  const std::size_t start = pos_;
  const char c = peek();
  if (c == '"' || c == '\'') {
    string(member.key);
  } else if (is_word(c)) {
    while (!at_end() && is_word(peek())) {
      ++pos_;
    }
    member.key = text_.substr(start, pos_ - start);
    error(start, pos_ - start, "a key stands in double quotes", "write \"" + member.key + "\"");
  } else {
    fatal(pos_, 1, "expected a key in double quotes or \"}\", found " + found());
    return false;
  }
  member.raw_key = std::string(text_.substr(start, pos_ - start));
  member.key_span = span(start, pos_ - start);
  token_end_ = pos_;
  skip_space();
  if (!failed_ && peek() != ':') {
    fatal(pos_, 1, "expected \":\" after the key " + quote(member.key) + ", found " + found());
  }
  ++pos_;
  token_end_ = pos_;
  skip_space();
  return !failed_;
}

void Parser::string(std::string& decoded) {
  const std::size_t start = pos_;
  const bool single = peek() == '\'';
  StringToken token = read_string(text_, pos_);
  for (StringFault& fault : token.faults) {
    error(fault.offset, fault.length, std::move(fault.message), std::move(fault.label),
          std::move(fault.note));
  }
  decoded = std::move(token.decoded);
  pos_ = token.end;
  if (!token.closed) {
    fatal(start, pos_ - start, "this string is never closed on its line",
          "close it with a double quote; write \\n for a line end inside it");
  } else if (single) {
    error(start, pos_ - start, "a string stands in double quotes, not single ones");
  }
}

}  // namespace

Document parse_jsonc(std::string_view text, const std::filesystem::path& file) {
  return Parser(text, file).run();
}

}  // namespace relapse
