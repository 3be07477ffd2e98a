// A smoke probe's judge: whoever asked, the same answer is wrong for the same reason.
#pragma once

#include <string>
#include <vector>

#include "common/config/sections/switch.h"
#include "common/io/http/client.h"

namespace baton::rollout {

struct ProbeAnswer {
  int status = 0;
  Headers headers = {};
  std::string body = {};
  Duration took{0};
};

/// What was wrong with an answer; empty when it is as the probe wants it. An answer that is no JSON where values are
/// wanted is a wrong answer.
std::string complaint_about(const SmokeProbe& probe, const ProbeAnswer& answer);
/// An id for each, kebab-case, made of its kind and path: "smoke-api-orders". The second of the same kind and path ends
/// in "-2".
std::vector<std::string> probe_ids(const std::vector<SmokeProbe>& probes);

}  // namespace baton::rollout
