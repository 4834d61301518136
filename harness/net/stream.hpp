#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

/// Octet streams for the replayer. Threads: a stream, everything that awaits it and whoever closes
/// it run on one executor with one thread; there are no locks. Runs in parallel have an io_context
/// each. A stream holds no buffer: the reader brings one, a write owns its string until it is done.
namespace relapse::net {

namespace asio = boost::asio;
using boost::system::error_code;

/// An ordered stream of octets with every ending under control. One reader and one writer at a
/// time, which may be different coroutines. All errors are observations (error_code), never
/// exceptions: eof is the peer's FIN, connection_reset its RST, operation_aborted our own reset(),
/// close() or a cancelled wait. The stream must outlive what awaits it. Over TLS, eof is the peer's
/// close_notify, a FIN without one is told by is_bare_fin(), and our own endings act on the TCP
/// socket below: a FIN or RST as of a client that died, without close_notify.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// At most buffer.size() octets. (eof, 0) when the peer has finished sending.
  virtual asio::awaitable<std::pair<error_code, std::size_t>> read_some(std::span<char> buffer) = 0;
  /// All of it, or an error.
  virtual asio::awaitable<error_code> write(std::string data) = 0;
  /// FIN: no more octets from us; reading goes on.
  virtual void shutdown_send() = 0;
  /// RST: closes with zero linger.
  virtual void reset() = 0;
  /// Closes. The caller drains first when the peer must see FIN and not RST: the kernel answers
  /// octets that nobody has read with RST.
  virtual void close() = 0;
  /// 0 once it is closed.
  virtual int local_port() const = 0;
  /// "TLSv1.3, certificate verified"; "" without TLS.
  virtual std::string security() const { return {}; }
  /// When the peer's certificate ends to be valid, in seconds since 1970; nothing without TLS.
  virtual std::optional<std::int64_t> certificate_until() const { return {}; }
};

/// The peer's FIN over TLS without a close_notify before it (RFC 8446 section 6.1).
bool is_bare_fin(const error_code& error);

class TlsContext;

struct Endpoint {
  std::string host;                         ///< a name or an address; IPv6 with or without brackets
  std::string port;                         ///< a number, or a service name
  std::shared_ptr<const TlsContext> tls{};  ///< null: plain TCP
};

/// What came of connecting: a stream, or why there is none.
struct Opening {
  std::unique_ptr<ByteStream> stream{};
  std::string why{};
};

/// TCP, and TLS when the endpoint says so, within one timeout.
asio::awaitable<Opening> connect(asio::any_io_executor executor, Endpoint endpoint,
                                 std::chrono::nanoseconds timeout);

/// Connects over TCP, trying each resolved address in turn, TCP_NODELAY set. The timeout is for the
/// whole: timed_out, and a null stream with every error. (Looking a *name* up cannot be cancelled
/// and is bounded by the system's resolver; numbers are not looked up.)
asio::awaitable<std::pair<error_code, std::unique_ptr<ByteStream>>> connect_tcp(
    asio::any_io_executor executor, Endpoint endpoint, std::chrono::nanoseconds timeout);

/// A port of the loopback interface that was free a moment ago.
int free_port();

}  // namespace relapse::net
