// baton.yaml and what is set from outside: precedence, refusals with their place, defaults of the SOP.
#include "common/config/loader.h"

#include <gtest/gtest.h>

#include "common/config/sections/database.h"
#include "common/config/sections/finalize.h"
#include "common/config/sections/handoff.h"
#include "common/config/sections/metrics.h"
#include "common/config/sections/migrate.h"
#include "common/config/sections/notify.h"
#include "common/config/sections/precheck.h"
#include "common/config/sections/run.h"
#include "common/config/sections/signing.h"
#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"
#include "tests/common/config/loading.h"

namespace baton {
namespace {

using namespace std::chrono_literals;
using test::load;
using test::load_set;
using test::refusal;
using test::refusal_of_set;

TEST(LoaderTest, AMinimalFileHasTheSopsDefaults) {
  const Config config = load("").values;
  EXPECT_EQ(config.app, "shop");
  EXPECT_EQ(config.environment, "production");
  EXPECT_EQ(config.precheck().quality.coverage_min, 80);
  EXPECT_EQ(config.migrate().budget, 5min);
  EXPECT_EQ(config.rollout().soak, 5min);
  EXPECT_EQ(config.watch().baseline, 1h);
  EXPECT_EQ(config.watch().intensive.length, 2h);
  EXPECT_EQ(config.watch().passive.length, 22h);
  EXPECT_EQ(config.watch().limits.at("error_rate").warn, parse_limit("+1pp"));
  EXPECT_EQ(config.watch().limits.at("error_rate").rollback, parse_limit("+5pp"));
  EXPECT_EQ(config.watch().limits.at("latency_p95").warn, parse_limit("+20%"));
  EXPECT_EQ(config.watch().limits.at("latency_p95").rollback, parse_limit("+100%"));
  EXPECT_EQ(config.watch().limits.at("cpu").warn, parse_limit("80%"));
  EXPECT_EQ(config.watch().limits.at("memory").warn, parse_limit("85%"));
  EXPECT_EQ(config.finalize().scale_down_after, 24h);
  EXPECT_EQ(config.finalize().delete_after, 168h);
  EXPECT_EQ(config.handoff().precheck_valid, 4h);
  EXPECT_EQ(config.handoff().migrate_valid, 2h);
  EXPECT_TRUE(config.watch().automatic_rollback);
  EXPECT_FALSE(config.watch().automatic_after_intensive);
  EXPECT_TRUE(config.database().url.empty());
}

TEST(LoaderTest, EveryKindOfValueIsRead) {
  const Config config = load(R"(
metrics: {prometheus: {url: "https://p:9090", token: t, ca: ca.pem, headers: {X-Scope: team}}, lag: 30s}
precheck: {quality: {coverage: {min: 72.5, reports: [a.xml, "b/*.xml"]}, tests: {min_tests: 3}}, not_applicable: {staging: none here}}
switch:
  smoke: [{path: /health}, {path: /api, status: 204, max_time: 500ms, kind: api, json: {/status: ok, /count: 3}}]
  identify: {json: /version, path: /version}
watch:
  rollback: manual
  limits: {error_rate: {warn: +0.5pp, for: 1m, rollback: 10%}}
notify: {to: [{slack: "https://hooks.example/T"}], incident: [{webhook: "https://w.example"}]}
signing: {trust: [keys/ci.pub, {step: precheck, key: keys/p.pub}]}
run: {strict: true, output: json, no_color: true, report: [junit=out.xml], deadline: 1h30m}
)")
                            .values;
  EXPECT_EQ(config.metrics().prometheus.url, "https://p:9090");
  EXPECT_EQ(config.metrics().prometheus.token, "t");
  EXPECT_EQ(config.metrics().prometheus.headers.front(), (std::pair<std::string, std::string>{"X-Scope", "team"}));
  EXPECT_EQ(config.metrics().lag, 30s);
  EXPECT_EQ(config.precheck().quality.coverage_min, 72.5);
  EXPECT_EQ(config.precheck().quality.coverage_reports.size(), 2U);
  EXPECT_EQ(config.precheck().not_applicable.at("staging"), "none here");
  ASSERT_EQ(config.rollout().smoke.size(), 2U);
  EXPECT_EQ(config.rollout().smoke[0].status, 200);
  EXPECT_EQ(config.rollout().smoke[1].max_time, 500ms);
  EXPECT_EQ(config.rollout().smoke[1].json[1].second, Json(3));
  EXPECT_EQ(config.rollout().identify.json, "/version");
  EXPECT_FALSE(config.watch().automatic_rollback);
  EXPECT_EQ(config.watch().limits.at("error_rate").rollback, parse_limit("10%"));
  EXPECT_EQ(config.notify().to.front().kind, "slack");
  EXPECT_EQ(config.notify().incident.front().url, "https://w.example");
  EXPECT_EQ(config.signing().trust[1].step, "precheck");
  EXPECT_TRUE(config.run().strict);
  EXPECT_TRUE(config.run().json_output);
  EXPECT_FALSE(config.run().color);
  EXPECT_EQ(config.run().deadline, 90min);
  EXPECT_EQ(config.run().reports.front().second, "out.xml");
}

TEST(LoaderTest, JsonIsTakenAsWell) {
  const auto loaded = load_config({.text = "{\"app\": \"shop\",\n \"switch\": {\"soak\": \"30s\"}}"}, {});
  EXPECT_EQ(loaded.values.rollout().soak, 30s);
  EXPECT_EQ(loaded.origin("switch.soak"), "baton.yaml:2:21");
}

TEST(LoaderTest, UnknownKeysNameTheirPlaceAndTheNearestKnownOne) {
  EXPECT_EQ(refusal("switch:\n  sock: 5m"), "baton.yaml:3:3: unknown key 'switch.sock'; did you mean 'switch.soak'?");
  EXPECT_EQ(refusal("swich: {soak: 5m}"), "baton.yaml:2:1: unknown key 'swich'; did you mean 'switch'?");
  EXPECT_EQ(refusal("soak: 5m"), "baton.yaml:2:1: unknown key 'soak'; did you mean 'switch.soak'?");
  EXPECT_EQ(refusal("watch: {limits: {foo: {warn: 1%}}}"), "baton.yaml:2:18: unknown key 'watch.limits.foo'");
  EXPECT_EQ(refusal_of_set("swich.soak", "5m"),
            "--set swich.soak: unknown key 'swich.soak'; did you mean 'switch.soak'?");
  EXPECT_EQ(refusal("switch: {smoke: [{pth: /x}]}"),
            "baton.yaml:2:19: unknown key 'pth'; known here: path, status, max_time, kind, json");
}

TEST(LoaderTest, WrongTypesNameTheirPlaceAndWhatWasSeen) {
  const std::pair<const char*, const char*> cases[] = {
      {"switch: {soak: 5}", "baton.yaml:2:16: expected a duration such as 5m, found '5'"},
      {"switch: {soak: [5m]}", "baton.yaml:2:16: expected a duration such as 5m, found a list"},
      {"switch: 5m", "baton.yaml:2:9: expected a mapping of the keys below 'switch', found '5m'"},
      {"migrate: {backup: yes}", "baton.yaml:2:19: expected true or false, found 'yes'"},
      {"migrate: {backup: \"true\"}", "baton.yaml:2:19: expected true or false, found the text 'true'"},
      {"precheck: {quality: {tests: {min_tests: 1.5}}}", "baton.yaml:2:41: expected a whole number, found '1.5'"},
      {"precheck: {quality: {coverage: {min: \"80\"}}}", "baton.yaml:2:38: expected a number, found the text '80'"},
      {"precheck: {quality: {coverage: {min: nan}}}", "baton.yaml:2:38: expected a number, found 'nan'"},
      {"precheck: {quality: {coverage: {min: 80%}}}", "baton.yaml:2:38: expected a number, found '80%'"},
      {"environment: {a: b}", "baton.yaml:2:14: expected a text, found a mapping"},
      {"precheck: {not_applicable: [a]}", "baton.yaml:2:28: expected a mapping of names to texts, found a list"},
      {"switch: {public: https://x}", "baton.yaml:2:18: expected a list of texts, found 'https://x'"},
      {"watch: {limits: {cpu: {warn: 80}}}", "baton.yaml:2:30: expected a limit such as +1pp, +20% or 95%, found '80'"},
      {"run: {ci: big}", "baton.yaml:2:11: expected auto or github or gitlab or none, found 'big'"},
      {"run: {report: [junit]}", "baton.yaml:2:15: expected FORMAT=PATH in every entry"},
      {"notify: {to: [{slack: a, webhook: b}]}",
       "baton.yaml:2:15: expected one channel such as {slack: URL}, found a mapping"},
      {"notify: {to: [{pager: a}]}", "baton.yaml:2:15: unknown channel 'pager'; known: slack, webhook"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(refusal(text), message);
}

TEST(LoaderTest, AllMistakesAreToldAtOnceEachWithItsPlace) {
  EXPECT_EQ(refusal(R"(swich: {soak: 5m}
switch:
  soak: 5
  smoke: [{path: health}, {path: /x, status: abc, kind: page, pth: 1}, 7]
  identify: {header: [a]}
release_type: hotfix)",
                    {}, {{"watch.step", "abc", "--set"}}),
            "baton.yaml:2:1: unknown key 'swich'; did you mean 'switch'?\n"
            "baton.yaml:4:9: expected a duration such as 5m, found '5'\n"
            "baton.yaml:5:11: a smoke probe needs a path that begins with '/'\n"
            "baton.yaml:5:46: expected a whole number, found 'abc'\n"
            "baton.yaml:5:63: unknown key 'pth'; known here: path, status, max_time, kind, json\n"
            "baton.yaml:5:72: expected a mapping, found '7'\n"
            "baton.yaml:6:22: expected a text, found a list\n"
            "baton.yaml:7:1: 'release_type' is not available in this version\n"
            "--set watch.step: expected a duration such as 5m, found 'abc'");
}

TEST(LoaderTest, AMissingNameIsToldBesideTheOthersAndAWrongOneOnce) {
  const auto told = [](const char* text) {
    return test::refusal(ExitCode::usage, [&] { return load_config({.text = text}, {}); });
  };
  EXPECT_EQ(told("switch: {soak: 5}"),
            "baton.yaml:1:16: expected a duration such as 5m, found '5'\nbaton.yaml: 'app' is missing");
  EXPECT_EQ(told("app: [a]"), "baton.yaml:1:6: expected a text, found a list");
}

TEST(LoaderTest, ATabInTheIndentationIsCalledOne) {
  EXPECT_EQ(refusal("switch:\n\tsoak: 5m"), "baton.yaml:3:1: tab used for indentation");
  EXPECT_EQ(refusal("switch:\n  soak: 5m\n \tsoak_max: 5m"), "baton.yaml:4:2: tab used for indentation");
  EXPECT_EQ(refusal("environment: \"a\tb\""), "taken");
}

TEST(LoaderTest, ValuesOutOfRangeAreRefusedOnTheirBoundaries) {
  const std::pair<const char*, std::pair<const char*, const char*>> cases[] = {
      {"precheck.quality.coverage.min", {"100", "100.1"}},
      {"precheck.quality.coverage.min", {"0", "-0.1"}},
      {"precheck.quality.tests.min_tests", {"1", "0"}},
      {"watch.step", {"1s", "999ms"}},
      {"watch.step", {"5m", "5m1s"}},
      {"migrate.budget", {"1ms", "0s"}},
      {"watch.intensive.every", {"1ms", "0s"}},
      {"switch.smoke", {"[{path: /, status: 100}]", "[{path: /, status: 99}]"}},
      {"switch.smoke", {"[{path: /, status: 599}]", "[{path: /, status: 600}]"}},
      {"switch.smoke", {"[{path: /}]", "[{path: health}]"}},
      {"switch.smoke", {"[{path: /, kind: api}]", "[{path: /, kind: page}]"}},
      {"switch.identify", {"{header: X}", "{header: X, json: /v}"}},
      {"switch.identify", {"{json: /v}", "{path: /v}"}},
      {"watch.limits.latency_p95.warn", {"+20%", "+1pp"}},
      {"watch.limits.latency_p95.rollback", {"+100%", "95%"}},
  };
  for (const auto& [key, values] : cases) {
    EXPECT_EQ(refusal_of_set(key, values.first), "taken") << key << " " << values.first;
    EXPECT_NE(refusal_of_set(key, values.second), "taken") << key << " " << values.second;
  }
}

TEST(LoaderTest, ALongerSoakAloneMovesItsMaximumAndAShorterMaximumIsRefused) {
  EXPECT_EQ(load("switch: {soak: 20m}").values.rollout().soak_max, 20min);
  EXPECT_EQ(refusal("switch: {soak: 5m, soak_max: 5m}"), "taken");
  EXPECT_EQ(refusal("switch: {soak: 5m, soak_max: 4m}"),
            "baton.yaml:2:30: switch.soak_max is shorter than switch.soak");
}

TEST(LoaderTest, DuplicateKeysAndBrokenYamlNameTheirPlace) {
  EXPECT_EQ(refusal("switch: {soak: 5m}\nswitch: {soak: 6m}"), "baton.yaml:3:1: key 'switch' stands twice");
  EXPECT_TRUE(refusal("switch: [").starts_with("baton.yaml:")) << refusal("switch: [");
  EXPECT_EQ(refusal("---\nimage: x"), "baton.yaml:3:1: a second document begins here; one is expected");
}

TEST(LoaderTest, AFileThatHoldsNoKeysIsRefused) {
  EXPECT_THROW(load_config({.text = "[a]"}, {}), Error);
  EXPECT_THROW(load_config({.text = "just text"}, {}), Error);
}

TEST(LoaderTest, TheApplicationMustHaveAName) {
  EXPECT_THROW(load_config({.text = ""}, {}), Error);
  EXPECT_THROW(load_config({}, {}), Error);
  EXPECT_EQ(load_config({.standalone = true, .folder_name = "folder"}, {}).values.app, "folder");
  EXPECT_EQ(load_config({.text = "app: shop", .standalone = true, .folder_name = "folder"}, {}).values.app, "shop");
}

TEST(LoaderTest, AnEmptyValueIsNotGiven) {
  for (const char* text : {"database: {url: }", "database: {url: \"\"}", "database:", "database: {url: '${NONE:-}'}",
                           "switch: {soak: ~}"}) {
    const auto loaded = load(text);
    EXPECT_FALSE(loaded.is_given("database.url")) << text;
    EXPECT_EQ(loaded.origin("database.url"), "default") << text;
  }
  const auto loaded = load("switch: {soak: 30s}", {}, {{"switch.soak", "", "--set"}});
  EXPECT_EQ(loaded.values.rollout().soak, 30s);
  EXPECT_EQ(loaded.origin("switch.soak"), "baton.yaml:2:16");
}

TEST(LoaderTest, TheLastOneSetFromOutsideWins) {
  const auto loaded =
      load("switch: {soak: 1m}", {}, {{"switch.soak", "2m", "BATON_SET"}, {"switch.soak", "3m", "--set"}});
  EXPECT_EQ(loaded.values.rollout().soak, 3min);
  EXPECT_EQ(loaded.origin("switch.soak"), "--set");
  EXPECT_EQ(loaded.overridden(), std::vector<std::string>{"switch.soak"});
}

TEST(LoaderTest, NoVariableOfAJobSwitchesAProtectionOff) {
  const std::string file = "signing: {trust: [{step: migrate, key: key.pub}]}";
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"signing.trust", "[]"},
                                                        {"signing.trust", ""},
                                                        {"signing", "{trust: []}"},
                                                        {"precheck.not_applicable", "{security: nobody asks}"},
                                                        {"precheck", "{not_applicable: {security: nobody asks}}"}}) {
    const std::string refused = test::refusal(file, {}, {{key, value, "BATON_SET"}});
    EXPECT_TRUE(test::says(refused, "is not taken from a variable")) << key << ": " << refused;
  }
  EXPECT_TRUE(load(file, {}, {{"signing.trust", "[]", "--set"}}).values.signing().trust.empty()) << "a reviewed line";
}

TEST(LoaderTest, ARehearsalNeedsPathsAndAColourWithoutUsers) {
  EXPECT_EQ(refusal("switch: {rehearsal: 400}"),
            "baton.yaml:2:21: switch.rehearsal needs the paths of switch.smoke, and there are none");
  EXPECT_EQ(refusal("switch: {smoke: [], rehearsal: 400}"),
            "baton.yaml:2:32: switch.rehearsal needs the paths of switch.smoke, and there are none");
  EXPECT_EQ(refusal("switch: {strategy: rolling, smoke: [{path: /}], rehearsal: 1}"),
            "baton.yaml:2:60: switch.rehearsal is not for the strategy rolling: it has no pods without users to "
            "rehearse on");
  EXPECT_EQ(refusal("switch: {strategy: rolling, rehearsal: 0}"), "taken");
  EXPECT_EQ(load("switch: {smoke: [{path: /}], rehearsal: 400}").values.rollout().rehearsal, 400);
  EXPECT_EQ(refusal("switch: {rehearsal: -1}"),
            "baton.yaml:2:21: expected a number of requests from 0 to 100000, found '-1'");
}

TEST(LoaderTest, FlagsAreNoOverridesOfThePolicy) {
  const auto loaded = load("", {}, {{"run.strict", "true", "--strict"}});
  EXPECT_TRUE(loaded.values.run().strict);
  EXPECT_EQ(loaded.origin("run.strict"), "--strict");
  EXPECT_TRUE(loaded.overridden().empty());
}

TEST(LoaderTest, AWholeSectionOrListMayBeSet) {
  const auto loaded = load_set("switch", "{soak: 1s, smoke: [{path: /a}, {path: /b}]}");
  EXPECT_EQ(loaded.values.rollout().soak, 1s);
  EXPECT_EQ(loaded.values.rollout().smoke.size(), 2U);
  EXPECT_EQ(loaded.origin("switch.smoke"), "--set");
  EXPECT_EQ(load_set("database.url", "sqlite:app.db").values.database().url, "sqlite:app.db");
}

TEST(LoaderTest, MistakesFromOutsideNameTheKeyOrTheFlag) {
  EXPECT_EQ(refusal_of_set("switch.soak", "abc"), "--set switch.soak: expected a duration such as 5m, found 'abc'");
  EXPECT_EQ(refusal("", {}, {{"run.deadline", "\"abc\"", "--deadline"}}),
            "--deadline: expected a duration such as 5m, found the text 'abc'");
  EXPECT_TRUE(refusal_of_set("switch", "{").starts_with("--set switch:1:")) << refusal_of_set("switch", "{");
}

}  // namespace
}  // namespace baton
