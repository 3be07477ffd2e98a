// The table of rights, and the page that shows it.
#include "common/rollout/rights.h"

#include <gtest/gtest.h>

#include <set>

#include "common/io/files.h"
#include "common/rollout/roles.h"
#include "tests/support/places.h"

namespace baton::rollout {
namespace {

std::string cell(std::string_view text) { return text.empty() ? "" : fmt::format(" {} ", text); }

std::string_view named_text(Named named) {
  switch (named) {
    case Named::service:
      return "the Service";
    case Named::services:
      return "`kubernetes.services`";
    case Named::lease:
      return "`baton-<app>`";
    case Named::old_colour:
    case Named::new_colour:
      return "what serves, the colours";
    case Named::workers:
      return "`kubernetes.workers`";
    case Named::route:
      return "the route";
    case Named::colour_service:
      return "the colours";
    case Named::kube_system:
      return "`kube-system`";
    case Named::nothing:
      break;
  }
  return "";
}

std::string group_text(const kube::Resource& resource) {
  const auto group = kube::group_of(resource);
  return group.empty() ? "core" : group;
}

std::string row_of(const Right& right) {
  return fmt::format("|{}|{}|{}|{}|{}|\n", cell(right.verb),
                     cell(fmt::format("`{}` ({})", resource_text(right), group_text(right.resource))),
                     cell(named_text(right.named)), cell(steps_text(right.steps)),
                     cell(when_text(right.need).empty() ? std::string(right.why)
                                                        : fmt::format("{}; {}", right.why, when_text(right.need))));
}

TEST(RightsTest, ThePageShowsTheTable) {
  std::string table = "| verb | of (API group) | named | by | for |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& right : rights()) table += row_of(right);
  const auto page = read_file(test::source_folder() / "docs/permissions.md");
  EXPECT_NE(page.find(table), std::string::npos) << "docs/permissions.md is to hold:\n" << table;
}

TEST(RightsTest, EachIsSomebodysAndSaysWhy) {
  for (const auto& right : rights()) {
    EXPECT_NE(right.steps & kAllSteps, 0U) << right.verb << " " << resource_text(right);
    EXPECT_FALSE(right.why.empty()) << right.verb << " " << resource_text(right);
  }
}

TEST(RightsTest, WhatARollbackWritesWithIsWatchsAndSwitchs) {
  for (const auto& right : rights()) {
    if (right.back == Back::no) continue;
    EXPECT_EQ(right.steps & (kSwitch | kWatch), kSwitch | kWatch) << right.verb << " " << resource_text(right);
  }
}

/// "patch deployments/scale shop"
std::set<std::string> calls_of(const std::vector<RoleRule>& rules) {
  std::set<std::string> calls;
  for (const auto& rule : rules) {
    for (const auto& verb : rule.verbs) {
      if (rule.names.empty()) calls.insert(fmt::format("{} {}", verb, rule.resource));
      for (const auto& name : rule.names) calls.insert(fmt::format("{} {} {}", verb, rule.resource, name));
    }
  }
  return calls;
}

TEST(RolesTest, ThePartsOfTheStepsAreTheWhole) {
  Config config;
  config.app = "shop";
  std::set<std::string> parts;
  for (const Steps step : {kPrecheck, kSwitch, kWatch, kFinalize}) {
    const auto part = role_for(config, {.steps = step});
    for (const auto& rules : {part.in_namespace, part.in_cluster}) parts.merge(calls_of(rules));
  }
  const auto whole = role_for(config, {});
  auto all = calls_of(whole.in_namespace);
  all.merge(calls_of(whole.in_cluster));
  EXPECT_EQ(parts, all);
}

TEST(RolesTest, WritesToObjectsThatAreKnownByNameAreLimitedToThem) {
  Config config;
  config.app = "shop";
  for (const auto& rule : role_for(config, {}).in_namespace) {
    const bool is_of_one = rule.resource == "deployments" || rule.resource == "deployments/scale" ||
                           rule.resource == "services" || rule.resource == "leases";
    for (const auto* verb : {"update", "patch", "delete"}) {
      const bool is_written = std::ranges::find(rule.verbs, verb) != rule.verbs.end();
      EXPECT_FALSE(is_of_one && is_written && rule.names.empty()) << verb << " any of " << rule.resource;
    }
  }
}

}  // namespace
}  // namespace baton::rollout
