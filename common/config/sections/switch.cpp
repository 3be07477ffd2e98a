// Times, probes, proof.
#include "common/config/sections/switch.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "common/config/ranges.h"
#include "common/config/section.h"
#include "common/core/text.h"

namespace baton::config {
namespace {

constexpr std::string_view kFull = "full";

/// 25 of "25"; 0: it is no such number.
int number_in(std::string_view text) {
  int value = 0;
  const auto* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && read == end && value > 0 ? value : 0;
}

// None at all would be no way back.
bool is_size(const std::string& text) { return text == kFull || number_in(text) >= 1; }

bool are_growing_to_all(const std::vector<std::string>& steps) {
  const auto grows_not = [](const std::string& one, const std::string& next) {
    return percent_in(one) >= percent_in(next);
  };
  return !steps.empty() && percent_in(steps.front()) > 0 && percent_in(steps.back()) == 100 &&
         std::ranges::adjacent_find(steps, grows_not) == steps.end();
}

/// A list of texts of this form.
Json texts_of(std::string_view pattern, int at_least) {
  return Json::object({{"type", "array"}, {"minItems", at_least}, {"items", pattern_schema(pattern)}});
}

bool are_testers(const std::vector<std::string>& testers) {
  return std::ranges::all_of(testers, [](const std::string& one) { return tester_in(one).has_value(); });
}

}  // namespace

void add_switch(std::vector<Key>& all) {
  using Switch = SwitchConfig;
  const auto at = [](auto& config) -> auto& { return config.rollout(); };
  const Section section(all, "switch.", at, {"switch"});
  const Section back(all, "switch.", at, {"switch", "watch"});  // a rollback needs them too
  const Section looked_at(all, "switch.", at, {"precheck", "switch", "watch"});
  looked_at.word("strategy", "How traffic moves: at once, by growing shares, or pod by pod", &Switch::strategy,
                 {{"blue-green", "canary", "rolling"}});
  looked_at.either("gitops", "What to do with objects that Argo CD or Flux reconciles", &Switch::refuses_gitops,
                   "refuse", "force");
  back.either("adopt", "What a rollback leaves of an adoption: its labels, or nothing", &Switch::keeps_adopted, "keep",
              "undo");
  section.key(
      "keep", "Size of the old colour while automatic rollback may need it", &Switch::keep,
      {.holds = is_size,
       .expected = "full, or a number of replicas from 1 on",
       .schema = or_filled(Json::object({{"anyOf", Json::array({Json::object({{"const", kFull}}),
                                                                Json::object({{"type", "integer"}, {"minimum", 1}}),
                                                                pattern_schema("^0*[1-9][0-9]*$")})}}))});
  looked_at.either("drain", "Whether the old colour's pods are renewed after the soak, to move kept connections",
                   &Switch::renews_old, "paced", "none");
  back.key("ready_timeout", "Longest the new colour may take to be ready", &Switch::ready_timeout, positive());
  looked_at.key("soak", "How long the new colour is judged before the switch counts", &Switch::soak);
  section.key("soak_max", "How long when too few requests came to judge", &Switch::soak_max);
  back.key("verify_rollback", "How long a rollback is judged against the baseline", &Switch::verify_rollback);
  section.fills(
      back.key("public", "URLs asked after every switch and rollback, and for the proof", &Switch::public_urls), {});
  section.fills(looked_at.key("smoke", "Probes of each new pod before it gets traffic", &Switch::smoke), {});
  section.key("rehearsal", "Requests sent to the new colour over the smoke paths before any user arrives",
              &Switch::rehearsal, number_within(0, 100'000, "a number of requests from 0 to 100000"));
  const auto at_canary = [](auto& config) -> auto& { return config.rollout().canary; };
  const Section canary(all, "switch.canary.", at_canary, {"switch"});
  canary.key("steps", "Shares of the traffic that the next colour gets, one after another", &CanaryConfig::steps,
             {.holds = are_growing_to_all,
              .expected = "growing percentages that end with 100%",
              .schema = texts_of("^0*(100|[1-9][0-9]?)%$|\\$\\{.+\\}", 1)});
  const Section canary_looked_at(all, "switch.canary.", at_canary, {"precheck", "switch"});
  canary_looked_at.word("traffic", "What gives the next colour its share: the number of its pods, or an HTTPRoute",
                        &CanaryConfig::traffic, {{"replicas", "gateway-api"}});
  canary_looked_at.key("route", "The HTTPRoute that brings users to the Service", &CanaryConfig::route);
  canary.key(
      "testers", "Headers, or one cookie, by which an HTTPRoute gives people the next colour at every share",
      &CanaryConfig::testers,
      {.holds = are_testers,
       .expected = "\"X-Tester: yes\" or \"Cookie: tester=yes\", of letters, digits, - and _",
       .schema = texts_of("^([Cc][Oo][Oo][Kk][Ii][Ee]: [A-Za-z0-9_-]+=|(?![Cc][Oo][Oo][Kk][Ii][Ee]:)[A-Za-z0-9_-]+: "
                          ")[A-Za-z0-9_-]+$|\\$\\{.+\\}",
                          0)});
  canary.key("hold", "How long the next colour is judged at each share before the last", &CanaryConfig::hold);
  back.key("identify", "How an answer tells which version gave it", &Switch::identify);
}

}  // namespace baton::config

namespace baton {

std::optional<int> kept_replicas(const SwitchConfig& config) {
  return config.keep == config::kFull ? std::nullopt : std::optional(config::number_in(config.keep));
}

int percent_in(std::string_view step) {
  if (!step.ends_with('%')) return 0;
  const int value = config::number_in(step.substr(0, step.size() - 1));
  return value >= 1 && value <= 100 ? value : 0;
}

std::optional<std::pair<std::string, std::string>> tester_in(std::string_view text) {
  const auto is_plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  const auto colon = text.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  const auto name = text.substr(0, colon);
  auto value = text.substr(colon + 2);
  std::pair<std::string, std::string> tester(name, value);
  if (to_lower(name) == "cookie") {
    const auto equals = value.find('=');
    if (equals == 0 || equals == std::string_view::npos || !std::ranges::all_of(value.substr(0, equals), is_plain))
      return std::nullopt;
    value.remove_prefix(equals + 1);
  }
  const bool is_whole = !name.empty() && !value.empty();
  if (!is_whole || !std::ranges::all_of(name, is_plain) || !std::ranges::all_of(value, is_plain)) return std::nullopt;
  return tester;
}

}  // namespace baton
