#include "engine/run_all.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "engine/applicable.hpp"
#include "engine/settle.hpp"
#include "engine/target_run.hpp"

namespace relapse {

void for_each_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        task(i);
      } catch (...) {
        const std::scoped_lock lock(mutex);
        failure = failure ? failure : std::current_exception();
      }
    }
  };
  const std::size_t wanted = static_cast<std::size_t>(std::max(jobs, 1));
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(wanted, count); ++i) {
    threads.emplace_back(work);
  }
  work();
  for (std::thread& thread : threads) {
    thread.join();
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

Result<Run> run_all(const std::vector<Scenario>& scenarios, const std::vector<Target>& targets,
                    const RunOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const auto now = std::chrono::system_clock::now();
  Run run;
  run.id = utc_compact(now) + "-" + random_hex(3);
  run.started = utc_timestamp(now);
  run.harness_version = harness_version;
  run.command = options.command;
  const auto vault = options.vault ? options.vault : std::make_shared<Vault>();
  std::vector<const Scenario*> selected;
  for (const Scenario& scenario : scenarios) {
    selected.push_back(&scenario);
  }
  std::vector<TargetRunOptions> per_target(targets.size());
  std::mutex mutex;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    TargetRunOptions& one = per_target[i];
    if (!options.fault.empty()) {
      auto fault = find_fault(targets[i], options.fault);
      if (!fault) {
        return std::move(fault).error();
      }
      one.fault = *fault;
      one.fault_name = options.fault;
    }
    one.retries = options.retries;
    one.repeat = options.repeat;
    one.interrupt = options.interrupt;
    one.on_start = [&, i](const Scenario& scenario) {
      const std::scoped_lock lock(mutex);
      if (options.on_start) {
        options.on_start(scenario, targets[i]);
      }
    };
    one.vault = vault;
    one.on_result = [&](const ScenarioResult& result) {
      const std::scoped_lock lock(mutex);
      if (options.on_result) {
        options.on_result(result);
      }
    };
  }
  std::vector<TargetRun> parts(targets.size());
  for_each_parallel(targets.size(), options.jobs, [&](std::size_t i) {
    parts[i] = run_on_planes(targets[i], selected, per_target[i], options.plane);
  });
  for (TargetRun& part : parts) {
    run.targets.push_back(std::move(part.info));
    for (ScenarioResult& result : part.results) {
      run.results.push_back(std::move(result));
    }
  }
  run.interrupted = options.interrupt != nullptr && options.interrupt->requested();
  if (run.interrupted) {
    run.stop_reason = options.interrupt->why();
  }
  redact(run, Secrets::of_run(vault));
  run.redactions = vault->counts();
  run.duration = std::chrono::steady_clock::now() - begin;
  return run;
}

}  // namespace relapse
