#pragma once
#include "model/fields.hpp"
#include "model/verdict.hpp"

namespace relapse {

/// Reads "outcome" under `key`; an error in the reader when it is none of the known words.
Outcome read_outcome(FieldReader& reader, const std::string& key);
/// Like verdict_from_json, with what is wrong left in the reader's error.
Verdict read_verdict(FieldReader& reader);

}  // namespace relapse
