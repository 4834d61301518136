#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "model/value.hpp"

/// Python's marshal format, version 2 (Python/marshal.c; documented as the format of `marshal.dumps
/// (value, 2)`): every version of Python 3 reads and writes it, in C, and it keeps str, bytes,
/// tuple, list, None and keys that are no strings apart, octet for octet. Python values are held as
/// the tagged JSON of model/asgi.hpp.
namespace relapse {

/// Appends values to one string.
class MarshalWriter {
 public:
  void none() { out_ += 'N'; }
  void boolean(bool value) { out_ += value ? 'T' : 'F'; }
  void integer(std::int64_t value);
  void number(double value);
  void text(std::string_view utf8);
  void bytes(std::string_view octets);
  /// So many values must follow.
  void tuple(std::size_t size);
  void list(std::size_t size);
  /// Keys and values must follow, then end_dict().
  void dict() { out_ += '{'; }
  void end_dict() { out_ += '0'; }
  void value(const Json& tagged);
  /// What another writer has written.
  void written(std::string_view marshalled) { out_ += marshalled; }

  const Bytes& octets() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  void word(std::uint32_t value);
  bool tagged_value(const std::string& tag, const Json& object);
  void big_integer(std::string_view digits);
  void repeated(const Json& inner, std::uint64_t times);

  Bytes out_;
};

/// Takes values off a string, one after another. The first thing that is not as asked makes it
/// fail; from then on every read gives an empty value.
class MarshalReader {
 public:
  explicit MarshalReader(std::string_view octets) : rest_(octets) {}

  /// Takes None when it comes next.
  bool none();
  bool boolean();
  std::int64_t integer();
  double number();
  /// A str; its UTF-8 as it is.
  std::string_view text();
  std::string_view bytes();
  /// The size of a tuple or list, whose elements come next.
  std::size_t sequence();
  /// Whether another key of a dict comes next; takes the end when not. The dict was entered by
  /// dict().
  bool more();
  void dict();
  /// Anything, as tagged JSON.
  Json value();

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

 private:
  char code();
  std::string_view take(std::size_t size);
  std::uint32_t word();
  std::string_view sized();
  bool expect(char wanted);
  Json value_at(int depth);
  Json items(int depth);
  Json mapping(int depth);
  static Json tuple_json(Json items);
  Json big_integer();
  Json float_json(double value);
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool failed_ = false;
};

/// The value alone.
Bytes to_marshal(const Json& tagged);
/// The value alone; false when the octets are no such value.
bool from_marshal(std::string_view octets, Json& out);

}  // namespace relapse
