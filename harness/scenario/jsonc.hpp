#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/reader.hpp"

/// JSON (RFC 8259) with // and /* */ comments, read without loss: every value knows where it stood
/// and which comments belong to it, so that messages can point and the formatter can keep them.
namespace relapse {

struct Origin;

/// A stretch of the file. Lines and columns count from 1, columns in bytes.
struct Span {
  std::size_t offset = 0;
  std::size_t length = 0;
  int line = 0;
  int column = 0;
  const Origin* origin = nullptr;  ///< the fragment in which it stands; none: the file being read
};

/// One comment with its delimiters, as written (line ends as \n).
struct Comment {
  std::string text;
  bool blank_before = false;  ///< an empty line stood before it
};

struct Member;

/// One JSON value.
struct Node {
  enum class Kind { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  Span span{};
  bool boolean = false;
  bool broken = false;   ///< was reported, or is not known yet; say nothing more about it
  bool counter = false;  ///< a number that a repeat has put in: its digits where a text is wanted
  std::string text{};    ///< string: decoded; number: as written
  std::string raw{};     ///< string: as written, with its quotes
  std::vector<Node> items{};      ///< of an array
  std::vector<Member> members{};  ///< of an object, in file order, first of each key
  std::vector<Comment> before{};  ///< on the lines above
  std::vector<Comment> after{};   ///< behind it on the same line
  std::vector<Comment> inside{};  ///< of a container: between the last element and the bracket
  bool blank_before = false;      ///< an empty line between it and what stood above

  /// The value under this key; nullptr when there is none or this is no object.
  const Node* find(std::string_view key) const;
  bool is(Kind k) const { return kind == k; }
};

struct Member {
  std::string key;
  std::string raw_key;  ///< with its quotes
  Span key_span{};
  Node value{};
};

/// "a string", "an object", "true", ...: what was found, for messages.
std::string found_noun(const Node& node);

struct Document {
  std::optional<Node> root{};   ///< present when the tree is whole, even after errors of detail
  std::vector<Comment> tail{};  ///< after the root value
  std::vector<Diagnostic> diagnostics{};
};

/// Reads the text. Errors that leave the structure clear (a trailing or missing comma, a duplicate
/// key, a bad escape) are reported and reading goes on; others end it.
Document parse_jsonc(std::string_view text, const std::filesystem::path& file);

/// The object as it is, but for the elements of the list under this key.
Node without_elements(const Node& object, std::string_view key);

/// The node as plain JSON, comments dropped. Numbers stay integers where they are integers.
Json to_json(const Node& node);

}  // namespace relapse
