#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/scenario.hpp"
#include "model/timeline.hpp"

namespace relapse {

/// How to start the target. ${port} and ${dir} are known when it runs.
struct Launch {
  std::vector<std::string> command{};
  std::string cwd{};  ///< absolute after reading: relative paths count from the target file
  std::map<std::string, std::optional<std::string>> env{};
  std::map<std::string, std::string> files{};
  HttpRequest ready_request{};  ///< polled until it answers ready_status
  int ready_status = 200;
  Duration ready_within = std::chrono::seconds{10};
  int stop_signal = 15;
  Duration stop_within = std::chrono::seconds{5};
  std::vector<int> stop_exit{0};  ///< accepted exit codes; -15 means "ended by signal 15"
};

/// Steps that must work before and after every replay, on a connection of their own.
struct Probe {
  std::string name{};
  std::vector<Step> steps{};
  SourceRef at{};
};

/// Where the target's log is read.
struct LogSource {
  enum class Kind { process, file, command };
  Kind kind = Kind::process;
  std::string path{};                  ///< of a file
  std::vector<std::string> command{};  ///< prints the log and goes on: kubectl logs -f
  std::string cwd{};                   ///< of the command: the target file's folder
};

/// A request whose access line proves that the log is alive. The replayer adds the query
/// parameter relapse-mark=NONCE and must find the nonce in the log afterwards.
struct LogMark {
  std::string path{};
  Duration within = std::chrono::seconds{2};
};

/// A key pair that tokens are signed with. Without a file it is made when the target is planned.
struct TokenKey {
  enum class Type { rsa, ec };  ///< RSA with 2048 bits; EC on the curve P-256
  Type type = Type::rsa;
  std::string file{};  ///< PEM, a private key
};

/// How to make a token for ${token:name}. Claims may hold ${...} and times relative to now: "+1h".
struct TokenRecipe {
  std::string algorithm = "HS256";  ///< HS256, HS384, HS512, RS256, ES256 or none
  std::string secret{};             ///< of HS256, HS384, HS512
  std::string key{};                ///< of RS256, ES256: a name of Target::keys
  Value claims{};                   ///< an object; null removes a claim
  Value header{};                   ///< merged into {"alg", "typ"}
  std::string garble{};  ///< "", "signature", "payload", "header" or "segments": damage on purpose
};

/// The state of a repository before a fix, built aside.
struct Revision {
  std::string repository{};          ///< a folder inside it; absolute after reading
  std::string commit{};              ///< whatever `git rev-parse` understands
  std::vector<std::string> build{};  ///< run at the root of the checkout; empty: nothing to build
};

/// What brings an old bug back.
struct Fault {
  std::string title{};
  std::map<std::string, std::optional<std::string>> env{};
  std::vector<std::string> args{};
  std::optional<std::vector<std::string>> command{};  ///< replaces the launch command
  std::optional<Revision> revision{};
  /// Scenarios that name this fault and cannot show it on this target, with the reason: a server
  /// may hide a fault that another one lets through.
  std::map<std::string, std::string> unseen_by{};
  SourceRef at{};
};

/// A scenario that is expected to relapse on this target, say for a server's open bug.
struct Known {
  std::string scenario{};
  std::string reason{};
  std::string until{};  ///< date after which it counts as a relapse again, YYYY-MM-DD
};

/// How a wss:// or https:// target is spoken to. Paths are absolute after reading; they may hold
/// ${dir} and ${bin}.
struct Tls {
  std::string ca{};           ///< PEM file of trusted certificates; the system's when empty
  std::string cert{};         ///< PEM file: the client's certificate and its chain
  std::string key{};          ///< PEM file: its private key
  std::string server_name{};  ///< for SNI and the host name check; the address's host when empty
  std::string min_version = "1.2";  ///< "1.2" or "1.3"
  bool verify = true;
};

/// How much of the harness the target may be asked to bear; 0: no limit.
struct Limits {
  int connections = 0;    ///< open at once
  double per_second = 0;  ///< new connections and HTTP requests
};

/// The target as an ASGI application, called by the harness itself in the target's own interpreter.
struct AsgiApp {
  std::string app{};     ///< "package.module:name"
  bool factory = false;  ///< the name is to be called for the application
  std::string folder{};  ///< first on sys.path; absolute after reading
  std::vector<std::string> python{"/usr/bin/python3"};  ///< the interpreter's command
  std::map<std::string, std::optional<std::string>> env{};
  std::map<std::string, std::string> files{};  ///< written to ${dir} before the start
  bool by_keyword = false;  ///< called with scope=, receive=, send=, as daphne does
  /// Whether a lifespan call goes before all others and is shut down behind them. `either`: an
  /// application that raises on its scope is served without (lifespan specification).
  enum class Lifespan { either, on, off };
  Lifespan lifespan = Lifespan::either;
  Duration ready_within = std::chrono::seconds{10};  ///< for the import and lifespan.startup
};

/// How the target tells that it is still the same process.
struct Identity {
  HttpRequest request{};
  std::string pointer{};  ///< RFC 6901, into {"status", "headers", "body", "json"} of the answer
  bool grows = false;     ///< an uptime: a smaller one means a restart
};

struct Target {
  std::string id{};  ///< file name without the extension
  std::string file{};
  std::string title{};
  /// ws://, wss://, http:// or https://host:port; may hold ${port}. Empty: only the ASGI plane.
  std::string address{};
  Tls tls{};
  std::vector<Header> headers{};  ///< added to every request
  bool trace_headers = true;  ///< X-Request-Id and traceparent, so that log lines can be matched
  std::vector<std::string> provides{};
  std::optional<Launch> launch{};
  std::optional<AsgiApp> asgi{};
  std::vector<Probe> probes{};
  std::optional<Identity> identity{};
  std::vector<LogSource> logs{};
  std::optional<LogMark> log_mark{};
  Duration log_settle{};  ///< how late a log line may arrive
  std::vector<LogSignature> fault_signatures{};
  std::map<std::string, TokenKey> keys{};
  std::map<std::string, TokenRecipe> tokens{};
  std::map<std::string, Fault> faults{};
  std::vector<Known> known{};
  std::vector<std::string> allow_hosts{};
  bool is_protected = false;
  Limits limits{};
  std::vector<std::string> version_command{};  ///< prints what is running, for the report
};

}  // namespace relapse
