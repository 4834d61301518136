#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/value.hpp"

/// What may be in the messages that an application sends: HTTP & WebSocket message format 2.5 and
/// lifespan 2.0. When they may be sent is judge/asgi_protocol.hpp's.
namespace relapse {

/// Something that the specification does not allow.
struct AsgiProblem {
  std::string text{};
  std::string section{};  ///< "ASGI websocket, section Send - send event"
};

/// "ASGI http, section Response Start - send event".
std::string asgi_section(std::string_view protocol, std::string_view section);
/// The section that describes this type of message; empty for a type that no specification has.
std::string section_of_message(std::string_view type);

/// What is wrong with the keys and values of a message, whose type is one that the specification
/// has. The scope says which subprotocols were offered.
std::vector<AsgiProblem> message_problems(std::string_view type, const Json& message,
                                          const Json& scope);

/// The names of the extensions that the scope offers to the application.
bool offers(const Json& scope, std::string_view extension);

}  // namespace relapse
