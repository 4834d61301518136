#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "model/scenario.hpp"

/// The one vocabulary of what was done and observed. Every payload has one JSON form
/// (model/timeline_json.hpp) and one text form (model/describe.hpp).
namespace relapse {

enum class Direction { sent, received };

/// A TCP connection was made.
struct Connected {
  std::string host{};
  int port = 0;
  int local_port = 0;
  std::string tls{};  ///< "TLSv1.3, certificate verified"; "" without TLS
  bool operator==(const Connected&) const = default;
};
/// It was not, or the TLS handshake failed; reason is the text of the system or of OpenSSL.
struct ConnectFailed {
  std::string host{};
  int port = 0;
  std::string reason{};
  bool operator==(const ConnectFailed&) const = default;
};
/// An HTTP/1.1 message. head holds the exact octets of start line and headers.
struct HttpMessage {
  Direction direction{};
  bool upgrade = false;  ///< an upgrade request, or the answer to one
  std::string method{};  ///< requests
  std::string target{};  ///< requests
  int status = 0;        ///< responses
  std::string reason{};  ///< responses
  std::string version = "1.1";
  std::vector<Header> headers{};
  Bytes head{};
  Bytes body{};  ///< decoded from chunks; capped, see body_size
  std::uint64_t body_size = 0;
  bool operator==(const HttpMessage&) const = default;
};
/// One WebSocket frame, legal or not (RFC 6455 section 5.2).
struct WsFrame {
  Direction direction{};
  bool fin = true;
  int rsv = 0;
  int opcode = 0;
  std::optional<std::uint32_t> mask_key{};
  std::uint64_t length = 0;             ///< as announced
  Bytes head{};                         ///< the header's octets, mask key included
  Bytes payload{};                      ///< unmasked; capped, see length
  std::optional<int> message_opcode{};  ///< on the last frame of a fragmented message: its opcode
  Bytes message{};                      ///< and the whole message; capped, see message_size
  std::uint64_t message_size = 0;       ///< octets of the whole message
  bool deflated = false;       ///< message is what permessage-deflate made of it (RFC 7692); capped
  std::uint64_t inflated = 0;  ///< octets of the message before compression, as far as counted
  std::string deflate_fault{};  ///< why there is no message, or not all of it
  bool automatic = false;       ///< sent by the replayer itself: a pong, the closing handshake
  bool operator==(const WsFrame&) const = default;
};
/// Octets that belong to no HTTP message and no frame.
struct RawBytes {
  Direction direction{};
  Bytes data{};  ///< capped
  std::uint64_t size = 0;
  std::string note{};  ///< why they could not be decoded
  bool operator==(const RawBytes&) const = default;
};
/// One side of the TCP connection ended.
struct Ended {
  Direction direction{};  ///< sent: the replayer ended it; received: the target did
  EndKind kind{};
  bool answered = false;  ///< the target had sent at least one octet on this connection
  std::string reason{};   ///< the system's text for a reset; for a FIN without close_notify, that
  bool operator==(const Ended&) const = default;
};
/// An expectation's time was over.
struct DeadlineHit {
  Duration waited{};
  bool answered = false;  ///< false: hang (no octet, still open); true: open (answered, idle)
  bool operator==(const DeadlineHit&) const = default;
};
struct StepStarted {
  bool operator==(const StepStarted&) const = default;
};
struct StepEnded {
  bool satisfied = true;
  bool operator==(const StepEnded&) const = default;
};
struct ProcessStarted {
  int pid = 0;
  std::vector<std::string> command{};
  bool operator==(const ProcessStarted&) const = default;
};
struct ProcessExited {
  std::optional<int> code{};
  std::optional<int> signal{};
  bool operator==(const ProcessExited&) const = default;
};
struct SignalSent {
  int number = 0;
  bool operator==(const SignalSent&) const = default;
};
/// The readiness probe's outcome.
struct Ready {
  bool ok = false;
  Duration after{};
  std::string detail{};
  bool operator==(const Ready&) const = default;
};
struct LogLine {
  std::string source{};
  std::string text{};  ///< one entry; may hold newlines (a traceback is one entry)
  std::string raw{};   ///< the entry as it was logged, when the text was taken out of it (JSON)
  bool operator==(const LogLine&) const = default;
};
/// The proof that a log source was alive: the mark was sent and (not) found.
struct LogMarked {
  std::string nonce{};
  bool seen = false;
  bool complete = false;  ///< the source ended (the process exited): all of it was read
  bool operator==(const LogMarked&) const = default;
};
/// One health probe.
struct Probed {
  std::string name{};
  bool before = false;
  bool ok = false;
  std::string detail{};
  bool operator==(const Probed&) const = default;
};
/// How fast the target answers when nothing is wrong: the shortest time in which one of the health
/// probes had its answer.
struct Paced {
  Duration round_trip{};
  bool before = false;
  bool operator==(const Paced&) const = default;
};
/// The machine did not let the harness run in time: a timer rang this much too late.
struct Delayed {
  Duration late{};
  bool operator==(const Delayed&) const = default;
};
/// What the target calls its running self: a boot id, a start time, an uptime.
struct Identified {
  std::string value{};
  bool grows = false;  ///< an uptime: it may only grow; otherwise it must stay as it is
  bool before = false;
  bool operator==(const Identified&) const = default;
};
/// The record is full: what followed was counted and not kept.
struct Overflowed {
  std::uint64_t events = 0;
  std::uint64_t octets = 0;
  bool operator==(const Overflowed&) const = default;
};
/// The harness itself failed; makes the verdict inconclusive.
struct HarnessFailed {
  std::string message{};
  bool operator==(const HarnessFailed&) const = default;
};

using Payload =
    std::variant<Connected, ConnectFailed, HttpMessage, WsFrame, RawBytes, Ended, DeadlineHit,
                 StepStarted, StepEnded, ProcessStarted, ProcessExited, SignalSent, Ready, LogLine,
                 LogMarked, Probed, Paced, Delayed, Identified, Overflowed, HarnessFailed,
                 AsgiCalled, AsgiFed, AsgiSent, AsgiSendFate, AsgiWaiting, AsgiReturned, AsgiRaised,
                 AsgiTasks, AsgiComplaint, AsgiClock>;

struct Event {
  std::uint32_t seq = 0;   ///< from 1; evidence refers to it
  std::int64_t at_ns = 0;  ///< since the timeline's start
  int step = -1;           ///< index of the step that was running; -1: none
  std::string lane{};      ///< connection; "" for process, log and probes
  Payload payload{};
  bool operator==(const Event&) const = default;
};

}  // namespace relapse
