// Hooks, one after another.
#include "common/rollout/hooks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "common/config/sections/hooks.h"
#include "common/core/printable.h"
#include "common/core/secrets.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/process.h"
#include "common/io/wait.h"

namespace baton::rollout {
namespace {

constexpr std::size_t kLines = 20;
constexpr std::size_t kWidth = 300;
constexpr std::size_t kMaxOutput = 1U << 20U;

struct Kind {
  HookEvent event;
  std::string_view name;
  std::string_view sop;
  std::vector<Hook> HooksConfig::*hooks;
  Duration deadline;  ///< of one that has none of its own
  Duration in_all;
  Duration grace;  ///< for a command that is late, to end by itself
  bool stops;
};
constexpr auto kOneDay = std::chrono::hours(24);
constexpr std::array kKinds = {
    Kind{HookEvent::before_stage, "before_stage", "2c.3", &HooksConfig::before_stage, HooksConfig::kDeadline, kOneDay,
         5s, true},
    Kind{HookEvent::after_stage, "after_stage", "2c.4", &HooksConfig::after_stage, HooksConfig::kDeadline, kOneDay, 5s,
         true},
    Kind{HookEvent::before_rollback, "before_rollback", "rollback", &HooksConfig::before_rollback,
         HooksConfig::kRollbackDeadline, HooksConfig::kRollbackInAll, 0s, false}};

Json told_of(const Context& context, const Move& move, const Kind& kind, const std::string& stage) {
  return Json::object({{"event", kind.name},
                       {"stage", stage},
                       {"app", context.app},
                       {"version", move.version},
                       {"id", move.id},
                       {"namespace", context.kube.namespace_name()},
                       {"colour", move.colour},
                       {"deployment", move.deployment},
                       {"previous_deployment", move.previous_deployment},
                       {"digest", move.digest},
                       {"reason", move.undo_reason}});
}

struct Outcomes {
  bool is_well = false;
  std::string observed = {};
  std::string output = {};
};

/// The command goes by a variable: what ${…} filled into it is seen by nobody who lists processes.
Outcomes run_command(Context& context, const std::string& command, const Json& told, Duration limit, Duration grace) {
  ProcessRequest request{.argv = {"/bin/sh", "-c", "eval \"$BATON_HOOK_COMMAND\""},
                         .timeout = limit,
                         .grace = grace,
                         .input = to_text(told),
                         .environment = {{"BATON_HOOK_COMMAND", command}},
                         .max_output = kMaxOutput};
  for (const auto& [name, value] : told.members()) {
    auto variable = "BATON_HOOK_" + name;
    std::ranges::transform(variable, variable.begin(), [](unsigned char c) { return std::toupper(c); });
    request.environment[variable] = value.string();
  }
  auto result = run_process(request, context.stop);
  return {.is_well = result.exit_code == 0,
          .observed = fmt::format("exit {}", result.exit_code),
          .output = result.output + result.error};
}

/// One that came from a variable is as secret as that.
void keep_secrets_of(const Hook& hook) {
  for (const auto& [name, value] : hook.to.headers) keep_secret(value);
  if (!hook.is_filled) return;
  const auto path = parse_url(hook.to.url).path_and_query;
  for (const auto& part : {hook.to.url, path, path.substr(0, path.find('?'))}) keep_secret(part);
}

Outcomes post(Context& context, const Hook& hook, const Kind& kind, const Json& told, Duration limit) {
  keep_secrets_of(hook);
  HttpClient http({.tls = {.ca_file = hook.to.ca}, .origin = fmt::format("hooks.{}", kind.name)},
                  Environment::of_process(), context.clock);
  HttpRequest request{.method = "POST",
                      .url = hook.to.url,
                      .headers = hook.to.headers,
                      .body = to_text(told),
                      .max_body = kMaxOutput,
                      .deadline = limit,
                      .retry = true};
  request.headers.emplace_back("Content-Type", "application/json");
  request.headers.emplace_back("Idempotency-Key",
                               fmt::format("{}/{}/{}", told["id"].string(), kind.name, told["stage"].string()));
  if (!hook.to.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + hook.to.token);
  auto answer = http.send(request, context.stop);
  return {.is_well = answer.is_success(),
          .observed = fmt::format("status {}", answer.status),
          .output = std::move(answer.body)};
}

std::vector<std::string> last_lines(std::string_view output) {
  std::vector<std::string> lines;
  if (trim(output).empty()) return lines;
  lines = split(trim(output), '\n');
  if (lines.size() > kLines) lines.erase(lines.begin(), lines.end() - kLines);
  for (auto& line : lines) line = printable(line, kWidth);
  return lines;
}

Outcomes call(Context& context, const Hook& hook, const Kind& kind, const Json& told, Duration limit) {
  if (limit <= 0s) return {.observed = "not called: those before it took all of the time"};
  try {
    if (hook.command.empty()) return post(context, hook, kind, told, limit);
    return run_command(context, hook.command, told, limit, kind.grace);
  } catch (const Error& error) {
    require_running(context.stop);
    return {.observed = printable(error.what(), kWidth)};
  }
}

Finding finding_of(const Kind& kind, const std::string& title, const Outcomes& ended) {
  Finding finding{.id = replace_all(fmt::format("hook-{}", kind.name), "_", "-"),
                  .sop = std::string(kind.sop),
                  .title = title,
                  .critical = kind.stops,
                  .outcome = Outcome::pass,
                  .observed = ended.observed,
                  .log = last_lines(ended.output)};
  if (ended.is_well) return finding;
  finding.outcome = kind.stops ? Outcome::fail : Outcome::warn;
  finding.message = fmt::format("{}: {}", title, ended.observed);
  if (!finding.log.empty()) finding.message += ", and it says: " + finding.log.back();
  finding.recovery = {"Look at what the hook says, correct it or what it asks for, and run the deployment again."};
  return finding;
}

}  // namespace

std::vector<Finding> run_hooks(Context& context, const Move& move, HookEvent event, const std::string& stage) {
  const auto& kind = *std::ranges::find(kKinds, event, &Kind::event);
  const auto& hooks = context.config.hooks().*kind.hooks;
  const auto told = told_of(context, move, kind, stage);
  const auto begun = context.clock.monotonic();
  std::vector<Finding> findings;
  for (const auto& hook : hooks) {
    const auto number = findings.size() + 1;
    const auto title =
        fmt::format("Hook {} {}, {} of {}: {}", kind.name, stage, number, hooks.size(), printable(name_of(hook), 100));
    context.say(title);
    const auto from = context.clock.monotonic();
    const auto limit = std::min(hook.deadline.value_or(kind.deadline), kind.in_all - (from - begun));
    findings.push_back(finding_of(kind, title, call(context, hook, kind, told, limit)));
    findings.back().duration_ms = (context.clock.monotonic() - from).count();
    if (findings.back().outcome == Outcome::fail) break;
  }
  return findings;
}

}  // namespace baton::rollout
