// PodDisruptionBudgets, told apart by whom they guard, and narrowed to one colour by compare-and-swap.
#include "common/rollout/budgets.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/rollout/change.h"
#include "common/rollout/intent.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

const Json& selector_of(const Json& budget) { return budget["spec"]["selector"]; }

bool has_expression(const Json& budget, const std::string& label) {
  const auto& expressions = selector_of(budget)["matchExpressions"].items_or_none();
  return std::ranges::any_of(expressions, [&](const Json& one) { return one["key"] == Json(label); });
}

enum class Whom { neither, old_pods, new_pods, both };

Whom whom(const Json& budget, const Colours& colours) {
  const bool is_old = label_selector_matches(selector_of(budget), colours.old_pods);
  const bool is_new = label_selector_matches(selector_of(budget), colours.new_pods);
  if (is_old && is_new) return Whom::both;
  if (is_old) return Whom::old_pods;
  return is_new ? Whom::new_pods : Whom::neither;
}

/// By name, of the budgets that guard others' pods too.
std::set<std::string> shared_ones(Context& context, const std::vector<Json>& budgets, const Colours& colours) {
  std::set<std::string> shared;
  const auto take = [&](const Json& pod) {
    const auto labels = labels_from(pod["metadata"]["labels"]);
    if (selects(colours.users, labels)) return;
    for (const auto& budget : budgets) {
      if (label_selector_matches(selector_of(budget), labels)) shared.insert(name_of(budget));
    }
  };
  visit_pods_under(context, {}, {.begin = [&] { shared.clear(); }, .take = take});
  return shared;
}

/// The whole selector: a merge patch would only add to its labels.
void narrow(Json& operations, const Json& budget, const std::string& label, const std::string& colour) {
  auto selector = selector_of(budget);
  const auto now = labels_from(std::as_const(selector)["matchLabels"]);
  const auto to = colour.empty() ? without(now, label) : with(now, label, colour);
  if (to == now) return;
  selector["matchLabels"] = to_json(to);
  operations.push_back(operation("replace", "/spec/selector", selector));
}

}  // namespace

Colours colours_of(const Live& live) {
  const auto labels = labels_from(live.deployment["spec"]["template"]["metadata"]["labels"]);
  return {.label = live.label,
          .old_pods = with(labels, live.label, live.worn.empty() ? next_colour(live.next) : live.worn),
          .new_pods = with(labels, live.label, live.next),
          .users = without(without(live.selector, kTemplateHash), live.label)};
}

Colours colours_of(Context& context, const Move& move) {
  auto found = context.kube.find(kube::kDeployments, move.previous_deployment, context.stop);
  if (!found) found = context.kube.find(kube::kDeployments, move.deployment, context.stop);
  const auto labels = found ? labels_from((*found)["spec"]["template"]["metadata"]["labels"]) : move.selector_original;
  return {.label = move.label,
          .old_pods = with(labels, move.label, move.previous_colour),
          .new_pods = with(labels, move.label, move.colour),
          .users = without(move.selector_original, move.label)};
}

Budgets budgets_of(Context& context, const Colours& colours) {
  Budgets budgets;
  auto all = context.kube.list_if_served(kube::kDisruptionBudgets, context.stop);
  std::erase_if(all, [&](const Json& budget) { return whom(budget, colours) == Whom::neither; });
  if (all.empty()) return budgets;
  const auto shared = shared_ones(context, all, colours);
  std::map<Whom, std::vector<Json>> own;
  for (auto& budget : all) {
    if (shared.contains(name_of(budget))) {
      budgets.shared.push_back(std::move(budget));
    } else if (has_expression(budget, colours.label)) {
      budgets.unclear.push_back(std::move(budget));
    } else {
      own[whom(budget, colours)].push_back(std::move(budget));
    }
  }
  if (own.size() == 1) {
    budgets.following = std::move(own.begin()->second);
  } else if (own.contains(Whom::both)) {
    budgets.unclear = std::move(own[Whom::both]);
  }  // else one for each colour, as it should be
  return budgets;
}

void guard_colour(Context& context, const Lease& lease, const Move& move, const std::string& colour) {
  for (const auto& found : budgets_of(context, colours_of(context, move)).following) {
    change(context, lease, kube::kDisruptionBudgets, name_of(found),
           [&](Json& operations, const Json& budget) { narrow(operations, budget, move.label, colour); });
  }
}

}  // namespace baton::rollout
