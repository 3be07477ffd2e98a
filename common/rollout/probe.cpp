// Status, time, values.
#include "common/rollout/probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::rollout {
namespace {

std::string json_complaint(const SmokeProbe& probe, const std::string& body) {
  if (probe.json.empty()) return "";
  try {
    const auto json = parse_json(body, "answer");
    for (const auto& [pointer, wanted] : probe.json) {
      const auto* found = resolve_pointer(json, pointer);
      if (found == nullptr) return fmt::format("nothing at '{}', wanted {}", pointer, to_text(wanted));
      if (*found != wanted)
        return fmt::format("{} at '{}', wanted {}", printable(to_text(*found), 200), pointer, to_text(wanted));
    }
  } catch (const Error&) {
    return "the answer is no JSON";
  }
  return "";
}

/// "/api/v1/Orders?limit=1" → "-api-v1-orders-limit-1"; nothing of "/".
std::string slug_of(const std::string& path) {
  std::string slug;
  bool is_apart = true;
  for (const char letter : to_lower(path)) {
    const bool is_word = std::isalnum(static_cast<unsigned char>(letter)) != 0;
    if (is_word && is_apart) slug += '-';
    if (is_word) slug += letter;
    is_apart = !is_word;
  }
  return slug;
}

}  // namespace

std::string complaint_about(const SmokeProbe& probe, const ProbeAnswer& answer) {
  if (answer.status != probe.status) return fmt::format("status {}, wanted {}", answer.status, probe.status);
  if (answer.took > probe.max_time)
    return fmt::format("{}, at most {} wanted", to_words(answer.took), to_words(probe.max_time));
  return json_complaint(probe, answer.body);
}

std::vector<std::string> probe_ids(const std::vector<SmokeProbe>& probes) {
  std::vector<std::string> ids;
  for (const auto& probe : probes) {
    const auto first = "smoke-" + probe.kind + slug_of(probe.path);
    auto id = first;
    for (int nth = 2; std::ranges::find(ids, id) != ids.end(); ++nth) id = fmt::format("{}-{}", first, nth);
    ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace baton::rollout
