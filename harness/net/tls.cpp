#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <ctime>

#include "net/tcp.hpp"

// TLS over the TCP stream. Verification is OpenSSL's own, including the host name, so that a
// refusal carries OpenSSL's reason ("hostname mismatch", "certificate has expired").

namespace relapse::net {

class TlsContext {
 public:
  explicit TlsContext(TlsSettings wanted) : settings(std::move(wanted)) {}
  TlsSettings settings;
  asio::ssl::context ssl{asio::ssl::context::tls_client};
};

namespace {

using asio::ip::tcp;
constexpr auto tok = asio::as_tuple(asio::use_awaitable);
using SslStream = asio::ssl::stream<tcp::socket>;

class TlsStream final : public ByteStream {
 public:
  TlsStream(tcp::socket socket, std::shared_ptr<const TlsContext> context)
      : context_(std::move(context)),
        // The context is only read here; Asio has no constructor from a const one.
        stream_(std::move(socket), const_cast<asio::ssl::context&>(context_->ssl)) {}

  SslStream& ssl() { return stream_; }

  asio::awaitable<std::pair<error_code, std::size_t>> read_some(std::span<char> buffer) override {
    auto [ec, size] =
        co_await stream_.async_read_some(asio::buffer(buffer.data(), buffer.size()), tok);
    co_return std::pair<error_code, std::size_t>(ec, size);
  }

  asio::awaitable<error_code> write(std::string data) override {
    auto [ec, size] = co_await asio::async_write(stream_, asio::buffer(data), tok);
    co_return ec;
  }

  void shutdown_send() override {
    error_code ignored;
    stream_.lowest_layer().shutdown(tcp::socket::shutdown_send, ignored);
  }

  void reset() override {
    error_code ignored;
    stream_.lowest_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_.lowest_layer().close(ignored);
  }

  void close() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

  int local_port() const override {
    error_code ec;
    const tcp::endpoint endpoint = stream_.lowest_layer().local_endpoint(ec);
    return ec ? 0 : endpoint.port();
  }

  std::string security() const override {
    // native_handle() is not const in Asio, though nothing is changed by it.
    SSL* ssl = const_cast<SslStream&>(stream_).native_handle();
    return std::string(SSL_get_version(ssl)) +
           (context_->settings.verify ? ", certificate verified" : ", certificate NOT verified");
  }

  std::optional<std::int64_t> certificate_until() const override {
    SSL* ssl = const_cast<SslStream&>(stream_).native_handle();
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl),
                                                                  X509_free);
    std::tm ends{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &ends) != 1) {
      return std::nullopt;
    }
    return timegm(&ends);
  }

 private:
  std::shared_ptr<const TlsContext> context_;
  SslStream stream_;
};

/// SNI and the name that the certificate must carry. An address has no SNI (RFC 6066 section 3).
bool name_server(SSL* ssl, const TlsSettings& settings, const std::string& host) {
  const std::string name = settings.server_name.empty() ? without_brackets(host)
                                                        : without_brackets(settings.server_name);
  error_code not_an_address;
  asio::ip::make_address(name, not_an_address);
  X509_VERIFY_PARAM* check = SSL_get0_param(ssl);
  if (!not_an_address) {
    return X509_VERIFY_PARAM_set1_ip_asc(check, name.c_str()) == 1;
  }
  X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(check, name.c_str(), 0) == 1 &&
         // SSL_set_tlsext_host_name without the macro's cast; OpenSSL copies the name.
         SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  const_cast<char*>(name.c_str())) == 1;
}

/// In words. A refused certificate is told by what was wrong with it.
std::string handshake_fault(SSL* ssl, const error_code& error) {
  const long refused = SSL_get_verify_result(ssl);
  if (refused != X509_V_OK && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE) {
    return std::string("TLS certificate not accepted: ") + X509_verify_cert_error_string(refused);
  }
  if (is_bare_fin(error) || error == asio::error::eof) {
    return "TLS handshake failed: the target closed the connection";
  }
  return "TLS handshake failed: " + error.message();
}

Error file_error(const char* key, const std::string& path, const error_code& error) {
  return Error{ErrorKind::environment,
               std::string("tls.") + key + ": cannot use " + path + ": " + error.message(),
               {},
               "it must be a PEM file"};
}

}  // namespace

bool is_bare_fin(const error_code& error) {
  return error == asio::ssl::error::stream_truncated;
}

Result<std::shared_ptr<const TlsContext>> make_tls_context(const TlsSettings& settings) {
  auto context = std::make_shared<TlsContext>(settings);
  asio::ssl::context& ssl = context->ssl;
  error_code failed;
  SSL_CTX_set_min_proto_version(ssl.native_handle(),
                                settings.tls_1_3_only ? TLS1_3_VERSION : TLS1_2_VERSION);
  ssl.set_verify_mode(settings.verify ? asio::ssl::verify_peer : asio::ssl::verify_none, failed);
  if (!settings.ca.empty()) {
    ssl.load_verify_file(settings.ca, failed);
    if (failed) {
      return file_error("ca", settings.ca, failed);
    }
  } else if (settings.verify) {
    ssl.set_default_verify_paths(failed);
    if (failed) {
      return file_error("ca", "the system's certificates", failed);
    }
  }
  if (!settings.cert.empty()) {
    ssl.use_certificate_chain_file(settings.cert, failed);
    if (failed) {
      return file_error("cert", settings.cert, failed);
    }
    ssl.use_private_key_file(settings.key, asio::ssl::context::pem, failed);
    if (failed) {
      return file_error("key", settings.key, failed);
    }
  }
  return std::shared_ptr<const TlsContext>(std::move(context));
}

asio::awaitable<Opening> connect_tls(asio::any_io_executor executor, Endpoint endpoint,
                                     std::chrono::nanoseconds timeout) {
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::duration_cast<std::chrono::steady_clock::duration>(timeout);
  const std::string host = endpoint.host;
  const std::shared_ptr<const TlsContext> context = endpoint.tls;
  Opening opening;
  auto [refused, socket] = co_await connect_tcp_socket(executor, std::move(endpoint), timeout);
  if (refused) {
    opening.why = refused.message();
    co_return opening;
  }
  auto stream = std::make_unique<TlsStream>(std::move(socket), context);
  SSL* ssl = stream->ssl().native_handle();
  if (!name_server(ssl, context->settings, host)) {
    opening.why = "OpenSSL refuses the server name";
    co_return opening;
  }
  // Closing the stream ends the handshake.
  TlsStream* raw = stream.get();
  bool late = false;
  asio::steady_timer deadline(executor, end);
  deadline.async_wait([raw, &late](const error_code& cancelled) {
    if (!cancelled) {
      late = true;
      raw->close();
    }
  });
  auto [failed] = co_await stream->ssl().async_handshake(asio::ssl::stream_base::client, tok);
  deadline.cancel();
  // The handler above refers to this frame: let it run before the frame goes.
  co_await asio::post(executor, asio::use_awaitable);
  if (late) {
    opening.why = "TLS handshake failed: no answer in time";
  } else if (failed) {
    opening.why = handshake_fault(ssl, failed);
  } else {
    opening.stream = std::move(stream);
  }
  co_return opening;
}

asio::awaitable<Opening> connect(asio::any_io_executor executor, Endpoint endpoint,
                                 std::chrono::nanoseconds timeout) {
  if (endpoint.tls) {
    Opening secure = co_await connect_tls(executor, std::move(endpoint), timeout);
    co_return secure;
  }
  Opening opening;
  auto [refused, stream] = co_await connect_tcp(executor, std::move(endpoint), timeout);
  opening.stream = std::move(stream);
  if (refused) {
    opening.why = refused.message();
  }
  co_return opening;
}

}  // namespace relapse::net
