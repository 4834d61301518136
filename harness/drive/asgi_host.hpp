#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "drive/asgi_bridge.hpp"
#include "drive/asgi_reply.hpp"
#include "drive/asgi_script.hpp"
#include "model/event.hpp"
#include "model/target.hpp"
#include "process/child.hpp"

namespace relapse {

/// The lane of the lifespan call, which goes before all others and outlives them.
inline constexpr const char* lifespan_lane = "lifespan";

/// The bridge's process seen from the harness: what it is launched with, the application that it
/// imports, and its lifespan. Confined to one executor.
class AsgiHost {
 public:
  /// `dir` is the instance's own folder.
  AsgiHost(asio::any_io_executor executor, const AsgiApp& app, std::filesystem::path dir)
      : executor_(std::move(executor)), app_(app), dir_(std::move(dir)) {}

  /// A new bridge, and the command that runs it. Errors are the system's.
  Result<void> prepare(LaunchSpec& spec);
  /// The process runs.
  void launched() { bridge_->close_other_end(); }
  /// Imports the application and begins its lifespan. `log` gets what was logged meanwhile.
  asio::awaitable<Ready> become_ready(Duration within, std::vector<LogLine>& log);
  /// Ends the lifespan; what was wrong with the way it ended, or "". Then the process ends by
  /// itself.
  asio::awaitable<std::string> shut_down(Duration within);
  /// Whether the bridge still sees what is logged: the proof that a log is alive.
  asio::awaitable<bool> log_is_alive();

  AsgiBridge& bridge() { return *bridge_; }
  /// Where the application is, when it does not let its loop turn: it was signalled a moment ago.
  std::string blocked_at() const;

 private:
  asio::awaitable<void> load(Duration within, Ready& ready);
  asio::awaitable<void> begin_lifespan(Duration within, Ready& ready, std::vector<LogLine>& log);

  asio::any_io_executor executor_;
  const AsgiApp& app_;
  std::filesystem::path dir_;
  std::unique_ptr<AsgiBridge> bridge_;
  bool in_lifespan_ = false;
};

}  // namespace relapse
