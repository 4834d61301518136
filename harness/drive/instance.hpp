#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/files.hpp"
#include "drive/asgi_host.hpp"
#include "drive/log_sources.hpp"
#include "drive/pacer.hpp"
#include "drive/recorder.hpp"
#include "drive/resolve.hpp"
#include "drive/secrets.hpp"
#include "match/selector.hpp"
#include "model/target.hpp"
#include "net/stream.hpp"
#include "process/child.hpp"

namespace relapse {

struct HttpAnswer;

/// Where a target is to be found.
struct Address {
  std::string scheme;  ///< ws, wss, http, https
  std::string host;
  std::string port;
  bool tls() const { return scheme == "wss" || scheme == "https"; }
};
Result<Address> parse_address(const std::string& address);

/// What ${...} may stand for in a target file before anything runs: bin, the folder of this
/// program.
Variables fixed_variables();

/// One running copy of a target: a process that the harness launched, or just an address; and its
/// log. Its port is chosen once, so that a restart is found at the same place.
/// Confined to one executor.
class Instance {
 public:
  /// `fault` may be null. Nothing is started yet. What must be kept out of the record is told the
  /// run's vault, too.
  static Result<std::unique_ptr<Instance>> make(asio::any_io_executor executor,
                                                const Target& target, const Fault* fault,
                                                Plane plane = Plane::wire,
                                                std::shared_ptr<Vault> vault = nullptr);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const Target& target() const { return target_; }
  const Address& address() const { return address_; }
  /// Where to connect to, and how.
  net::Endpoint endpoint() const { return {address_.host, address_.port, tls_}; }
  /// port, host, dir, bin, public_key:NAME, and what the target file takes from outside: env:,
  /// secret:, token:. As they are: they go into a timeline that is redacted.
  const Variables& variables() const { return variables_; }
  const KeyRing& keys() const { return keys_; }
  /// The target's headers, resolved.
  const std::vector<Header>& headers() const { return headers_; }
  /// What must be kept out of every record of this instance; planning adds what a scenario uses.
  Secrets& secrets() { return secrets_; }
  /// Everything that opens a connection to this target or sends it a request waits for its turn.
  Pacer& pacer() { return pacer_; }
  bool launchable() const { return asgi_ || target_.launch.has_value(); }
  Plane plane() const { return asgi_ ? Plane::asgi : Plane::wire; }
  /// The ASGI plane's application; null on the wire.
  AsgiHost* asgi() { return asgi_.get(); }
  Duration ready_within() const;
  Duration stop_within() const;
  bool running() const;
  std::optional<ExitStatus> exit_status() const;

  /// Launches with changes on top of the target's settings, and waits as asked. Records
  /// ProcessStarted and Ready. An error is the harness's own: the command could not be executed.
  asio::awaitable<Result<void>> start(Recorder& recorder, const Start& changes, Duration within);
  /// An address only: asks the readiness request once. Records nothing.
  asio::awaitable<bool> reachable(std::string& why);
  /// Begins to read the log's files and commands; start() does it by itself. An error is the
  /// harness's own: the log command could not be executed.
  asio::awaitable<Result<void>> open_logs();

  void signal(int number);
  asio::awaitable<bool> wait_exit(Duration within);
  /// Stop signal and deadline of the target file. Returns what was wrong with the way it ended;
  /// empty when nothing was. Ends the process by force in the end.
  asio::awaitable<std::string> stop();
  /// The last stop() had to use force: the process had not ended in time.
  bool overstayed() const { return overstayed_; }
  void kill();

  /// Log lines and the exit go to this recorder from now on; null: nowhere. `aside` marks lines
  /// that belong to probes and not to the scenario.
  /// What was logged while nobody listened is given to the next one, aside.
  void attach(Recorder* recorder, bool aside);
  /// Sends the log mark and waits until it is in the log, or the log ended. Records LogMarked.
  asio::awaitable<void> mark_log(Recorder& recorder);
  /// How fast the target answered when it was last measured: by the requests of its readiness and
  /// of its log marks, or by the probes, which are the better measure.
  std::optional<Duration> round_trip() const { return round_trip_; }
  void measured(Duration round_trip) { round_trip_ = round_trip; }
  /// What the target called its running self after the last replay; taken once, so that a restart
  /// is told once.
  std::optional<std::string> take_identity() { return std::exchange(identity_, std::nullopt); }
  void identified(std::string value) { identity_ = std::move(value); }
  bool has_log() const { return asgi_ || !target_.logs.empty(); }
  /// It runs as far as the harness can know: an address always does.
  bool may_log() const { return running() || !launchable(); }

  /// The last lines of output, for messages.
  std::string last_lines(std::size_t count) const;

 private:
  Instance(asio::any_io_executor executor, const Target& target, const Fault* fault,
           std::shared_ptr<Vault> vault);
  /// What the target file takes from the environment, and its headers.
  Result<void> resolve_target();
  Result<void> reach(const std::string& address);
  LaunchSpec spec_for(const Start& changes) const;
  asio::awaitable<void> wait_loaded(Recorder& recorder, Duration within);
  asio::awaitable<void> mark_asgi_log(Recorder& recorder);
  asio::awaitable<std::string> stop_asgi();
  std::string exit_fault(const std::vector<int>& accepted, const std::string& cause);
  Result<void> write_files(const Start& changes) const;
  asio::awaitable<void> wait_ready(Recorder& recorder, ReadyWait wait, Duration within);
  asio::awaitable<HttpAnswer> ask(HttpRequest request, Duration timeout);
  asio::awaitable<Duration> turn_to_ask();
  void on_line(std::string line);
  void on_entry(LogLine entry);
  void on_exit(ExitStatus status);
  std::string nothing_ready() const;

  asio::any_io_executor executor_;
  const Target& target_;
  const Fault* fault_;
  Pacer pacer_;
  Address address_;
  std::shared_ptr<const net::TlsContext> tls_;  ///< null: plain TCP
  Variables variables_;
  Secrets secrets_;
  KeyRing keys_;
  std::vector<Header> headers_;
  std::optional<TempDir> dir_;
  std::unique_ptr<Child> child_;
  std::unique_ptr<AsgiHost> asgi_;
  Recorder* recorder_ = nullptr;
  bool aside_ = false;
  std::string nonce_;
  bool nonce_seen_ = false;
  bool overstayed_ = false;
  std::optional<Duration> round_trip_;
  std::optional<std::string> identity_;
  bool output_ended_ = false;
  bool logs_open_ = false;
  std::deque<std::string> tail_;
  std::vector<LogLine> between_;  ///< logged while nothing was being recorded
  Notifier changed_;
  std::shared_ptr<LogSources> logs_;
};

}  // namespace relapse
