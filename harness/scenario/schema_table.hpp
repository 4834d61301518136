#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What may stand where in a scenario or target file, as data. One table serves the checker, the
/// order of keys in the formatter, the canonical form and the JSON Schema, so that they cannot
/// disagree.
namespace relapse::schema {

struct ObjectTable;

/// What is wrong with a string: `is not a duration; write 2s, 200ms or 1m`, said about the string.
using StringFault = std::optional<std::string>;
using StringCheck = StringFault (*)(std::string_view text);

/// The most octets that one value of a scenario may stand for.
inline constexpr std::uint64_t max_sent_octets = std::uint64_t{64} << 20;

/// The type of one value.
struct Type {
  enum class Kind {
    any,
    null,
    boolean,
    integer,
    string,
    choice,
    list,
    map,
    object,
    one_of,
    pattern
  };
  Kind kind = Kind::any;
  std::string_view noun = "a value";  ///< "a duration like \"2s\""
  StringCheck check = nullptr;        ///< string: what else it must be; map: of its keys
  std::string_view regex{};           ///< string: the same for the JSON Schema
  bool variables = false;             ///< string, any: ${name} is replaced when it is used
  std::int64_t min = 0;               ///< integer
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  std::span<const std::string_view> values{};  ///< choice; integer: only these
  const Type* item = nullptr;                  ///< of a list or map; pattern: of a literal
  std::size_t min_items = 0;                   ///< of a list or map
  std::size_t max_items = std::numeric_limits<std::size_t>::max();
  const ObjectTable* table = nullptr;           ///< object
  std::span<const Type* const> alternatives{};  ///< one_of: told apart by the JSON kind
};

/// One key of an object.
struct Key {
  std::string_view name;
  const Type* type = nullptr;
  std::string_view doc{};
  bool required = false;
  std::string_view group{};  ///< name of the group it belongs to
  std::string_view needs{};  ///< a key without which it means nothing
};

/// Keys that exclude or demand each other.
struct Group {
  enum class Mode { exactly_one, at_most_one, at_least_one };
  std::string_view name;
  Mode mode = Mode::exactly_one;
};

/// One kind of object. The keys stand in the order of the canonical form.
struct ObjectTable {
  std::string_view name;  ///< "step": for $defs of the JSON Schema
  std::string_view noun;  ///< "a step"
  std::string_view doc;
  std::span<const Key> keys;
  std::span<const Group> groups{};

  const Key* find(std::string_view key) const;
};

/// The root of a scenario file and of a target file.
extern const ObjectTable scenario_table;
extern const ObjectTable target_table;
/// A scenario file, of which only the "cases" are looked at.
extern const ObjectTable cases_table;
/// The root of a fragment file.
extern const ObjectTable fragment_table;
/// The root of a relapse.json.
extern const ObjectTable settings_table;
/// A list of steps.
extern const Type step_list;
/// The object of an `expect`.
extern const ObjectTable expect_table;
/// Lists of `never` and `always` claims, and of `count` claims.
extern const Type claim_list;
extern const Type count_list;
/// An HTTP request.
extern const ObjectTable request_table;

/// The steps of the ASGI plane and what is seen there (asgi_table.cpp). A short form stands beside
/// the pattern and not inside of it: what operators would do with it is not known.
namespace asgi {
extern const Type call;
extern const Type fail_send;
extern const Type hold_send;
extern const Type release_send;
extern const Type disconnect;
extern const Type cancel;
extern const Type sent;
extern const Type raised;
extern const Type returned;
extern const Type waiting;
extern const Type pending_tasks;
extern const Type complaint;
}  // namespace asgi

/// The operators of a pattern.
inline constexpr std::array<std::string_view, 9> pattern_operators{
    "is", "not", "in", "contains", "matches", "less", "more", "present", "absent"};
bool is_operator(std::string_view key);

/// The type itself, or the alternative of a one_of, that takes this JSON kind of object or list;
/// nullptr when there is none.
const Type* as_kind(const Type& type, Type::Kind kind);

/// The keys of both, in this order.
template <std::size_t N, std::size_t M>
constexpr std::array<Key, N + M> join_keys(const std::array<Key, N>& a,
                                           const std::array<Key, M>& b) {
  std::array<Key, N + M> joined{};
  for (std::size_t i = 0; i < N; ++i) {
    joined[i] = a[i];
  }
  for (std::size_t i = 0; i < M; ++i) {
    joined[N + i] = b[i];
  }
  return joined;
}

// Checks of strings (string_checks.cpp).
StringFault check_text(std::string_view text);      ///< not empty
StringFault check_duration(std::string_view text);  ///< 0 allowed
StringFault check_deadline(std::string_view text);  ///< more than 0
StringFault check_date(std::string_view text);      ///< YYYY-MM-DD
StringFault check_hex(std::string_view text);
StringFault check_base64(std::string_view text);
StringFault check_mask(std::string_view text);  ///< 8 hex digits
StringFault check_relative_path(std::string_view text);
StringFault check_file_name(std::string_view text);  ///< below a folder, not above
StringFault check_pointer(std::string_view text);    ///< RFC 6901
StringFault check_variable(std::string_view text);   ///< name of a capture
StringFault check_word(std::string_view text);       ///< tag, fault or token name
StringFault check_lane(std::string_view text);
StringFault check_header_name(std::string_view text);  ///< lower case, as patterns need it
StringFault check_env_name(std::string_view text);
StringFault check_address(std::string_view text);
StringFault check_scope_pointer(std::string_view text);  ///< RFC 6901, to something in a scope
StringFault check_identifier(std::string_view text);     ///< of Python
StringFault check_application(std::string_view text);    ///< "package.module:name"
StringFault check_case_name(std::string_view text);      ///< the last part of an id

/// Types that several tables use.
namespace types {

inline constexpr Type any{.kind = Type::Kind::any, .noun = "any JSON value", .variables = true};
inline constexpr Type null{.kind = Type::Kind::null, .noun = "null"};
inline constexpr Type boolean{.kind = Type::Kind::boolean, .noun = "true or false"};
inline constexpr Type plain{.kind = Type::Kind::string, .noun = "a string"};
inline constexpr Type words{
    .kind = Type::Kind::string, .noun = "a string", .check = check_text, .regex = "\\S"};
inline constexpr Type word{.kind = Type::Kind::string,
                           .noun = "a name",
                           .check = check_word,
                           .regex = "^[A-Za-z0-9][A-Za-z0-9._/-]*$"};
inline constexpr Type word_list{.kind = Type::Kind::list, .noun = "a list of names", .item = &word};
inline constexpr Type text{.kind = Type::Kind::string, .noun = "a string", .variables = true};
inline constexpr Type text_list{
    .kind = Type::Kind::list, .noun = "a list of strings", .item = &text};
inline constexpr std::string_view duration_regex = "^[0-9]+(\\.[0-9]+)?(us|ms|s|m|h)$";
inline constexpr Type duration{.kind = Type::Kind::string,
                               .noun = "a duration like \"2s\"",
                               .check = check_duration,
                               .regex = duration_regex};
inline constexpr Type deadline{.kind = Type::Kind::string,
                               .noun = "a duration like \"2s\"",
                               .check = check_deadline,
                               .regex = duration_regex};
inline constexpr Type date{.kind = Type::Kind::string,
                           .noun = "a date like \"2025-09-11\"",
                           .check = check_date,
                           .regex = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"};
inline constexpr Type lane{.kind = Type::Kind::string,
                           .noun = "the name of a connection",
                           .check = check_lane,
                           .regex = "^[A-Za-z0-9][A-Za-z0-9._-]*$"};
inline constexpr std::array<const Type*, 2> text_or_null_alternatives{&text, &null};
inline constexpr Type text_or_null{.kind = Type::Kind::one_of,
                                   .noun = "a string, or null to remove it",
                                   .alternatives = text_or_null_alternatives};
inline constexpr Type environment{.kind = Type::Kind::map,
                                  .noun = "an object of environment variables",
                                  .check = check_env_name,
                                  .item = &text_or_null};
inline constexpr Type file_map{.kind = Type::Kind::map,
                               .noun = "an object of file names and contents",
                               .check = check_text,
                               .item = &text};
inline constexpr std::array<const Type*, 2> texts_alternatives{&text, &text_list};
inline constexpr Type texts{.kind = Type::Kind::one_of,
                            .noun = "a string or a list of strings",
                            .alternatives = texts_alternatives};
/// Names to one or several values: headers to send, query parameters.
inline constexpr Type texts_map{.kind = Type::Kind::map,
                                .noun = "an object of names and values",
                                .check = check_text,
                                .item = &texts};
inline constexpr std::array<std::string_view, 14> signal_names{
    "HUP",  "INT",  "QUIT", "ABRT", "KILL", "USR1", "SEGV",
    "USR2", "PIPE", "ALRM", "TERM", "CONT", "STOP", "TSTP"};
inline constexpr Type signal{
    .kind = Type::Kind::choice, .noun = "the name of a signal", .values = signal_names};
}  // namespace types

/// The number of a signal of types::signal_names; 0 for another name.
int signal_number(std::string_view name);

}  // namespace relapse::schema
