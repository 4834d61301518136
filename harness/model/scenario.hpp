#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/source_ref.hpp"
#include "base/text.hpp"
#include "model/asgi.hpp"
#include "model/value.hpp"

/// What a scenario file says, after validation. Plain values; strings may still hold ${...}
/// references, which the planner resolves (captures: the driver, when they are known).
namespace relapse {

struct Header {
  std::string name{};
  std::string value{};
  bool operator==(const Header&) const = default;
};

/// What once went wrong.
struct Incident {
  std::string ref{};       ///< "issue #466", "encode/uvicorn#1234"
  std::string seen{};      ///< date, YYYY-MM-DD
  std::string story{};     ///< two sentences for whoever reads the report at night
  std::string evidence{};  ///< the log line, close code or status that was seen, verbatim
  std::string fix{};       ///< commit, version or change that repaired it
  std::string spec{};      ///< clause of a standard: "RFC 6455 section 7.4.1"
};

/// Matches a JSON view of something observed. A literal means equality; an object whose keys are
/// all operators (is, not, in, contains, matches, less, more, present, absent) applies them; any
/// other object matches a subset of keys; an array matches element by element.
struct Pattern {
  Value json{};
  SourceRef at{};
};

/// What kind of event an expectation or a claim speaks about. The pattern is applied to the event's
/// view of that kind; see match/selector.hpp.
enum class SelectorKind {
  upgrade,   ///< HTTP answer to an upgrade request: {status, headers, subprotocol, body}
  response,  ///< HTTP answer to a request: {status, headers, body, json}
  text,      ///< whole text message: the string
  json,      ///< whole text message parsed as JSON
  binary,    ///< whole binary message: {hex, size} or a hex string
  ping,      ///< the payload as text
  pong,      ///< the payload as text
  frame,     ///< any single frame: {fin, rsv, opcode, masked, length, payload}
  bytes,     ///< octets that are neither HTTP nor a frame: {text, hex, size}
  close,     ///< a Close frame: {code, reason, by, clean}
  end,       ///< the TCP end: "fin" or "rst"; "any" matches both
  silence,   ///< nothing arrives for the given time; has no pattern
  log,       ///< one entry of the target's log: the text
  exit,      ///< the launched process ended: {code, signal}
  // The ASGI plane.
  sent,           ///< an event that the application sent
  raised,         ///< an exception left the application: {type, message, where, chain}
  returned,       ///< the application returned; true, or {value}
  waiting,        ///< nothing is left to run and the call waits: "receive", "send", "other"
  pending_tasks,  ///< how many tasks are left besides the calls
  complaint,      ///< what interpreter or event loop said: {kind, text, type}
};

struct Selector {
  SelectorKind kind{};
  Pattern pattern{};
  std::string lane{};  ///< connection it looks at; empty: every connection
};

/// Octets to send. Text may hold ${...}; hex, base64 and file contents are sent as they are.
struct Octets {
  Bytes data{};
  bool has_variables = false;
};

/// One HTTP request head (and body) under full control.
struct HttpRequest {
  std::string method = "GET";
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> query{};  ///< percent-encoded when sent
  std::vector<Header> headers{};    ///< sent in this order, duplicates kept, after the defaults
  std::vector<std::string> omit{};  ///< default headers to leave out, by name
  std::string http_version = "1.1";
  Octets body{};
  std::optional<Value> json_body{};  ///< sent instead of body, with its content type
};

/// An offer of permessage-deflate (RFC 7692 section 7.1).
struct DeflateOffer {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<int> server_max_window_bits{};  ///< 8 to 15
  std::optional<int> client_max_window_bits{};  ///< 8 to 15; 0: without a value
};

struct SendUpgrade {
  HttpRequest request{};
  std::optional<std::string> version{};  ///< Sec-WebSocket-Version, "13" when absent
  std::optional<std::string> key{};      ///< Sec-WebSocket-Key, random when absent
  bool answers = true;                   ///< replies to pings and Close frames by itself
  std::optional<DeflateOffer> deflate{};
};
struct SendRequest {
  HttpRequest request{};
};
struct SendText {
  std::string text{};
};
struct SendJson {
  Value json{};
};
struct SendBinary {
  Octets payload{};
};
struct SendPing {
  Octets payload{};
};
struct SendPong {
  Octets payload{};
};
struct SendClose {
  std::optional<int> code{};  ///< absent: a Close frame without a body
  std::string reason{};
};
/// A frame with every bit chosen; may be illegal on purpose.
struct SendFrame {
  bool fin = true;
  int rsv = 0;     ///< 0 to 7: RSV1 is 4
  int opcode = 1;  ///< 0 to 15
  bool mask = true;
  std::optional<std::uint32_t> mask_key{};  ///< random when absent
  std::optional<std::uint64_t> length{};    ///< announced length, may lie
  std::optional<int> length_bytes{};        ///< 0, 2 or 8 octets of extended length: non-minimal
  Octets payload{};
};
struct SendBytes {
  Octets data{};
};

using SendWhat = std::variant<SendUpgrade, SendRequest, SendText, SendJson, SendBinary, SendPing,
                              SendPong, SendClose, SendFrame, SendBytes>;

/// How the octets of one send are cut into TCP segments.
struct Split {
  std::vector<std::size_t> sizes{};  ///< first segments; the rest follows in one
  bool every_byte = false;
  Duration gap{};  ///< pause between segments
  bool none() const { return sizes.empty() && !every_byte; }
};

struct Send {
  SendWhat what{};
  Split split{};
  Duration after{};       ///< wait before sending
  bool compress = false;  ///< text, json, binary: with permessage-deflate
};

struct Capture {
  std::string name{};     ///< later ${name}
  std::string pointer{};  ///< JSON pointer (RFC 6901) into the event's view; empty: all of it
};

struct Expect {
  Selector selector{};
  bool skip = false;   ///< step over other events of the connection and count them
  Duration silence{};  ///< for SelectorKind::silence: how long nothing may arrive
  std::vector<Capture> captures{};
};

enum class EndKind {
  fin,         ///< drain what has arrived, then close
  rst,         ///< close with zero linger
  half_close,  ///< shut down sending, keep reading
};
struct End {
  EndKind kind{};
};

/// Values between two ends, evenly spaced, both ends included.
struct Sweep {
  Duration from{};
  Duration to{};
  int points = 2;  ///< at least 2
};
/// With a sweep the whole scenario is replayed once for each of its points; `duration` is then the
/// point of this replay.
struct Pause {
  Duration duration{};
  std::optional<Sweep> sweep{};
};

/// What a start waits for.
enum class ReadyWait {
  required,  ///< until the readiness probe answers; not becoming ready is a false expectation
  none,      ///< for nothing: only launch
  either,    ///< until it answers anything or the process ends; neither is judged
};
/// Process plane: launch the target with changes to its launch settings. The scenario then has a
/// process of its own.
struct Start {
  std::map<std::string, std::optional<std::string>> env{};  ///< nullopt removes the variable
  std::vector<std::string> args{};                          ///< appended to the command
  std::map<std::string, std::string> files{};               ///< written to ${dir} before the start
  ReadyWait ready = ReadyWait::required;
};
struct Signal {
  int number = 15;
};
/// SIGTERM (or the target's stop signal), then wait for the exit until the step's deadline.
struct Stop {};

using Action = std::variant<Send, Expect, End, Pause, Start, Signal, Stop, Call, Receive, FailSend,
                            HoldSend, ReleaseSend, Disconnect, Cancel>;

struct Step {
  SourceRef at{};
  std::string name{};         ///< empty: reports call it by its label
  std::string label{};        ///< where it stands in the file: "step 3", "step 4.2 (2 of 5)"
  std::string lane = "main";  ///< connection
  std::optional<Duration> within{};
  Action action{};
  /// Neighbouring steps with the same group of `together` run side by side, one after another only
  /// within their branch; -1: in line with all others.
  int group = -1;
  int branch = 0;
};

/// What must hold over the whole timeline, apart from the expectations.
struct Claim {
  enum class Kind { never, always, count };
  Kind kind = Kind::never;
  std::string name{};  ///< findings and proofs refer to it; the reader's default: "never 1"
  Selector selector{};
  Pattern count{};           ///< for Kind::count
  bool if_observed = false;  ///< a log that was not seen alive does not make it inconclusive
  SourceRef at{};
};

/// Built-in claims; each may be switched off by a scenario that provokes exactly that.
struct Guards {
  bool server_error = true;  ///< no 5xx that no step expected
  bool log = true;           ///< no unhandled exception in the log
  bool liveness = true;      ///< the health probes still work afterwards, on the same process
  bool exception = true;     ///< ASGI plane: no exception leaves the application unexpectedly
  bool protocol = true;      ///< ASGI plane: the application keeps to the specification
};

/// "On a target with this fault, this scenario must relapse through this claim."
struct ProofEntry {
  std::string fault{};
  std::string claim{};  ///< empty: any claim
  SourceRef at{};
};

/// Replays of one scenario that are judged together.
struct Repeat {
  int times = 1;
  int at_least = 1;  ///< so many of them must hold
};

/// How a scenario reaches the target.
enum class Plane {
  wire,  ///< over TCP or TLS
  asgi,  ///< the harness calls the application as its server
};

struct Scenario {
  std::string id{};    ///< path under the scenarios folder without the extension
  std::string file{};  ///< as the user would name it
  std::string title{};
  Incident incident{};
  std::vector<std::string> tags{};
  std::vector<std::string> aliases{};   ///< earlier ids, so that history survives a rename
  std::vector<std::string> required{};  ///< "requires": capabilities that the target must provide
  Duration within = std::chrono::seconds{2};   ///< default deadline of an expectation
  Duration budget = std::chrono::seconds{30};  ///< for the whole replay
  Repeat repeat{};
  /// ASGI plane: the event loop's clock jumps to the next timer when nothing else can run.
  bool virtual_clock = false;
  std::vector<Step> steps{};
  std::vector<Claim> claims{};
  Guards guards{};
  std::vector<ProofEntry> proof{};
  std::string digest{};  ///< 64-bit FNV-1a of the canonical form, see FORMAT.md
};

/// The step's own name, or its label, or "step 3" by its place: how findings and proofs refer to an
/// expectation.
std::string claim_name(const Scenario& scenario, std::size_t step_index);

/// True when the scenario launches the target itself and so needs a process of its own.
bool starts_itself(const Scenario& scenario);
/// True when its process may end before the last step: a step signals, stops or awaits its exit.
bool ends_process(const Scenario& scenario);
/// True when a step or claim needs the target to be launched by the harness.
bool needs_launch(const Scenario& scenario);
/// True when a step or claim only has a meaning on the ASGI plane.
bool needs_asgi(const Scenario& scenario);
/// True when a step or claim (one without if_observed) reads the target's log.
bool needs_log(const Scenario& scenario);

}  // namespace relapse
