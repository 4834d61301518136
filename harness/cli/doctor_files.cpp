#include "cli/doctor_files.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/terminal.hpp"
#include "engine/run_all.hpp"
#include "net/stream.hpp"
#include "scenario/load.hpp"
#include "scenario/proof_files.hpp"

namespace relapse {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t little_space = std::uintmax_t{200} << 20;

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// Where a launch command's program is; empty: nowhere.
std::string find_program(const std::string& name, const std::string& cwd) {
  if (name.find("${") != std::string::npos) {
    return name;  // known only when it is launched
  }
  if (name.find('/') != std::string::npos) {
    const fs::path path = fs::path(name).is_absolute() ? fs::path(name) : fs::path(cwd) / name;
    return access(path.c_str(), X_OK) == 0 ? path.string() : "";
  }
  for (const std::string& folder : split(environment("PATH"), ':')) {
    const fs::path path = fs::path(folder.empty() ? "." : folder) / name;
    if (access(path.c_str(), X_OK) == 0) {
      return path.string();
    }
  }
  return {};
}

Symptom program_symptom(const std::string& subject, const std::string& name,
                        const std::string& cwd) {
  const std::string found = find_program(name, cwd);
  const std::string shown = safe_text(name, 120).str();
  if (found.empty()) {
    return {Sign::bad, subject, shown + " is not there, or not executable",
            "install it, or change the target file"};
  }
  return {Sign::good, subject, safe_text(found, 120).str(), ""};
}

void examine_scenarios(const CommandContext& context, std::vector<Symptom>& symptoms) {
  const auto loaded = load_scenarios(context.scenarios_dir);
  if (!loaded) {
    symptoms.push_back({Sign::bad, "scenarios", loaded.error().message, loaded.error().hint});
    return;
  }
  if (loaded->errors() > 0) {
    symptoms.push_back(
        {Sign::bad, "scenarios",
         counted(loaded->errors(), "error") + " in " + counted(loaded->bad_files(), "file"),
         "relapse check"});
  } else {
    symptoms.push_back({loaded->scenarios.empty() ? Sign::note : Sign::good, "scenarios",
                        counted(loaded->scenarios.size(), "scenario") + ", all valid", ""});
  }
  ProofFiles proofs;
  std::size_t missing = 0, stale = 0;
  for (const Scenario& scenario : loaded->scenarios) {
    const auto proof = proofs.find(scenario);
    if (!proof || !*proof) {
      ++missing;
    } else if ((*proof)->digest != scenario.digest) {
      ++stale;
    }
  }
  if (missing + stale > 0) {
    symptoms.push_back({Sign::bad, "proofs",
                        std::to_string(missing) + " missing, " + std::to_string(stale) +
                            " older than their scenario",
                        "relapse check names them, relapse prove makes them"});
  } else if (!loaded->scenarios.empty()) {
    symptoms.push_back({Sign::good, "proofs", "every scenario has been seen to fail", ""});
  }
}

/// The folder itself, or the nearest above that exists already.
fs::path existing(fs::path folder) {
  std::error_code ignored;
  folder = fs::absolute(folder, ignored);
  while (!fs::exists(folder, ignored) && folder != folder.parent_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

Symptom reports_symptom(const CommandContext& context) {
  const fs::path folder = existing(context.reports_dir);
  if (access(folder.c_str(), W_OK) != 0) {
    return {Sign::bad, "reports", "cannot write to " + folder.string(),
            "name another folder with --report or reports_dir of relapse.json"};
  }
  std::error_code failed;
  const fs::space_info space = fs::space(folder, failed);
  const std::string free =
      std::to_string(space.available >> 20) + " MiB free in " + folder.string();
  if (!failed && space.available < little_space) {
    return {Sign::bad, "reports", "only " + free,
            "make room: old runs lie under " + (context.reports_dir / "runs").string()};
  }
  return {Sign::good, "reports", free, ""};
}

}  // namespace

std::vector<Symptom> examine_files(const CommandContext& context) {
  std::vector<Symptom> symptoms;
  symptoms.push_back({Sign::good, "relapse", harness_version, ""});
  symptoms.push_back(
      {Sign::note, "settings",
       context.config_file.empty() ? "no relapse.json here or above" : context.config_file, ""});
  examine_scenarios(context, symptoms);
  symptoms.push_back(reports_symptom(context));
  return symptoms;
}

std::vector<Symptom> examine_machine(const Target& target) {
  std::vector<Symptom> symptoms;
  if (target.launch && !target.launch->command.empty()) {
    symptoms.push_back(
        program_symptom("program", target.launch->command.front(), target.launch->cwd));
    const int port = net::free_port();
    symptoms.push_back({port > 0 ? Sign::good : Sign::bad, "port",
                        port > 0 ? "there is a free one" : "there is no free one", ""});
  }
  for (const LogSource& log : target.logs) {
    if (log.kind == LogSource::Kind::command && !log.command.empty()) {
      symptoms.push_back(program_symptom("log command", log.command.front(), log.cwd));
    }
  }
  if (target.asgi && !target.asgi->python.empty()) {
    symptoms.push_back(
        program_symptom("interpreter", target.asgi->python.front(), target.asgi->folder));
  }
  return symptoms;
}

}  // namespace relapse
