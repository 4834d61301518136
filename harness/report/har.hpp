#pragma once
#include <string>
#include <vector>

#include "model/timeline.hpp"

namespace relapse {

/// A timeline as a page of an archive.
struct HarPage {
  std::string title{};
  const Timeline* timeline = nullptr;
};

/// HTTP exchanges and WebSocket messages of the timelines as an HTTP Archive, version 1.2, with
/// `_webSocketMessages` as browsers write them: text messages as text, others as base64, times in
/// seconds since 1970 with microseconds. Control frames stand in `_webSocketControl`, of the same
/// shape, where a browser's reader does not stumble over them; octets of a text message that are no
/// UTF-8 also in `_data_base64`. A request without an answer has status 0 and `_error`.
///
/// An archive has no place for malformed frames, loose octets, segments, the log and the
/// application's events; `log.comment` counts what is left out. The probes' sessions are no part of
/// it. ASCII only; nothing in it is changed by safe_text, for it is data.
std::string har_json(const std::vector<HarPage>& pages, const std::string& harness_version);

}  // namespace relapse
