// Which series count an app's requests, tell the failed ones and time them: found in the store by the names that the
// common producers give them.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "common/clients/prometheus/client.h"
#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::judge {

struct RequestSource {
  std::string counter = {};  ///< "http_requests_total"
  std::string only = {};     ///< further matchers that its series need: reporter="destination"; empty: none
  std::string status = {};   ///< the label that tells how a request ended: "status"
  std::string failed = {};   ///< what it says of a failed one, as a regular expression: "5.."
  std::string buckets = {};  ///< of the durations' histogram; empty: there is none
  double per_second = 1;     ///< how many of the buckets' units a second has

  bool operator==(const RequestSource&) const = default;
};

/// What was looked for and not found, for people.
struct SourceLookup {
  std::optional<RequestSource> source = {};
  std::string why = {};  ///< of none: no series at all, or none with a label that tells how requests ended
  /// The histogram alone, where there is one: for whoever counts requests otherwise.
  std::optional<RequestSource> durations = {};
};

/// Among the series under `selector` that the store had at `at`. Throws Error{unknown} when it cannot be asked or
/// answers partly.
SourceLookup find_source(prometheus::Client& store, const std::string& selector, Time at, std::stop_token stop = {});

Json to_json(const RequestSource& source);
RequestSource source_from_json(const Json& json);
/// "http_requests_total, failed where status=~"5.."; durations from http_request_duration_seconds_bucket".
std::string source_text(const RequestSource& source);

}  // namespace baton::judge
