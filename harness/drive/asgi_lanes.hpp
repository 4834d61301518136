#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codec/http1.hpp"
#include "drive/asgi_reply.hpp"
#include "drive/asgi_script.hpp"
#include "drive/asgi_server.hpp"
#include "drive/recorder.hpp"

namespace relapse {

/// The calls of one replay: writes down what the bridge tells of them, and where their outcomes
/// stand in the record. A call that a wire step has made also gets the wire's events, as a server
/// would have made them of what the application did.
class AsgiLanes : public AsgiListener {
 public:
  AsgiLanes(Recorder& recorder, RequestDefaults defaults)
      : recorder_(recorder), defaults_(std::move(defaults)) {}

  void on_step(std::int64_t at_ns, int index) override;
  void on_event(std::int64_t at_ns, int step, std::string lane, Payload payload) override;
  void on_stopped(std::int64_t at_ns, int step, bool unmet, Duration waited) override;

  /// The application has refused to start, or (nothing) it has started after all: what its
  /// clients find from their first send on.
  void refuse(std::optional<std::string> why) { refusal_ = std::move(why); }

  /// What the client does on this connection; its commands go into the script.
  void send(int step, const std::string& lane, const Send& send, AsgiScript& script);
  void end(int step, const std::string& lane, EndKind kind, AsgiScript& script);
  /// Commands that became due when the application acted. True when there were any.
  bool add_due(AsgiScript& script);
  /// The clients of wire steps that are still there end in good order.
  void finish(AsgiScript& script);

  /// Begins a script: nothing has stopped it yet.
  void begin() { stopped_ = false; }
  bool stopped() const { return stopped_; }
  /// Ends the step that is open, if one is.
  void end_step(bool satisfied);
  int step() const { return step_; }
  /// Whether the call of this lane has come to its end, or there is none.
  bool ended(const std::string& lane) const;
  bool acted(const std::string& lane) const;
  /// Where in the record the n-th outcome (from 1) of the lane's last call stands, and how many
  /// there are up to an index.
  std::optional<std::size_t> place_of(const std::string& lane, int n) const;
  int outcomes_until(const std::string& lane, std::size_t index) const;
  /// How far the virtual clock has gone.
  Duration ahead() const { return ahead_; }

 private:
  struct Lane {
    std::vector<std::size_t> outcomes;
    bool called = false;
    bool ended = false;
    std::string send_raised;  ///< the message of what a send() of the call raised last
    std::optional<AsgiServer> server;
  };
  void wire_events(std::int64_t at_ns, int step, const std::string& name, Lane& lane);
  void commands(const std::string& name, Lane& lane, AsgiScript& script);
  AsgiServer& server(const std::string& name);

  Recorder& recorder_;
  RequestDefaults defaults_;
  std::optional<std::string> refusal_;
  std::map<std::string, Lane> lanes_;
  int step_ = -1;
  std::int64_t last_ns_ = 0;
  bool stopped_ = false;
  Duration ahead_{};
};

}  // namespace relapse
