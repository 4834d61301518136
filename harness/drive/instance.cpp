#include "drive/instance.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>

#include "base/clock.hpp"
#include "drive/http_client.hpp"
#include "drive/resolve.hpp"
#include "net/tls.hpp"

namespace relapse {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t tail_size = 40;
constexpr std::size_t most_between = 1000;  ///< entries kept while no replay listens
constexpr auto poll_interval = std::chrono::milliseconds{15};

std::string exit_text(const ExitStatus& status) {
  return status.code ? "exited with " + std::to_string(*status.code)
                     : "was ended by signal " + std::to_string(status.signal.value_or(0));
}

std::string binary_folder() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string(".") : self.parent_path().string();
}

net::TlsSettings tls_settings(const Tls& tls, const Variables& variables) {
  return {.ca = substitute(tls.ca, variables),
          .cert = substitute(tls.cert, variables),
          .key = substitute(tls.key, variables),
          .server_name = tls.server_name,
          .tls_1_3_only = tls.min_version == "1.3",
          .verify = tls.verify};
}

}  // namespace

Variables fixed_variables() {
  return {{"bin", binary_folder()}};
}

Instance::Instance(asio::any_io_executor executor, const Target& target, const Fault* fault,
                   std::shared_ptr<Vault> vault)
    : executor_(executor),
      target_(target),
      fault_(fault),
      pacer_(executor, target.limits.per_second),
      secrets_(std::move(vault)),
      changed_(executor) {
  LogSources::Handlers handlers;
  handlers.on_line = [this](std::string_view line) {
    if (!nonce_.empty() && line.find(nonce_) != std::string_view::npos) {
      nonce_seen_ = true;
      changed_.notify();
    }
  };
  handlers.on_entry = [this](LogLine entry) { on_entry(std::move(entry)); };
  logs_ = std::make_shared<LogSources>(std::move(executor), std::move(handlers));
}

Instance::~Instance() = default;

Result<std::unique_ptr<Instance>> Instance::make(asio::any_io_executor executor,
                                                 const Target& target, const Fault* fault,
                                                 Plane plane, std::shared_ptr<Vault> vault) {
  std::unique_ptr<Instance> made(new Instance(executor, target, fault, std::move(vault)));
  made->variables_ = fixed_variables();
  const bool on_asgi = plane == Plane::asgi && target.asgi;
  if (target.launch || on_asgi) {
    made->variables_["port"] = std::to_string(net::free_port());
    auto dir = TempDir::make("relapse-target");
    if (!dir) {
      return std::move(dir).error();
    }
    made->dir_ = std::move(*dir);
    made->variables_["dir"] = made->dir_->path().string();
  }
  if (on_asgi) {
    made->asgi_ = std::make_unique<AsgiHost>(executor, *target.asgi, made->dir_->path());
  }
  auto keys = make_keys(target);
  if (!keys) {
    return std::move(keys).error();
  }
  made->keys_ = std::move(*keys);
  for (const auto& [name, pair] : made->keys_) {
    made->variables_["public_key:" + name] = pair.public_pem;
  }
  if (auto known = made->resolve_target(); !known) {
    return std::move(known).error();
  }
  // A server of ASGI has a name too: requests and scopes show it.
  if (auto reached = made->reach(on_asgi ? "http://testserver" : target.address); !reached) {
    return std::move(reached).error();
  }
  return made;
}

Result<void> Instance::reach(const std::string& text) {
  auto address = parse_address(substitute(text, variables_));
  if (!address) {
    return std::move(address).error();
  }
  address_ = std::move(*address);
  if (address_.tls()) {
    auto tls = net::make_tls_context(tls_settings(target_.tls, variables_));
    if (!tls) {
      return std::move(tls).error();
    }
    tls_ = std::move(*tls);
  }
  variables_["host"] = address_.host;
  variables_["port"] = address_.port;
  return {};
}

Result<void> Instance::resolve_target() {
  auto outside = outside_variables(references(target_, fault_), target_, variables_, keys_);
  if (!outside) {
    return std::move(outside).error();
  }
  if (auto kept = secrets_.add_from(*outside); !kept) {
    return kept;
  }
  variables_.insert(outside->begin(), outside->end());
  headers_ = target_.headers;
  for (Header& header : headers_) {
    header.value = substitute(header.value, variables_);
  }
  return {};
}

bool Instance::running() const {
  return child_ && !child_->exit_status();
}

std::optional<ExitStatus> Instance::exit_status() const {
  return child_ ? child_->exit_status() : std::nullopt;
}

LaunchSpec Instance::spec_for(const Start& changes) const {
  LaunchSpec spec;
  if (asgi_) {
    spec.env = target_.asgi->env;
  } else {
    const Launch& launch = *target_.launch;
    spec.cwd = launch.cwd;
    spec.command = fault_ != nullptr && fault_->command ? *fault_->command : launch.command;
    spec.env = launch.env;
  }
  if (fault_ != nullptr) {
    if (!asgi_) {
      spec.command.insert(spec.command.end(), fault_->args.begin(), fault_->args.end());
    }
    for (const auto& [name, value] : fault_->env) {
      spec.env[name] = value;
    }
  }
  for (const auto& [name, value] : changes.env) {
    spec.env[name] = value;
  }
  if (!asgi_) {
    spec.command.insert(spec.command.end(), changes.args.begin(), changes.args.end());
  }
  for (std::string& word : spec.command) {
    word = substitute(word, variables_);
  }
  for (auto& [name, value] : spec.env) {
    if (value) {
      value = substitute(*value, variables_);
    }
  }
  return spec;
}

Result<void> Instance::write_files(const Start& changes) const {
  auto files = asgi_ ? target_.asgi->files : target_.launch->files;
  for (const auto& [name, content] : changes.files) {
    files[name] = content;
  }
  for (const auto& [name, content] : files) {
    if (auto written = write_file(dir_->path() / name, substitute(content, variables_)); !written) {
      return written;
    }
  }
  return {};
}

asio::awaitable<Result<void>> Instance::open_logs() {
  if (logs_open_) {
    co_return Result<void>();
  }
  logs_open_ = true;
  std::vector<LogSource> sources = asgi_ ? std::vector<LogSource>{} : target_.logs;
  Variables variables = variables_;
  Result<void> opened = co_await logs_->open(std::move(sources), std::move(variables));
  co_return opened;
}

asio::awaitable<Result<void>> Instance::start(Recorder& recorder, const Start& changes,
                                              Duration within) {
  if (auto written = write_files(changes); !written) {
    co_return written;
  }
  // Before the launch: what a file holds now is not this process's.
  Result<void> opened = co_await open_logs();
  if (!opened) {
    co_return opened;
  }
  LaunchSpec spec = spec_for(changes);
  if (asgi_) {
    if (auto prepared = asgi_->prepare(spec); !prepared) {
      co_return prepared;
    }
  }
  ProcessStarted started;
  started.command = spec.command;
  output_ended_ = false;
  nonce_.clear();
  Child::Handlers handlers;
  handlers.on_line = [this](std::string line) { on_line(std::move(line)); };
  handlers.on_exit = [this](ExitStatus status) { on_exit(status); };
  handlers.on_output_end = [this] {
    logs_->finish();
    output_ended_ = true;
    changed_.notify();
  };
  child_.reset();
  auto child = co_await Child::launch(executor_, std::move(spec), std::move(handlers));
  if (!child) {
    co_return std::move(child).error();
  }
  child_ = std::move(*child);
  started.pid = child_->pid();
  recorder.add("", std::move(started));
  if (asgi_) {
    asgi_->launched();
    co_await wait_loaded(recorder, within);
  } else if (changes.ready != ReadyWait::none) {
    co_await wait_ready(recorder, changes.ready, within);
  }
  co_return Result<void>();
}

asio::awaitable<void> Instance::wait_ready(Recorder& recorder, ReadyWait wait, Duration within) {
  const auto begin = Clock::now();
  auto deadline = begin + within;
  Ready ready;
  while (Clock::now() < deadline && running()) {
    HttpRequest request = target_.launch->ready_request;
    for_each_string(request, [&](std::string& text) { text = substitute(text, variables_); });
    const Duration waited = co_await turn_to_ask();
    deadline += waited;
    const auto left = std::min<Duration>(deadline - Clock::now(), std::chrono::seconds{2});
    const HttpAnswer answer = co_await ask(std::move(request), left);
    if (answer.status == target_.launch->ready_status) {
      ready.ok = true;
      break;
    }
    // The last try may have been cut short: what an earlier one saw says more.
    if (ready.detail.empty() || Clock::now() < deadline) {
      ready.detail = answer.status != 0 ? "HTTP " + std::to_string(answer.status) : answer.why;
    }
    if (wait == ReadyWait::either && answer.status != 0) {
      break;  // it serves, if only errors: that is what such a step wanted to know
    }
    asio::steady_timer timer(executor_, poll_interval);
    co_await timer.async_wait(tok);
  }
  ready.after = Clock::now() - begin;
  if (!ready.ok && !running()) {
    co_await child_->wait_exit(std::chrono::seconds{1});
    ready.detail = nothing_ready();
  }
  recorder.add("", std::move(ready));
}

std::string Instance::nothing_ready() const {
  const auto status = exit_status();
  std::string text = status ? "the process " + exit_text(*status) : "the process ended";
  const std::string lines = last_lines(3);
  return lines.empty() ? text : text + ": " + lines;
}

asio::awaitable<bool> Instance::reachable(std::string& why) {
  HttpRequest request;
  if (target_.log_mark) {
    request.path = target_.log_mark->path;
  }
  co_await turn_to_ask();
  const HttpAnswer answer = co_await ask(std::move(request), std::chrono::seconds{5});
  why = answer.why;
  co_return answer.status != 0;
}

void Instance::signal(int number) {
  if (child_) {
    child_->signal(number);
  }
}

asio::awaitable<bool> Instance::wait_exit(Duration within) {
  if (!child_) {
    co_return true;
  }
  const bool exited = co_await child_->wait_exit(within);
  co_return exited;
}

asio::awaitable<std::string> Instance::stop() {
  if (!running()) {
    co_return std::string();
  }
  if (asgi_) {
    std::string wrong = co_await stop_asgi();
    co_return wrong;
  }
  const Launch& launch = *target_.launch;
  child_->signal(launch.stop_signal);
  const bool exited = co_await child_->wait_exit(launch.stop_within);
  overstayed_ = !exited || !child_->exit_status();
  co_return exit_fault(launch.stop_exit, "signal " + std::to_string(launch.stop_signal));
}

std::string Instance::exit_fault(const std::vector<int>& accepted, const std::string& cause) {
  const auto status = child_->exit_status();
  child_.reset();
  if (overstayed_) {
    return "did not end within " + human_duration(stop_within()) + " of " + cause;
  }
  const int code = status->code ? *status->code : -status->signal.value_or(0);
  const bool fine = std::find(accepted.begin(), accepted.end(), code) != accepted.end();
  return fine ? std::string() : exit_text(*status) + " after " + cause;
}

void Instance::kill() {
  child_.reset();
}

void Instance::attach(Recorder* recorder, bool aside) {
  logs_->flush();  // what was logged until now belongs to the one before
  recorder_ = recorder;
  aside_ = aside;
  if (recorder_ != nullptr) {
    recorder_->keep_out(secrets_);
    for (LogLine& entry : between_) {
      recorder_->add("probe", std::move(entry));
    }
    between_.clear();
  }
}

/// One connection and one request; kept apart from ask(), whose time is the target's.
asio::awaitable<Duration> Instance::turn_to_ask() {
  const Duration to_connect = co_await pacer_.turn();
  const Duration to_send = co_await pacer_.turn();
  co_return to_connect + to_send;
}

asio::awaitable<HttpAnswer> Instance::ask(HttpRequest request, Duration timeout) {
  std::vector<Header> headers = headers_;
  HttpAnswer answer =
      co_await http_ask(executor_, endpoint(), std::move(request), std::move(headers), timeout);
  const bool best_known = target_.probes.empty() || !round_trip_;
  // An error may rightly be slow: a server that polls its tasks answers it a second later.
  if (answer.status != 0 && answer.status < 500 && best_known) {
    round_trip_ = answer.round_trip;
  }
  co_return answer;
}

void Instance::on_entry(LogLine entry) {
  tail_.push_back(entry.text);
  secrets_.redact(tail_.back());  // messages show a part of it, in which a value would not be found
  if (tail_.size() > tail_size) {
    tail_.pop_front();
  }
  if (recorder_ != nullptr) {
    recorder_->add(aside_ ? "probe" : "", std::move(entry));
  } else if (between_.size() < most_between) {
    between_.push_back(std::move(entry));
  }
  changed_.notify();
}

void Instance::on_exit(ExitStatus status) {
  logs_->flush();  // whatever it wrote, it wrote before
  if (asgi_ && recorder_ != nullptr && !tail_.empty()) {
    // Python's own words when it dies: they come by no other way.
    recorder_->add(aside_ ? "probe" : "", LogLine{"process", last_lines(3), ""});
  }
  if (recorder_ != nullptr) {
    recorder_->add("", ProcessExited{status.code, status.signal});
  }
  changed_.notify();
}

asio::awaitable<void> Instance::mark_log(Recorder& recorder) {
  if (asgi_) {
    co_await mark_asgi_log(recorder);
    co_return;
  }
  LogMarked mark;
  mark.nonce = random_hex(6);
  if (target_.log_mark && may_log()) {
    nonce_ = mark.nonce;
    nonce_seen_ = false;
    co_await turn_to_ask();
    const auto deadline = Clock::now() + target_.log_mark->within;
    HttpRequest request;
    request.path = target_.log_mark->path;
    request.query.emplace_back("relapse-mark", mark.nonce);
    const Duration patience = target_.log_mark->within;
    co_await ask(std::move(request), patience);
    while (!nonce_seen_ && !output_ended_ && Clock::now() < deadline) {
      co_await changed_.wait_until(deadline);
    }
    mark.seen = nonce_seen_;
    nonce_.clear();
  }
  if (child_ && !running()) {
    // The process is gone; what it wrote before may still be in the pipe.
    co_await child_->wait_exit(std::chrono::seconds{2});
  }
  logs_->flush();
  mark.complete = output_ended_ && logs_->complete();
  recorder.add(aside_ ? "probe" : "", std::move(mark));
}

std::string Instance::last_lines(std::size_t count) const {
  std::string text;
  const std::size_t from = tail_.size() > count ? tail_.size() - count : 0;
  for (std::size_t i = from; i < tail_.size(); ++i) {
    text += (text.empty() ? "" : " | ") + safe_text(tail_[i], 200).str();
  }
  return text;
}

}  // namespace relapse
