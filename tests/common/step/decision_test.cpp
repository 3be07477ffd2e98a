// How a step begins: a table, without a folder.
#include "common/step/decision.h"

#include <gtest/gtest.h>

#include <functional>

namespace baton {
namespace {

const Time kNow = *parse_rfc3339("2025-11-04T14:00:00Z");

Handoff done(Verdict verdict) {
  return {.step = "switch",
          .subject = {.name = "shop", .sha256 = "aaaa"},
          .release = {.app = "shop", .version = "v1", .environment = "production", .id = "one"},
          .verdict = verdict,
          .expires_at = kNow + Duration(1)};
}

/// A step that has ended, for the same release and image, and still follows the step before.
StepFacts ended() {
  return {.asked = {.app = "shop", .version = "v1", .environment = "production"},
          .image_sha256 = "aaaa",
          .own = done(Verdict::proceed),
          .follows_previous = true,
          .now = kNow};
}

struct Case {
  const char* name;
  StepAction later = StepAction::join;   ///< of a step with one before it
  StepAction first = StepAction::begin;  ///< of the first step
  std::function<void(StepFacts&)> change;
};

void PrintTo(const Case& tried, std::ostream* out) { *out << tried.name; }

class Decision : public testing::TestWithParam<Case> {};

TEST_P(Decision, FollowsFromTheFacts) {
  StepFacts facts = ended();
  GetParam().change(facts);
  EXPECT_EQ(decide_step(facts), GetParam().later);
  facts.begins_deployment = true;
  EXPECT_EQ(decide_step(facts), GetParam().first);
}

INSTANTIATE_TEST_SUITE_P(Table, Decision,
                         testing::Values(Case{"ended", StepAction::keep, StepAction::keep, [](StepFacts&) {}},
                                         Case{"nothing there", StepAction::join, StepAction::begin,
                                              [](StepFacts& facts) { facts.own.reset(); }},
                                         Case{"another version", StepAction::join, StepAction::begin,
                                              [](StepFacts& facts) { facts.asked.version = "v2"; }},
                                         Case{"another database", StepAction::join, StepAction::begin,
                                              [](StepFacts& facts) {
                                                facts.own->targets = {{.database = "a"}};
                                                facts.database = "b";
                                              }},
                                         Case{"the same database", StepAction::keep, StepAction::keep,
                                              [](StepFacts& facts) {
                                                facts.own->targets = {{.database = "a"}};
                                                facts.database = "a";
                                              }},
                                         Case{"another app", StepAction::join, StepAction::begin,
                                              [](StepFacts& facts) { facts.asked.app = "other"; }},
                                         Case{"another environment", StepAction::join, StepAction::begin,
                                              [](StepFacts& facts) { facts.asked.environment = "staging"; }},
                                         Case{"stopped", StepAction::join, StepAction::go_on,
                                              [](StepFacts& facts) { facts.own->verdict = Verdict::stop; }},
                                         Case{"killed", StepAction::join, StepAction::go_on,
                                              [](StepFacts& facts) { facts.own->verdict = Verdict::again; }},
                                         Case{"unknown", StepAction::join, StepAction::go_on,
                                              [](StepFacts& facts) { facts.own->verdict = Verdict::unknown; }},
                                         Case{"rolled back", StepAction::keep, StepAction::keep,
                                              [](StepFacts& facts) { facts.own->verdict = Verdict::rolled_back; }},
                                         Case{"expires this moment", StepAction::keep, StepAction::keep,
                                              [](StepFacts& facts) { facts.own->expires_at = kNow; }},
                                         Case{"expired", StepAction::join, StepAction::go_on,
                                              [](StepFacts& facts) { facts.own->expires_at = kNow - Duration(1); }},
                                         Case{"not signed by a trusted key", StepAction::join, StepAction::go_on,
                                              [](StepFacts& facts) { facts.is_own_trusted = false; }},
                                         Case{"made under another configuration", StepAction::join, StepAction::go_on,
                                              [](StepFacts& facts) { facts.is_same_policy = false; }},
                                         Case{"the world says otherwise", StepAction::join, StepAction::go_on,
                                              [](StepFacts& facts) { facts.is_confirmed = false; }},
                                         Case{"the step before was run again", StepAction::join, StepAction::keep,
                                              [](StepFacts& facts) { facts.follows_previous = false; }},
                                         Case{"another image", StepAction::keep, StepAction::begin,
                                              [](StepFacts& facts) { facts.image_sha256 = "bbbb"; }},
                                         Case{"the image is not known now", StepAction::keep, StepAction::keep,
                                              [](StepFacts& facts) { facts.image_sha256.clear(); }},
                                         Case{"a later step has run", StepAction::keep, StepAction::begin,
                                              [](StepFacts& facts) { facts.has_later_step = true; }}));

}  // namespace
}  // namespace baton
