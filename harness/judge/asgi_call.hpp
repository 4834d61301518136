#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "judge/asgi_messages.hpp"
#include "model/value.hpp"

namespace relapse {

/// One call of an application, as the specification sees it: a state machine that is told what the
/// application was given and did, and answers with what was not allowed.
class AsgiCall {
 public:
  explicit AsgiCall(const Json& scope);

  void fed(const Json& event);
  std::vector<AsgiProblem> sent(int number, const Json& message);
  /// The send() with this number raised: the message went nowhere, and its client is gone.
  void send_raised(int number);
  /// The harness cancelled it: it may end as it likes.
  void cancelled() { may_end_ = true; }
  std::vector<AsgiProblem> returned() const;

 private:
  enum class Protocol { http, websocket, lifespan, unknown };
  enum class Stage {
    fresh,     ///< nothing was answered: no start, no accept
    open,      ///< http: started; websocket: accepted
    denying,   ///< websocket: answered by a response, which is not complete
    finished,  ///< http: complete; websocket: closed or denied
  };

  void order(std::string_view type, const Json& message);
  void order_http(std::string_view type, const Json& message);
  void order_websocket(std::string_view type);
  void order_denial(std::string_view type, const Json& message);
  void order_lifespan(std::string_view type);
  void refuse(std::string text, std::string_view type);
  void refuse_in(std::string text, std::string section);
  void foreign(std::string_view type);
  void finish();
  bool more_body(const Json& message) const;

  Value scope_{};
  Protocol protocol_ = Protocol::unknown;
  std::string protocol_name_{};
  Stage stage_ = Stage::fresh;
  Stage before_finish_ = Stage::fresh;
  int finished_by_ = 0;  ///< number of the send()
  int number_ = 0;       ///< of the send() in question
  std::string last_{};   ///< what finished it
  bool connect_fed_ = false;
  bool gone_ = false;
  bool may_end_ = false;
  bool startup_fed_ = false;
  bool shutdown_fed_ = false;
  bool startup_answered_ = false;
  bool shutdown_answered_ = false;
  std::vector<AsgiProblem> problems_{};
};

}  // namespace relapse
