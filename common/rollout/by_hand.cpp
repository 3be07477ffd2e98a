// kubectl's lines for a rollback, from what the cluster still lacks.
#include "common/rollout/by_hand.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/route.h"
#include "common/rollout/services.h"
#include "common/rollout/wanted.h"
#include "common/rollout/way_back.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

std::string place_of(const Context& context) {
  const auto& name = context.config.kubernetes().context;
  return fmt::format("-n {}{}", shell_word(context.kube.namespace_name()),
                     name.empty() ? "" : " --context " + shell_word(name));
}

std::string kubectl(const Context& context, const std::string& what) {
  return fmt::format("kubectl {} {}", place_of(context), what);
}

/// Nothing where the cluster does not answer.
template <typename Ask>
auto answer_to(Ask ask) -> std::optional<decltype(ask())> {
  try {
    return ask();
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// As a strategic merge patch, kubectl's default for a Service, makes `to` of `from`: a key that goes is null.
Json changes(const Labels& from, const Labels& to) {
  auto changed = Json::object();
  for (const auto& [key, value] : from) {
    if (!to.contains(key)) changed[key] = Json();
  }
  for (const auto& [key, value] : to) {
    const auto now = from.find(key);
    if (now == from.end() || now->second != value) changed[key] = value;
  }
  return changed;
}

class Lines {
 public:
  Lines(Context& context, const Move& move) : context_(context), move_(move) {}

  std::vector<std::string> all() {
    if (move_.rolled) {
      roll_back();
      return std::move(lines_);
    }
    const auto old =
        answer_to([&] { return context_.kube.find(kube::kDeployments, move_.previous_deployment, context_.stop); });
    if (old && !*old) {
      add(fmt::format("Create the Deployment '{}' again, with the image '{}': it is gone", move_.previous_deployment,
                      move_.previous_image));
    } else if (old && holds_another_image(**old)) {
      put_image_back(**old);
    } else {
      bring_up(old ? *old : std::nullopt);
      patch();
      look();
    }
    add(rollback_command(context_) + "   # does what is left, and proves it");
    return std::move(lines_);
  }

 private:
  void add(std::string line) { lines_.push_back(std::move(line)); }
  void run(const std::string& what) { add(kubectl(context_, what)); }

  void roll_back() {
    std::string images;
    for (const auto& [container, image] : move_.rolled->images) images += " " + shell_word(container + "=" + image);
    run(fmt::format("set image {}{}", kubectl_name(move_), images));
    free_stuck();
    run("rollout status " + kubectl_name(move_));
    add(rollback_command(context_) + "   # does what is left, and proves it");
  }

  /// A StatefulSet keeps a pod that never got ready, whatever image it is given.
  void free_stuck() {
    const auto set = answer_to([&] { return find_workload(context_, move_); });
    if (!set || !*set || !is_stateful_set(**set)) return;
    const auto pods = answer_to([&] { return owned_pods(context_, **set); });
    const auto release = pinned_image(context_.config, move_.digest);
    for (const auto& pod : pods.value_or(std::vector<Json>{})) {
      if (runs_image(pod, release) && !rollout::is_ready(pod)) run("delete pod " + shell_word(name_of(pod)));
    }
  }

  bool holds_another_image(const Json& old) const {
    return !move_.previous_image.empty() && !has_image(old, move_.previous_image);
  }

  void put_image_back(const Json& old) {
    const auto name = shell_word(move_.previous_deployment);
    const auto container = container_of(old, context_.config, repository_of(move_.previous_image));
    run(fmt::format("set image deployment/{} {}", name,
                    shell_word(container["name"].string_or("") + "=" + move_.previous_image)));
    run("rollout status deployment/" + name);
  }

  void bring_up(const std::optional<Json>& old) {
    if (old && replicas_of(*old) >= move_.replicas && is_ready(*old)) return;
    const auto name = shell_word(move_.previous_deployment);
    if (!old || replicas_of(*old) < move_.replicas)
      run(fmt::format("scale deployment/{} --replicas={}", name, move_.replicas));
    run("rollout status deployment/" + name);
  }

  bool is_ready(const Json& old) {
    const auto pods = answer_to([&] { return ready_pods(context_, old); });
    return pods && !pods->empty();
  }

  void patch() {
    const auto service = answer_to([&] { return find_service(context_); });
    const auto now = service ? labels_from((*service)["spec"]["selector"]) : move_.selector_after;
    const auto to = answer_to([&] { return way_back(context_, move_); }).value_or(move_.selector_before);
    if (const auto changed = changes(now, to); changed.size() > 0) patch(move_.service, changed);
    const auto astray = answer_to([&] { return services_astray(context_, move_, move_.previous_colour); });
    for (const auto& name : astray.value_or(move_.services))
      patch(name, Json::object({{move_.label, move_.previous_colour}}));
    if (!move_.route.empty())
      run(fmt::format("edit httproute {}   # each rule's backendRefs as in its annotation {}, or without '{}'",
                      shell_word(move_.route), kBackendsAnnotation, move_.deployment));
  }

  void patch(const std::string& service, const Json& changed) {
    run(fmt::format("patch service {} -p '{}'", shell_word(service),
                    to_text(Json::object({{"spec", Json::object({{"selector", changed}})}}))));
  }

  void look() {
    run(fmt::format("get endpoints {}   # must be the pods of '{}'", shell_word(move_.service),
                    move_.previous_deployment));
    for (const auto& url : context_.config.rollout().public_urls)
      add(fmt::format("curl -i {}   # must answer 200", shell_word(redact(url))));
  }

  Context& context_;
  const Move& move_;
  std::vector<std::string> lines_ = {};
};

}  // namespace

std::string target_flags(const Context& context) {
  const auto& service = service_name(context.config);
  return place_of(context) + (service == context.app ? "" : " --set " + shell_word("kubernetes.service=" + service));
}

std::string rollback_command(const Context& context) {
  return fmt::format("baton-switch rollback {} {}", shell_word(context.app), target_flags(context));
}

std::vector<std::string> by_hand(Context& context, const Move& move) { return Lines(context, move).all(); }

}  // namespace baton::rollout
