#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "cli/check_fix.hpp"
#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "scenario/fragments.hpp"
#include "scenario/load.hpp"
#include "scenario/proof_files.hpp"

namespace relapse {
namespace {

struct CheckArguments {
  std::vector<std::string> files;
  bool json = false;
  bool fix = false;
};

/// Everything that check has read and found.
struct CheckedFiles {
  LoadedScenarios scenarios;
  std::vector<FileReport> others;  ///< targets and fragments
  std::size_t target_files = 0;
  std::size_t fragment_files = 0;
  std::set<std::string> faults;  ///< of all targets
};

void add_note(FileReport& report, std::string message, std::string hint, SourceRef at = {}) {
  Diagnostic note;
  note.severity = Diagnostic::Severity::note;
  note.message = std::move(message);
  note.note = std::move(hint);
  note.at = std::move(at);
  note.at.file = report.path.generic_string();
  report.diagnostics.push_back(std::move(note));
}

/// What the stored proof does not show, or no longer shows.
void note_proof(const Scenario& scenario, ProofFiles& proofs, FileReport& report) {
  const std::string again = "try: relapse prove " + scenario.id;
  const auto stored = proofs.find(scenario);
  if (!stored) {
    add_note(report, "its proof cannot be read: " + stored.error().message, again);
    return;
  }
  const std::optional<Proof>& proof = *stored;
  if (!proof) {
    add_note(report, "nobody has seen this scenario fail: it has no proof", again);
    return;
  }
  if (proof->digest != scenario.digest) {
    add_note(report, "its proof is stale: the scenario has changed since " + proof->proved, again);
    return;
  }
  for (const ProofEntry& entry : scenario.proof) {
    const auto about = [&](const ProofRecord& record) { return record.fault == entry.fault; };
    if (std::none_of(proof->records.begin(), proof->records.end(), about)) {
      add_note(report, "its proof says nothing of the fault \"" + entry.fault + "\"", again,
               entry.at);
    }
  }
  for (const ProofRecord& record : proof->records) {
    if (record.result != ProofResult::discriminates) {
      add_note(report,
               "its proof on " + record.target + " with " + record.fault +
                   " says: " + std::string(to_string(record.result)),
               record.detail);
    }
  }
}

/// A fault that no target file knows can never be switched on.
void note_faults(const Scenario& scenario, const std::set<std::string>& faults,
                 FileReport& report) {
  const std::vector<std::string_view> known(faults.begin(), faults.end());
  for (const ProofEntry& entry : scenario.proof) {
    if (!faults.empty() && !faults.contains(entry.fault)) {
      const auto near = did_you_mean(entry.fault, known);
      add_note(report, "no target file has the fault \"" + entry.fault + "\"",
               near ? "did you mean \"" + *near + "\"?" : "", entry.at);
    }
  }
}

void read_fragment_file(const std::filesystem::path& path, const std::string& text,
                        const CommandContext& context, CheckedFiles& checked) {
  ++checked.fragment_files;
  auto diagnostics = check_fragment(text, path, context.scenarios_dir);
  if (!diagnostics.empty()) {
    checked.others.push_back({path, text, std::move(diagnostics)});
  }
}

void read_target_file(const std::filesystem::path& path, const std::string& text,
                      CheckedFiles& checked) {
  ++checked.target_files;
  auto parsed = parse_target(text, path);
  if (parsed.value) {
    for (const auto& [name, fault] : parsed.value->faults) {
      checked.faults.insert(name);
    }
  }
  if (!parsed.diagnostics.empty()) {
    checked.others.push_back({path, text, std::move(parsed.diagnostics)});
  }
}

FileReport& report_of(LoadedScenarios& loaded, const std::filesystem::path& path) {
  const auto found = std::find_if(loaded.reports.begin(), loaded.reports.end(),
                                  [&](const FileReport& report) { return report.path == path; });
  if (found != loaded.reports.end()) {
    return *found;
  }
  const auto text = read_file(path);
  return loaded.reports.emplace_back(FileReport{path, text ? *text : std::string{}, {}});
}

CheckedFiles read_all(const CommandContext& context,
                      const std::vector<std::filesystem::path>& files) {
  CheckedFiles checked;
  std::vector<std::filesystem::path> scenario_files;
  for (const std::filesystem::path& path : files) {
    const auto text = read_file(path);
    if (text && is_fragment_file(path, context.scenarios_dir)) {
      read_fragment_file(path, *text, context, checked);
    } else if (text && looks_like_target(*text)) {
      read_target_file(path, *text, checked);
    } else {
      scenario_files.push_back(path);  // one that cannot be read is reported there
    }
  }
  checked.scenarios = load_scenarios(scenario_files, context.scenarios_dir);
  ProofFiles proofs;
  for (const Scenario& scenario : checked.scenarios.scenarios) {
    FileReport& report = report_of(checked.scenarios, scenario.file);
    note_proof(scenario, proofs, report);
    note_faults(scenario, checked.faults, report);
  }
  return checked;
}

Json to_check_json(const Diagnostic& diagnostic) {
  Json json;
  json["severity"] = diagnostic.severity == Diagnostic::Severity::error ? "error" : "note";
  json["file"] = diagnostic.at.file;
  json["line"] = diagnostic.at.line;
  json["column"] = diagnostic.at.column;
  json["offset"] = diagnostic.offset;
  json["length"] = diagnostic.length;
  json["message"] = diagnostic.message;
  json["label"] = diagnostic.label;
  json["note"] = diagnostic.note;
  if (!diagnostic.used_by.empty()) {
    json["used_by"] = diagnostic.used_by;
  }
  return json;
}

void print_json(const std::vector<FileReport>& reports, std::size_t errors, std::size_t files) {
  Json list = Json::array();
  for (const FileReport& report : reports) {
    for (const Diagnostic& diagnostic : report.diagnostics) {
      list.push_back(to_check_json(diagnostic));
    }
  }
  const Json json{{"files", files}, {"errors", errors}, {"diagnostics", list}};
  std::printf("%s\n", json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// Writes what the suggestions make of the files, and reads them again as long as that helps: a
/// misspelt "steps" hides what is in it.
Result<void> fix(const CommandContext& context, const std::vector<std::filesystem::path>& files,
                 CheckedFiles& checked) {
  std::size_t replaced = 1;
  for (int round = 0; round < 5 && replaced > 0; ++round) {
    replaced = 0;
    std::vector<FileReport> reports = checked.scenarios.reports;
    reports.insert(reports.end(), checked.others.begin(), checked.others.end());
    for (const FileReport& report : reports) {
      const Fixed fixed = fix_spelling(report.text, report.diagnostics);
      if (fixed.replaced == 0) {
        continue;
      }
      if (auto written = write_file(report.path, fixed.text); !written) {
        return written;
      }
      std::fprintf(stderr, "%s: %s corrected\n", report.path.c_str(),
                   counted(fixed.replaced, "word").c_str());
      replaced += fixed.replaced;
    }
    if (replaced > 0) {
      checked = read_all(context, files);
    }
  }
  return {};
}

int check(const CommandContext& context, const CheckArguments& arguments) {
  const auto files = files_to_read(arguments.files, context.scenarios_dir, context.targets_dir);
  if (!files) {
    print_error(files.error());
    return exit_code_for(files.error());
  }
  if (files->empty()) {
    print_error({ErrorKind::usage, "there is no file to check", {}, "name one"});
    return 4;
  }
  CheckedFiles checked = read_all(context, *files);
  if (arguments.fix) {
    if (auto done = fix(context, *files, checked); !done) {
      print_error(done.error());
      return exit_code_for(done.error());
    }
  }
  LoadedScenarios all = std::move(checked.scenarios);
  all.reports.insert(all.reports.end(), checked.others.begin(), checked.others.end());
  if (arguments.json) {
    print_json(all.reports, all.errors(), files->size());
    return all.errors() > 0 ? 2 : 0;
  }
  for (const FileReport& report : all.reports) {
    for (const Diagnostic& diagnostic : report.diagnostics) {
      std::fputs(render(diagnostic, report.text).c_str(), stderr);
    }
  }
  if (all.errors() > 0) {
    std::fprintf(stderr, "%s\n",
                 error_summary(all.errors(), all.bad_files(), files->size()).c_str());
    return 2;
  }
  const std::string fragments =
      checked.fragment_files > 0 ? ", " + counted(checked.fragment_files, "fragment") : "";
  std::printf("%s valid: %s, %s%s\n", files->size() == 1 ? "The file is" : "All files are",
              counted(all.scenarios.size(), "scenario").c_str(),
              counted(checked.target_files, "target").c_str(), fragments.c_str());
  return 0;
}

}  // namespace

void add_check(CLI::App& app, CommandContext& context, int& exit_code) {
  auto arguments = std::make_shared<CheckArguments>();
  CLI::App* command =
      app.add_subcommand("check", "Validate scenario and target files; nothing is sent");
  command->add_option("FILE", arguments->files, "All scenarios and targets when none is named");
  command->add_flag("--fix", arguments->fix,
                    "Replace misspelt words by what is suggested for them, in the files");
  command->add_flag("--json", arguments->json, "Diagnostics as JSON, with byte offsets");
  command->callback([arguments, &context, &exit_code] { exit_code = check(context, *arguments); });
}

}  // namespace relapse
