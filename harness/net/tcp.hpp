#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "net/stream.hpp"

namespace relapse::net {

/// The stream of a socket that is connected already, say one that a listener accepted.
std::unique_ptr<ByteStream> adopt_tcp(asio::ip::tcp::socket socket);

}  // namespace relapse::net
