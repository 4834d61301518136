#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/history.hpp"

/// ack.json: what people have said of failures that are known. Meant to be committed, so it is
/// written one entry below the other, in order.
namespace relapse {

/// Nothing when there is no such file. What is not understood, down to a single key, is an error:
/// writing the file again would lose it.
Result<std::vector<Acknowledgement>> read_acknowledgements(const std::filesystem::path& file);

/// The whole file, in place of the old one at once.
Result<void> write_acknowledgements(const std::filesystem::path& file,
                                    std::vector<Acknowledgement> all);

/// Whether it speaks of this result: by id or an earlier id, on its target or on all.
bool applies(const Acknowledgement& acknowledgement, const ScenarioResult& result);
/// Whether it still counts on that UTC day, "2026-12-01".
bool counts_on(const Acknowledgement& acknowledgement, const std::string& day);

/// Sets known, known_reason, known_owner and known_until of what relapsed and is acknowledged on
/// the day of the run. What the target file knows already stays as it is.
void acknowledge(Run& run, const std::vector<Acknowledgement>& all);

/// Fills acknowledgements, expired and needless of a comparison, as of the day of the run.
void tell_acknowledgements(const Run& run, const std::vector<Acknowledgement>& all,
                           Comparison& comparison);

/// Why the day is none on which an acknowledgement could end: not a date, or past. "" when it is.
std::string refuse_until(const std::string& until, const std::string& today);

}  // namespace relapse
