#pragma once
#include <string>
#include <vector>

#include "drive/asgi_server.hpp"
#include "match/selector.hpp"

/// For tests: one connection of the ASGI plane, the client's and the application's doings in turn.
namespace relapse::testing {

Send upgrade(const char* path = "/ws", std::vector<Header> headers = {});
Send request(const char* path = "/", const char* method = "GET", std::vector<Header> headers = {});

struct Talk {
  AsgiServer server{RequestDefaults{"127.0.0.1:8000", {}, "relapse", ""}};
  std::vector<Event> events;                  ///< all that the client has sent or seen
  std::vector<AsgiServer::Command> commands;  ///< all that the application was told
  std::size_t from = 0;                       ///< where the next expectation begins

  Talk& client(const Send& send);
  Talk& ends(EndKind kind);
  Talk& finishes();
  Talk& app(const char* event);
  Talk& returns();
  Talk& raises();

  /// The next thing that an expectation would stop at is this.
  bool sees(SelectorKind kind, const char* pattern);
  bool sees_nothing() const;
  /// What the application was told, from this command on.
  std::string told(std::size_t first) const;

 private:
  Talk& take();
};

}  // namespace relapse::testing
