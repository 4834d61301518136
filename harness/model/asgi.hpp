#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/value.hpp"

/// The ASGI plane: the harness plays the server for an application (ASGI 3, HTTP & WebSocket
/// message format 2.5, lifespan 2.0). What the replayer does there, and what it sees.
///
/// Python values are held as JSON, with an object of one reserved key for what JSON does not have:
///
///   {"$bytes": "text"}, {"$hex": "ff 00"}   bytes; the first when they are valid UTF-8
///   {"$tuple": [..]}                        a tuple
///   {"$dict": [[key, value], ..]}           a dict with a key that is no string, or begins with $
///   {"$int": "12345678901234567890"}        an int beyond 64 bits
///   {"$float": "nan" | "inf" | "-inf"}      a float that JSON does not have
///   {"$str_hex": "ed b3 a9"}                a str with lone surrogates, as UTF-8 would write them
///   {"$object": {"type", "repr"}}           anything else; seen, never sent
///   {"$repeat": value, "times": n}          n times a str, bytes or list; sent, never seen
namespace relapse {

/// A change of the scope that an application is called with.
struct ScopeEdit {
  enum class Kind {
    set,     ///< puts a value there; "-" behind a list appends to it
    remove,  ///< takes the key or element away
    retype,  ///< the same value as another type: "str", "bytes", "list", "tuple", "none", ...
  };
  Kind kind{};
  std::string pointer{};  ///< RFC 6901, into the base scope
  Value value{};          ///< set
  std::string type{};     ///< retype
};

/// Calls the application. Without edits its scope is valid.
struct Call {
  std::string scope = "websocket";  ///< the base: "websocket", "http" or "lifespan"
  std::vector<ScopeEdit> edits{};   ///< in this order
};
/// What the next receive() of the call returns.
struct Receive {
  Value event{};
};
/// The n-th send() from now raises, as a server's does whose peer is gone.
struct FailSend {
  int nth = 1;
  std::string raises = "OSError";  ///< a built-in exception of Python
  std::string message{};
};
/// The n-th send() from now does not return until it is released.
struct HoldSend {
  int nth = 1;
};
/// The oldest send() that is held returns; when none is held yet, the next hold is lifted.
struct ReleaseSend {};
/// The client is gone: the call's next event is websocket.disconnect or http.disconnect.
struct Disconnect {
  std::optional<int> code{};  ///< 1005 when absent, as the specification says
  std::string reason{};
};
/// The call is cancelled, as by a server that shuts down.
struct Cancel {};

/// The application was called with this scope.
struct AsgiCalled {
  Value scope{};
  bool operator==(const AsgiCalled&) const = default;
};
/// receive() gave this event to the application.
struct AsgiFed {
  Value event{};
  bool operator==(const AsgiFed&) const = default;
};
/// The application called send() with this.
struct AsgiSent {
  int number = 0;  ///< from 1, within the call
  Value event{};
  bool operator==(const AsgiSent&) const = default;
};
/// What a step did to a send().
struct AsgiSendFate {
  enum class Kind { held, released, raised };
  Kind kind{};
  int number = 0;
  std::string type{};  ///< raised: of the exception
  std::string message{};
  bool operator==(const AsgiSendFate&) const = default;
};
/// The loop had nothing left to run, and the call waited.
struct AsgiWaiting {
  std::string what{};   ///< "receive", "send" (one that is held) or "other"
  std::string where{};  ///< other: "/app/session.py:12 in reply"
  bool operator==(const AsgiWaiting&) const = default;
};
struct AsgiReturned {
  std::string value{};  ///< repr; "" for None, which is what ASGI expects
  bool operator==(const AsgiReturned&) const = default;
};
/// One exception of a chain.
struct AsgiException {
  std::string type{};     ///< "starlette.websockets.WebSocketDisconnect"
  std::string message{};  ///< str()
  std::string where{};    ///< innermost frame: "/app/session.py:12 in reply"
  bool operator==(const AsgiException&) const = default;
};
/// An exception left the application.
struct AsgiRaised {
  std::vector<AsgiException> chain{};  ///< the exception, then what it was caused by
  std::string traceback{};
  bool cancelled = false;  ///< the cancellation that the harness asked for
  bool operator==(const AsgiRaised&) const = default;
};
/// What was left when a step or the replay came to its end.
struct AsgiTasks {
  int pending = 0;                                          ///< tasks besides the calls themselves
  std::vector<std::pair<std::string, std::string>> list{};  ///< name and where it waits
  bool operator==(const AsgiTasks&) const = default;
};
/// What the interpreter or its event loop said about the application.
struct AsgiComplaint {
  /// "never_retrieved", "loop", "unraisable", "warning", "spinning", "blocked", "left_loop"
  std::string kind{};
  std::string text{};
  std::vector<AsgiException> chain{};
  std::string traceback{};
  bool operator==(const AsgiComplaint&) const = default;
};
/// The virtual clock went ahead, because nothing but a timer could run.
struct AsgiClock {
  std::int64_t ahead_ns = 0;
  bool operator==(const AsgiClock&) const = default;
};

}  // namespace relapse
