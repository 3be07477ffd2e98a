// The API as a client sees it: Baton's own, which the real cluster's tests hold to a real API server.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "common/clients/registry/client.h"
#include "common/core/text.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/refusal.h"

namespace baton::test {
namespace {

using namespace std::chrono_literals;

int status_of(const std::function<void()>& act) {
  const auto error = refused<kube::ApiError>(act);
  return error ? error->status() : 0;
}

Json operation(std::string_view op, std::string_view path, const Json& value) {
  return Json::object({{"op", op}, {"path", path}, {"value", value}});
}

class ApiTest : public testing::Test {
 protected:
  SystemClock clock_;
  Playground playground_{{.replicas = 1}};
  kube::Client kube_ = playground_.client(clock_);

  HttpResponse ask(const std::string& path, const std::string& method = "GET", const std::string& body = {}) {
    HttpClient http({}, Environment(), clock_);
    return http.send({.method = method, .url = playground_.api_url() + path, .body = body});
  }
};

TEST_F(ApiTest, AReplacementOfAnOldRevisionIsAConflict) {
  auto seen = kube_.get(kube::kServices, "myapp");
  kube_.merge_patch(kube::kServices, "myapp", parse_json(R"({"metadata":{"labels":{"a":"b"}}})", "patch"));
  seen["spec"]["sessionAffinity"] = "ClientIP";
  EXPECT_EQ(status_of([&] { kube_.replace(kube::kServices, seen); }), 409);
  seen = kube_.get(kube::kServices, "myapp");
  EXPECT_EQ(status_of([&] { kube_.replace(kube::kServices, seen); }), 0);
}

TEST_F(ApiTest, APatchWhoseTestFailsChangesNothing) {
  const auto before = kube_.get(kube::kServices, "myapp");
  const auto patch = Json::array({operation("replace", "/spec/selector", Json::object({{"app", "other"}})),
                                  operation("test", "/metadata/resourceVersion", "1")});
  EXPECT_EQ(status_of([&] { kube_.json_patch(kube::kServices, "myapp", patch); }), 422);
  EXPECT_EQ(kube_.get(kube::kServices, "myapp"), before);
}

TEST_F(ApiTest, AStatusIsNotWrittenWithTheRest) {
  const auto before = kube_.get(kube::kDeployments, "myapp");
  const auto after =
      kube_.merge_patch(kube::kDeployments, "myapp", parse_json(R"({"status":{"replicas":9}})", "patch"));
  EXPECT_EQ(after["status"], before["status"]);
}

TEST_F(ApiTest, WhatCannotBeIsRefused) {
  const auto patch = [&](std::string_view text) {
    return status_of([&] { kube_.merge_patch(kube::kDeployments, "myapp", parse_json(text, "patch")); });
  };
  EXPECT_EQ(patch(R"({"spec":{"selector":{"matchLabels":{"app":"other"}}}})"), 422);
  EXPECT_EQ(patch(R"({"spec":{"template":{"metadata":{"labels":{"app":null}}}}})"), 422);
  EXPECT_EQ(patch(R"({"spec":{"replicas":-1}})"), 422);
  EXPECT_EQ(patch(R"({"spec":{"replicas":"two"}})"), 400);
  EXPECT_EQ(status_of([&] {
              kube_.create(kube::kLeases, parse_json(R"({"metadata":{"name":"l"},
                "spec":{"renewTime":"2025-11-04T14:00:00Z"}})",
                                                     "lease"));
            }),
            400);
}

TEST_F(ApiTest, AnObjectIsDeletedOnlyUnderItsOwnUid) {
  EXPECT_EQ(status_of([&] { kube_.remove(kube::kDeployments, "myapp", {.uid = "another-uid"}); }), 409);
  EXPECT_EQ(status_of([&] { kube_.remove(kube::kDeployments, "myapp", {.version = "1"}); }), 409);
  EXPECT_TRUE(kube_.remove(kube::kDeployments, "myapp"));
  EXPECT_FALSE(kube_.remove(kube::kDeployments, "myapp"));
}

TEST_F(ApiTest, ADryRunWritesNothing) {
  const auto answer = ask("/api/v1/namespaces/production/services?dryRun=All", "POST",
                          R"({"metadata":{"name":"dry"},"spec":{"ports":[{"port":8080}]}})");
  EXPECT_EQ(answer.status, 201);
  EXPECT_FALSE(kube_.find(kube::kServices, "dry"));
}

TEST_F(ApiTest, ListsComeInPagesUntilTheirHistoryIsForgotten) {
  const auto first = parse_json(ask("/api/v1/namespaces?limit=2").body, "page");
  ASSERT_EQ(first["items"].size(), 2U);
  EXPECT_EQ(first["metadata"]["remainingItemCount"], Json(1));
  const auto rest = "/api/v1/namespaces?limit=2&continue=" + percent_encode(first["metadata"]["continue"].string());
  EXPECT_EQ(parse_json(ask(rest).body, "page")["items"].size(), 1U);
  ask("/sandbox/compact", "POST");
  EXPECT_EQ(ask(rest).status, 410);
}

TEST(ApiPagesTest, AreSmallerThanAskedForWhereThePlaygroundIsToldSo) {
  SystemClock clock;
  Playground playground({.replicas = 3, .page_size = 1});
  HttpClient http({}, Environment(), clock);
  const auto pods = playground.api_url() + "/api/v1/namespaces/production/pods";
  EXPECT_EQ(parse_json(http.send({.url = pods + "?limit=2"}).body, "page")["items"].size(), 1U);
  EXPECT_EQ(parse_json(http.send({.url = pods}).body, "list")["items"].size(), 3U);
  EXPECT_EQ(playground.client(clock).list(kube::kPods).size(), 3U);
}

TEST_F(ApiTest, AWatchFollowsChangesAndSurvivesAForgottenHistory) {
  int synced = 0;
  std::vector<std::string> seen;
  kube_.watch(
      kube::kServices, {.labels = "app=late"},
      [&](const kube::WatchEvent& event) {
        seen.push_back(event.type);
        if (event.type != "SYNCED") return event.type != "DELETED";
        if (++synced == 1) {
          ask("/sandbox/compact", "POST");
        } else {
          kube_.merge_patch(kube::kServices, "myapp", parse_json(R"({"metadata":{"labels":{"app":"late"}}})", "patch"));
          kube_.merge_patch(kube::kServices, "myapp", parse_json(R"({"metadata":{"labels":{"app":"x"}}})", "patch"));
        }
        return true;
      },
      10s, {});
  // To somebody who selects by a label, an object appears with it and goes without it.
  EXPECT_EQ(seen, (std::vector<std::string>{"SYNCED", "SYNCED", "ADDED", "DELETED"}));
}

TEST_F(ApiTest, ApplyCreatesAndThenMerges) {
  auto lease = parse_json(R"({"metadata":{"name":"l"},"spec":{"holderIdentity":"a"}})", "lease");
  const auto created = kube_.apply(kube::kLeases, lease, kube::FieldsOfOthers::taken_over);
  lease["spec"] = Json::object({{"leaseDurationSeconds", 30}});
  const auto merged = kube_.apply(kube::kLeases, lease, kube::FieldsOfOthers::taken_over);
  EXPECT_EQ(merged["metadata"]["uid"], created["metadata"]["uid"]);
  EXPECT_EQ(merged["spec"], Json::object({{"holderIdentity", "a"}, {"leaseDurationSeconds", 30}}));
}

TEST_F(ApiTest, AStrangeTokenIsRefused) {
  kube::Client stranger({.server = playground_.api_url(), .credentials = {.token = "wrong"}}, Environment(), clock_);
  EXPECT_EQ(status_of([&] { stranger.list(kube::kNodes); }), 401);
}

TEST_F(ApiTest, AccessIsAllowedAndMetricsAreServed) {
  EXPECT_TRUE(kube_.may("patch", kube::kDeployments, "scale"));
  const auto nodes = kube_.find_raw("/apis/metrics.k8s.io/v1beta1/nodes");
  ASSERT_TRUE(nodes);
  EXPECT_EQ((*nodes)["items"].size(), 2U);
  EXPECT_FALSE(kube_.cluster_uid().empty());
  EXPECT_FALSE(kube_.find_raw("/apis/argoproj.io/v1alpha1/rollouts"));
}

TEST_F(ApiTest, ANodeUsesWhatItsAnnotationsSay) {
  const auto said =
      parse_json(R"({"metadata":{"annotations":{"sandbox/cpu":"2500m","sandbox/memory":"1Gi"}}})", "test");
  kube_.merge_patch(kube::kNodes, "node-1", said);
  const auto metrics = kube_.find_raw("/apis/metrics.k8s.io/v1beta1/nodes/node-1");
  ASSERT_TRUE(metrics);
  EXPECT_EQ((*metrics)["usage"]["cpu"], Json("2500000000n"));
  const auto summary = kube_.find_raw("/api/v1/nodes/node-1/proxy/stats/summary");
  ASSERT_TRUE(summary);
  EXPECT_EQ((*summary)["node"]["cpu"]["usageNanoCores"], Json(2'500'000'000LL));
  EXPECT_EQ((*summary)["node"]["memory"]["workingSetBytes"], Json(1LL << 30));
  EXPECT_FALSE(kube_.find_raw("/api/v1/nodes/gone/proxy/stats/summary"));
}

TEST_F(ApiTest, ATagHasADigestAndAnUnknownOneHasNone) {
  playground_.set_fault("v1.6.0");
  const Environment none;
  registry::Client registry(HttpClient({}, none, clock_), none, /*plain_http=*/false);
  const auto manifest = registry.resolve(registry::parse_reference(playground_.image() + ":v1.6.0"));
  ASSERT_TRUE(manifest);
  EXPECT_TRUE(registry.resolve(registry::parse_reference(playground_.image() + "@" + manifest->digest)));
  EXPECT_FALSE(registry.resolve(registry::parse_reference(playground_.image() + ":v9")));
}

}  // namespace
}  // namespace baton::test
