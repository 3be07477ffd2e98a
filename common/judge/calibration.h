// What the rules made of an application's own history: how often they were wrong, and what they find.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/core/json.h"
#include "common/core/time.h"
#include "common/judge/memory.h"
#include "common/judge/proportions.h"

namespace baton::judge {

inline constexpr std::string_view kCalibrationKind = "urn:baton:calibration:v1";
/// Fewer windows decide nothing: of a dozen the interval still reaches 26 %.
inline constexpr std::size_t kFewestWindows = 12;
/// Percent of quiet windows in which a critical rule may hold.
inline constexpr double kMostFalse = 1;
/// Percent of the windows in which a regression must be found.
inline constexpr double kFoundIn = 90;
/// In place of a rule: a warning that is true through the whole soak rolls back too.
inline constexpr std::string_view kThroughSoak = "warned-through-soak";

/// A window that could not be judged, by its beginning.
struct UnknownWindow {
  Time from{};
  std::string why;
};

struct RuleTally {
  std::string rule;
  bool is_critical = false;
  long long windows = 0;              ///< in which it could be judged
  std::vector<Breach> breaches = {};  ///< the first of each window that had one, ascending

  Share share() const { return share_of(std::ssize(breaches), windows); }
};

struct Found {
  std::string regression;  ///< "+5 points"
  long long windows = 0;   ///< in which it was found within kFoundWithin
};
/// What a metric's limits of one severity find.
struct Detection {
  std::string metric;
  bool is_critical = false;
  long long windows = 0;          ///< in which they could be judged, and did not hold without a regression
  std::vector<Found> found = {};  ///< smallest regression first

  /// The smallest regression that was found in kFoundIn of the windows; null: none was.
  const Found* smallest() const;
};

struct Calibration {
  std::string app;
  std::string namespace_;
  Time from{};  ///< of the history
  Time to{};
  Time made_at{};
  Duration window{};                        ///< how long each is
  std::size_t windows = 0;                  ///< those that could not be judged among them
  std::vector<UnknownWindow> unknown = {};  ///< ascending
  std::vector<RuleTally> rules = {};
  std::vector<Detection> detections = {};
  std::map<std::string, std::string> limits = {};  ///< limits_of() the configuration that it was made with

  std::size_t judged() const { return windows - unknown.size(); }
  /// Windows in which a critical rule was breached, of all that were judged or breached; as a tally without a rule.
  RuleTally rolled_back() const;
};

/// The keys that verdicts depend on, each as --print-config shows it.
std::map<std::string, std::string> limits_of(const Config& config);
/// The keys that are no longer as they were: "watch.limits.cpu.warn was 80%, is 70%".
std::vector<std::string> changes(const Calibration& calibration, const Config& config);

Json to_json(const Calibration& calibration);
/// What to_json() wrote, as text; `name` goes into messages. Throws Error{unknown} on anything else.
Calibration calibration_from_text(std::string_view text, std::string_view name);

}  // namespace baton::judge
