// From the configuration to objects.
#include "tools/watch/install.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/signing.h"
#include "common/config/sections/watch.h"
#include "common/config/written.h"
#include "common/core/text.h"
#include "common/core/version.h"
#include "common/rollout/roles.h"
#include "common/step/connect.h"
#include "tools/watch/guard_jobs.h"
#include "tools/watch/object_text.h"

namespace baton::watch {
namespace {

constexpr std::array<std::string_view, 2> kSteps = {"watch", "finalize"};
/// Pods have no kubeconfig and no checkout; what is run here is said by their arguments.
constexpr std::array<std::string_view, 6> kNotForPods = {"run",           "kubernetes.context",  "kubernetes.namespace",
                                                         "signing.trust", "kubernetes.manifest", "watch.calibration"};

/// Finalize asks whether there is one, and no pod what it is: its variable may be missing.
constexpr std::array<std::string_view, 1> kOnlyThere = {"database.url"};

/// Paths of the checkout become the keys that they name.
std::string trust_text(const View& env) {
  std::string text;
  for (const auto& entry : env.config.signing().trust) {
    const bool is_path = entry.key.find('\n') == std::string::npos && fs::exists(entry.key);
    const auto key = is_path ? read_file(entry.key, 1U << 16U) : entry.key;
    text += fmt::format("    - {{{}key: {}}}\n", entry.step.empty() ? "" : fmt::format("step: {}, ", entry.step),
                        to_text(Json(key)));
  }
  return text;
}

/// Lines of a section, which may stand there already. It is never the first: that is `app`.
std::string with_lines(std::string text, const std::string& section, const std::string& lines) {
  const auto head = "\n" + section + ":\n";
  const auto at = text.find(head);
  if (at == std::string::npos) return text + head.substr(1) + lines;
  return text.insert(at + head.size(), lines);
}

std::string configuration(const View& env, const std::string& namespace_name) {
  auto text = written_text(env.loaded, {.steps = kSteps, .without = kNotForPods, .also = kOnlyThere});
  if (text.find("${file:") != std::string::npos)
    throw Error(ExitCode::usage, "the configuration reads a file with ${file:…}, which the pods have not",
                "Put it into a variable and write ${NAME}.");
  if (const auto trust = trust_text(env); !trust.empty()) text = with_lines(text, "signing", "  trust:\n" + trust);
  return with_lines(text, "kubernetes", fmt::format("  namespace: {}\n", to_text(Json(namespace_name))));
}

void require_variables(const std::vector<std::string>& names, const Installation& asked) {
  if (names.empty() || !asked.secret.empty()) return;
  throw Error(ExitCode::usage,
              fmt::format("the configuration refers to {}, which the pods have not", join(names, ", ")),
              "Make a Secret with these keys in the release's namespace, and name it with --secret.");
}

void require_image(const Installation& asked) {
  if (asked.image.empty())
    throw Error(ExitCode::usage, "--image is not given: nobody knows where your cluster finds Baton's image",
                "Name the image that holds the executables, best by digest.");
  if (asked.kind != "cronjob" && asked.kind != "job")
    throw Error(ExitCode::usage, fmt::format("--kind is '{}', not cronjob or job", asked.kind),
                "Take cronjob for every release, job for the one that is open.");
}

std::string head(const Guard& guard, const std::vector<std::string>& variables) {
  auto text =
      fmt::format("# Watches and finalizes {} in namespace {} from inside the cluster: baton-watch {} install.\n",
                  guard.app, guard.namespace_name, kVersion);
  if (!variables.empty())
    text += fmt::format("# Secret '{}' is yours: it holds {}.\n", guard.secret, join(variables, ", "));
  if (guard.claim.empty())
    text += "# What the steps write besides the handoffs goes with each pod; --claim keeps it.\n";
  return text;
}

}  // namespace

StepResult install(const Installation& asked, Env& env) {
  require_image(asked);
  Guard guard{.app = env.config.app,
              .name = fmt::format("baton-{}-guard", env.config.app),
              .namespace_name = namespace_of(env),
              .image = asked.image,
              .secret = asked.secret,
              .claim = asked.claim,
              .schedule = schedule_for(env.config.watch().intensive.every),
              .window = env.config.watch().intensive.length + env.config.watch().passive.length};
  guard.configuration = configuration(env, guard.namespace_name);
  const auto variables = needed_variables(written_text(env.loaded, {.steps = kSteps, .without = kNotForPods}));
  require_variables(variables, asked);
  const auto roles = rollout::role_for(env.config, {.steps = rollout::kWatch | rollout::kFinalize,
                                                    .name = guard.name,
                                                    .namespace_ = guard.namespace_name,
                                                    .live = asked.live});
  const std::vector<Json> before = {config_map_of(guard), account_of(guard)};
  const std::vector<Json> behind = {asked.kind == "job" ? watch_job(guard) : watch_cron_job(guard),
                                    finalize_cron_job(guard)};
  StepResult result{.verdict = Verdict::proceed, .summary = head(guard, variables)};
  for (const auto& object : before) result.summary += object_text(object);
  result.summary += rollout::to_yaml(roles);
  for (const auto& object : behind) result.summary += object_text(object);
  auto all = before;
  std::ranges::copy(rollout::to_objects(roles), std::back_inserter(all));
  std::ranges::copy(behind, std::back_inserter(all));
  result.record = Json::object({{"apiVersion", "v1"}, {"kind", "List"}, {"items", Json::array(std::move(all))}});
  return result;
}

std::string schedule_for(Duration every) {
  using std::chrono::minutes;
  constexpr std::array kParts = {30, 20, 15, 12, 10, 6, 5, 4, 3, 2};  // of an hour, so that each one is alike
  const auto asked = std::chrono::floor<minutes>(every).count();
  if (asked >= 60) return "7 * * * *";  // not at full hours, when everything else comes
  const auto part = std::ranges::find_if(kParts, [&](int one) { return one <= asked; });
  return part == kParts.end() ? "* * * * *" : fmt::format("*/{} * * * *", *part);
}

}  // namespace baton::watch
