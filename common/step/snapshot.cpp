// Five files, read in one go.
#include "common/step/snapshot.h"

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/error.h"

namespace baton {

Snapshot::Snapshot(const HandoffFolder& folder) {
  for (const std::string_view step : kSteps) files_.emplace(step, folder.previous_file(step));
}

void Snapshot::lay(const std::map<std::string, std::string, std::less<>>& files) {
  for (auto& [step, file] : files_) {
    const auto bytes = files.find(step + ".json");
    const auto bundle = files.find(step + ".sigstore.json");
    file.bytes = bytes == files.end() ? std::nullopt : std::optional(bytes->second);
    file.bundle = bundle == files.end() ? std::nullopt : std::optional(bundle->second);
  }
}

bool Snapshot::has_later_than(std::string_view step) const {
  return std::ranges::any_of(
      kSteps, [&](std::string_view other) { return step_number(other) > step_number(step) && has(other); });
}

std::string Snapshot::last_before(std::string_view step) const {
  std::string last;
  for (const std::string_view other : kSteps) {
    if (step_number(other) < step_number(step) && has(other)) last = other;
  }
  return last;
}

std::optional<Handoff> Snapshot::handoff(std::string_view step) const {
  const PreviousFile& found = file(step);
  if (!found.bytes) return std::nullopt;
  Handoff handoff = parse_handoff(*found.bytes, found.name);
  if (handoff.step == step) return handoff;
  throw Error(ExitCode::handoff, "'" + found.name + "' is " + handoff.step + "'s handoff",
              "Move it away; each step writes its own file.");
}

std::vector<Handoff> Snapshot::handoffs() const {
  std::vector<Handoff> all;
  for (const std::string_view step : kSteps) {
    if (auto found = handoff(step)) all.push_back(std::move(*found));
  }
  return all;
}

std::string Snapshot::digest(std::string_view step) const {
  const PreviousFile& found = file(step);
  return found.bytes ? sha256_hex(*found.bytes) : "";
}

}  // namespace baton
