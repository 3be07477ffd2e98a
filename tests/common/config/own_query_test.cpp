// watch.metrics: one query, or one for each part, in the form that the judge can count with.
#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "tests/common/config/loading.h"

namespace baton {
namespace {

using test::load;
using test::refusal_of_set;

OwnQueries own(const std::string& metrics) {
  return load("watch: {metrics: {" + metrics + "}}").values.watch().own_queries();
}

TEST(OwnQueryConfigTest, NoneIsThereUnlessTheFileGivesIt) {
  EXPECT_TRUE(load("").values.watch().own_queries().empty());
}

TEST(OwnQueryConfigTest, OneTextIsAQueryWithoutParts) {
  const auto queries = own("cpu: 'max(c{pod=~\"{{pods}}\"})'");
  ASSERT_EQ(queries.size(), 1U);
  EXPECT_EQ(queries.at("cpu").parts.at(""), R"(max(c{pod=~"{{pods}}"}))");
}

TEST(OwnQueryConfigTest, PartsAreKeptByName) {
  const auto queries =
      own("error_rate: {errors: 'e{}', requests: 'r{}'}, latency_p95: {buckets: 'rate(b{}[{{window}}])'}");
  EXPECT_EQ(queries.at("error_rate").parts.at("errors"), "e{}");
  EXPECT_EQ(queries.at("error_rate").parts.at("requests"), "r{}");
  EXPECT_EQ(queries.at("latency_p95").parts.at("buckets"), "rate(b{}[{{window}}])");
}

/// What setting the metric to `value` is refused with, after the key.
std::string refused(const std::string& metric, const std::string& value) {
  const auto what = refusal_of_set("watch.metrics." + metric, value);
  const std::string key = "--set watch.metrics." + metric + ": ";
  return what.starts_with(key) ? what.substr(key.size()) : what;
}

TEST(OwnQueryConfigTest, OnlyCountersCanBeCounted) {
  const std::string form = "expected a PromQL query or {errors, requests}, each a counter without rate(), found ";
  for (const auto* function : {"rate(", "irate(", "increase(", "delta(", "rate ("}) {
    EXPECT_EQ(refused("error_rate", "{errors: e, requests: '" + std::string(function) + "r[5m])'}"), form + "a mapping")
        << function;
  }
  EXPECT_EQ(refused("error_rate", "{errors: e, requests: rated_requests}"), "taken");
  EXPECT_EQ(refused("error_rate", "'rate(e[5m]) / rate(r[5m])'"), "taken") << "a share that only warns";
}

TEST(OwnQueryConfigTest, EveryPartIsNeededAndNoOtherIsKnown) {
  const std::string form = "expected a PromQL query or {errors, requests}, each a counter without rate(), found ";
  EXPECT_EQ(refused("error_rate", "{errors: e}"), form + "a mapping");
  EXPECT_EQ(refused("error_rate", "{errors: e, request: r}"), form + "a mapping");
  EXPECT_EQ(refused("error_rate", "{errors: e, requests: r, more: m}"), form + "a mapping");
  EXPECT_EQ(refused("error_rate", "{errors: e, requests: ''}"), form + "a mapping");
  EXPECT_EQ(refused("cpu", "{query: c}"), "expected a PromQL query, found a mapping");
  EXPECT_EQ(refused("cpu", "' '"), "expected a PromQL query, found the text ' '");
}

TEST(OwnQueryConfigTest, BucketsLetTheWindowBeChosen) {
  EXPECT_EQ(refused("latency_p95", "{buckets: 'sum by (le) (rate(b[5m]))'}"),
            "expected a PromQL query or {buckets}, each a sum by (le) of rates over {{window}}, found a mapping");
  EXPECT_EQ(refused("latency_p95", "{buckets: 'sum by (le) (rate(b[{{window}}]))'}"), "taken");
}

TEST(OwnQueryConfigTest, PlaceholdersAreThoseOfTheContract) {
  EXPECT_NE(refused("cpu", "'c{pod=~\"{{pod}}\"}'").find("unknown placeholder '{{pod}}'"), std::string::npos);
  for (const auto* name : {"app", "namespace", "colour", "version", "semver", "deployment", "pods", "window", "step"})
    EXPECT_EQ(refused("cpu", "'c{x=\"{{" + std::string(name) + "}}\"}'"), "taken") << name;
}

TEST(OwnQueryConfigTest, AnotherQueryIsAnotherPolicy) {
  const auto policy = [](const std::string& query) {
    return load("watch: {metrics: {cpu: '" + query + "'}}").policy_sha256();
  };
  EXPECT_NE(policy("a"), policy("b"));
  EXPECT_EQ(policy("a"), policy("a"));
}

}  // namespace
}  // namespace baton
