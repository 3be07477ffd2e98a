// A bounded load: half of the requests on connections that are kept for a while, half on fresh ones, and what came
// back.
#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::sandbox {

struct LoadRequest {
  std::string url;
  int rps = 100;             ///< both kinds together; at most 2000
  Duration lasting{10'000};  ///< at most ten minutes
  int workers = 16;          ///< half of them keep their connection
};

struct Sighting {
  std::uint64_t answers = 0;
  Time first;
  Time last;
};

struct LoadCounts {
  std::uint64_t total = 0;
  std::uint64_t failed = 0;                    ///< without an answer: refused, reset, cut short, too slow
  std::uint64_t server_errors = 0;             ///< 5xx
  std::map<std::string, Sighting> fresh = {};  ///< by the version that answered
  std::map<std::string, Sighting> kept = {};
  std::map<std::string, std::uint64_t> errors_by_version = {};
  std::string first_failure = {};  ///< what the first failed one failed of, and when
};

/// Throws std::invalid_argument when it is not bounded or the URL is no plain http one.
LoadCounts run_load(const LoadRequest& request, std::stop_token stop);
Json to_json(const LoadCounts& counts);
std::string summary(const LoadCounts& counts);  ///< lines for people

}  // namespace baton::sandbox
