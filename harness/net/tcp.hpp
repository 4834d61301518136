#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "net/stream.hpp"

namespace relapse::net {

/// The stream of a socket that is connected already, say one that a listener accepted.
std::unique_ptr<ByteStream> adopt_tcp(asio::ip::tcp::socket socket);

/// As connect_tcp, but the socket itself; closed with every error.
asio::awaitable<std::pair<error_code, asio::ip::tcp::socket>> connect_tcp_socket(
    asio::any_io_executor executor, Endpoint endpoint, std::chrono::nanoseconds timeout);

/// "[::1]" names the same host as "::1".
std::string without_brackets(const std::string& host);

}  // namespace relapse::net
