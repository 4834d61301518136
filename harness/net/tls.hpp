#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/stream.hpp"

namespace relapse::net {

/// What a client needs to speak TLS with one target. Files are PEM.
struct TlsSettings {
  std::string ca{};           ///< trusted certificates; the system's when empty
  std::string cert{};         ///< the client's certificate and its chain
  std::string key{};          ///< its private key
  std::string server_name{};  ///< SNI and host name check; the endpoint's host when empty
  bool tls_1_3_only = false;
  bool verify = true;
};

/// The settings with their files read; shared by all connections to one target.
class TlsContext;

/// An environment error that names the setting and the file when one of them cannot be used.
Result<std::shared_ptr<const TlsContext>> make_tls_context(const TlsSettings& settings);

/// TCP, then the handshake; the timeout is for both. `why` tells which of them failed, and a
/// refused certificate by OpenSSL's reason.
asio::awaitable<Opening> connect_tls(asio::any_io_executor executor, Endpoint endpoint,
                                     std::chrono::nanoseconds timeout);

}  // namespace relapse::net
