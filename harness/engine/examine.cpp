#include "engine/examine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cmath>
#include <ctime>
#include <exception>

#include "base/text.hpp"
#include "drive/http_client.hpp"
#include "engine/stage.hpp"
#include "net/stream.hpp"

namespace relapse {
namespace {

constexpr Duration patience = std::chrono::seconds{5};
constexpr std::int64_t day = 24 * 60 * 60;

std::string safe(std::string_view text) {
  return safe_text(text, 300).str();
}

/// What went wrong before the target was ready, and the last thing it said.
Symptom not_ready(const Target& target, const Launched& launched) {
  Symptom symptom{Sign::bad, "ready", "it did not become ready", ""};
  std::string said;
  for (const Event& event : launched.startup.events) {
    if (const auto* failed = std::get_if<ConnectFailed>(&event.payload)) {
      symptom.text = "cannot connect to " + safe(failed->host) + ":" +
                     std::to_string(failed->port) + ": " + safe(failed->reason);
      symptom.advice = "is it running, and is the address of " + safe(target.file) + " right?";
    } else if (const auto* harness = std::get_if<HarnessFailed>(&event.payload)) {
      symptom.text = safe(harness->message);
    } else if (const auto* ready = std::get_if<Ready>(&event.payload); ready && !ready->ok) {
      symptom.text += ready->detail.empty() ? "" : ": " + safe(ready->detail);
    } else if (const auto* line = std::get_if<LogLine>(&event.payload)) {
      said = line->text;
    }
  }
  if (!said.empty()) {
    symptom.text += "; it said last: " + safe(said);
  }
  if (said.find("ModuleNotFoundError") != std::string::npos ||
      said.find("No module named") != std::string::npos) {
    symptom.advice = "install the Python package that is missing";
  } else if (symptom.advice.empty()) {
    symptom.advice = "look at \"launch\" in " + safe(target.file);
  }
  return symptom;
}

Symptom became_ready(const Launched& launched) {
  for (const Event& event : launched.startup.events) {
    if (const auto* ready = std::get_if<Ready>(&event.payload); ready && ready->ok) {
      return {Sign::good, "ready", "started, and ready after " + human_duration(ready->after), ""};
    }
  }
  const Address& address = launched.instance->address();
  return {Sign::good, "reachable", safe(address.host) + ":" + safe(address.port) + " answers", ""};
}

std::optional<std::int64_t> http_date(const std::vector<Header>& headers) {
  for (const Header& header : headers) {
    std::tm when{};
    if (iequals(header.name, "date") &&
        strptime(header.value.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &when) != nullptr) {
      return timegm(&when);
    }
  }
  return std::nullopt;
}

Symptom clock_symptom(const HttpAnswer& answer) {
  if (answer.status == 0) {
    return {Sign::unknown, "clock", "no answer to a GET: " + safe(answer.why), ""};
  }
  const auto theirs = http_date(answer.headers);
  if (!theirs) {
    return {Sign::note, "clock", "cannot be compared: its answers have no Date header", ""};
  }
  const std::int64_t apart = std::time(nullptr) - *theirs;
  const std::string text =
      std::to_string(std::abs(apart)) + " s " + (apart >= 0 ? "behind ours" : "ahead of ours");
  if (std::abs(apart) <= 2) {
    return {Sign::good, "clock", "agrees with ours", ""};
  }
  return {Sign::bad, "clock", text,
          "set both by NTP: tokens expire, and log lines are matched by time"};
}

Symptom certificate_symptom(const Target& target, const HttpAnswer& answer) {
  if (!answer.certificate_until) {
    return {Sign::unknown, "certificate", "no TLS connection: " + safe(answer.why), ""};
  }
  const std::int64_t left = (*answer.certificate_until - std::time(nullptr)) / day;
  const std::string when =
      std::to_string(std::abs(left)) + (std::abs(left) == 1 ? " day" : " days");
  if (*answer.certificate_until < std::time(nullptr)) {
    return {Sign::bad, "certificate", "expired " + when + " ago", "renew it"};
  }
  if (left < 14) {
    return {Sign::bad, "certificate", "expires in " + when, "renew it"};
  }
  if (!target.tls.verify) {
    return {Sign::note, "certificate", "expires in " + when + ", and is not verified",
            "set tls.ca instead of \"verify\": false"};
  }
  return {Sign::good, "certificate", "valid for another " + when, ""};
}

void probe_symptoms(const Attempt& attempt, std::vector<Symptom>& symptoms) {
  for (const Event& event : attempt.timeline.events) {
    const auto* probed = std::get_if<Probed>(&event.payload);
    if (probed == nullptr) {
      continue;
    }
    if (probed->name == "stop") {
      symptoms.push_back({probed->ok ? Sign::good : Sign::bad, "stop",
                          probed->ok ? "ends as its file says" : safe(probed->detail),
                          probed->ok ? "" : "look at \"stop\" in its launch"});
    } else if (!probed->ok || probed->before) {
      symptoms.push_back({probed->ok ? Sign::good : Sign::bad, "probe " + safe(probed->name),
                          probed->ok ? "works" : safe(probed->detail),
                          probed->ok ? "" : "until it works every scenario is inconclusive here"});
    }
  }
}

Symptom log_symptom(const Target& target, const Attempt& attempt, Plane plane) {
  if (target.logs.empty() && plane == Plane::wire) {
    return {Sign::note, "log", "no log source: claims about the log are not observed",
            "add \"logs\" to its file"};
  }
  bool marked = false;
  bool seen = true;
  for (const Event& event : attempt.timeline.events) {
    if (const auto* mark = std::get_if<LogMarked>(&event.payload)) {
      marked = true;
      seen = seen && mark->seen;
    }
  }
  if (!marked) {
    return {Sign::unknown, "log", "no mark was sent", ""};
  }
  if (!seen) {
    return {Sign::bad, "log",
            "the mark that was sent is not in it: nothing that is absent from "
            "it counts",
            "is it this target's log, and does \"log_mark\" name a path that is logged?"};
  }
  return {Sign::good, "log", "the mark that was sent is in it", ""};
}

HttpRequest plain_get(const Target& target) {
  HttpRequest request;
  request.path = target.log_mark ? target.log_mark->path : "/";
  return target.launch ? target.launch->ready_request : request;
}

class Examination {
 public:
  Examination(asio::any_io_executor executor, const Target& target, Plane plane,
              Interrupt* interrupt)
      : executor_(executor),
        target_(target),
        stage_(executor, target, nullptr, interrupt, plane, nullptr) {
    nothing_.id = "doctor";
    nothing_.title = "no step at all";
  }

  asio::awaitable<void> run() {
    Launched launched = co_await stage_.launch(true);
    if (!launched.ready) {
      symptoms_.push_back(not_ready(target_, launched));
      launched.instance.reset();
      co_return;
    }
    symptoms_.push_back(became_ready(launched));
    Instance& instance = *launched.instance;
    if (stage_.plane() == Plane::wire) {
      co_await ask(instance);
    }
    Stage::How how;
    how.alone = stage_.launchable();
    const Replay replay{&nothing_, std::nullopt};
    Stage::Done done = co_await stage_.replay(replay, instance, how);
    probe_symptoms(done.attempt, symptoms_);
    symptoms_.push_back(log_symptom(target_, done.attempt, stage_.plane()));
    launched.instance.reset();
    co_await tell_version();
  }

  void abort() { stage_.abort(); }
  std::vector<Symptom> take() { return std::move(symptoms_); }

 private:
  asio::awaitable<void> ask(Instance& instance) {
    const HttpRequest request = plain_get(target_);
    const std::vector<Header> headers = instance.headers();
    const net::Endpoint endpoint = instance.endpoint();
    const HttpAnswer answer = co_await http_ask(executor_, endpoint, request, headers, patience);
    symptoms_.push_back(clock_symptom(answer));
    if (instance.address().tls()) {
      symptoms_.push_back(certificate_symptom(target_, answer));
    }
  }

  asio::awaitable<void> tell_version() {
    std::string version = co_await stage_.version();
    if (!version.empty()) {
      symptoms_.push_back({Sign::good, "version", safe(version), ""});
    } else if (target_.version_command.empty()) {
      symptoms_.push_back({Sign::note, "version", "its file has no version_command",
                           "with one, a report can say what was running"});
    } else {
      symptoms_.push_back({Sign::bad, "version", "the version_command prints nothing", ""});
    }
  }

  asio::any_io_executor executor_;
  const Target& target_;
  Stage stage_;
  Scenario nothing_;
  std::vector<Symptom> symptoms_;
};

}  // namespace

std::vector<Symptom> examine(const Target& target, Plane plane, Interrupt* interrupt) {
  asio::io_context context(1);
  Examination examination(context.get_executor(), target, plane, interrupt);
  std::exception_ptr failure;
  asio::co_spawn(context, examination.run(),
                 [&failure](std::exception_ptr thrown) { failure = thrown; });
  int registration = 0;
  if (interrupt != nullptr) {
    registration = interrupt->add(
        [&context, &examination] { asio::post(context, [&examination] { examination.abort(); }); });
  }
  context.run();
  if (interrupt != nullptr) {
    interrupt->remove(registration);
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
  return examination.take();
}

}  // namespace relapse
