#pragma once
#include <string>
#include <utility>
#include <variant>

#include "base/source_ref.hpp"

namespace relapse {

/// What kind of thing went wrong in the harness; decides the exit code. What the *target* does
/// wrong is never an Error: it is an Event of the timeline.
enum class ErrorKind {
  usage,        ///< the command line or a file the user wrote is wrong; exit 2
  environment,  ///< the machine or the network did not let us; exit 3
  internal,     ///< a defect of relapse itself; exit 3
};

/// An error of the harness: what happened, where, and what to do about it.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  SourceRef at{};
  std::string hint{};
};

/// A value or an Error, with the names of std::expected (which g++ 12 offers only in C++23).
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit

  bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_{};
  bool ok_ = true;
};

}  // namespace relapse
