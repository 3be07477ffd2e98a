// The verbs of the Kubernetes client, and what it makes of the API server's refusals.
#include "common/clients/kube/client.h"

#include "tests/common/clients/kube/scene.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

TEST_F(KubeTest, KindsLiveUnderTheirGroupAndNamespace) {
  EXPECT_EQ(asked_by([](Client& kube) { kube.get(kPods, "a"); }).target, "/api/v1/namespaces/shop/pods/a");
  EXPECT_EQ(asked_by([](Client& kube) { kube.get(kNodes, "n"); }).target, "/api/v1/nodes/n");
  EXPECT_EQ(asked_by([](Client& kube) { kube.get(kDeployments, "d"); }).target,
            "/apis/apps/v1/namespaces/shop/deployments/d");
  EXPECT_EQ(asked_by([](Client& kube) { kube.get(kPods, "../x"); }).target, "/api/v1/namespaces/shop/pods/..%2Fx");
  EXPECT_EQ(asked_by([](Client& kube) { kube.find_raw("/apis/metrics.k8s.io/v1beta1/nodes"); }).target,
            "/apis/metrics.k8s.io/v1beta1/nodes");
}

TEST_F(KubeTest, AnAbsentObjectIsNothing) {
  HttpServer script([](const Received&) { return status(404, "NotFound", "pods \"a\" not found"); });
  EXPECT_FALSE(client(script).find(kPods, "a"));
  EXPECT_EQ(refusal_of([&] { client(script).get(kPods, "a"); }).status(), 404);
  EXPECT_FALSE(client(script).remove(kPods, "a"));
}

TEST_F(KubeTest, AKindThatIsNotServedIsNoAbsence) {
  HttpServer script(
      [](const Received&) { return status(404, "NotFound", "the server could not find the requested resource"); });
  EXPECT_EQ(refusal_of([&] { client(script).find(kAutoscalers, "a"); }).status(), 404);
  HttpServer plain([](const Received&) { return Answer{.status = 404, .body = "404 page not found"}; });
  EXPECT_EQ(refusal_of([&] { client(plain).find(kAutoscalers, "a"); }).status(), 404);
  EXPECT_FALSE(client(plain).find_raw("/apis/metrics.k8s.io/v1beta1/nodes"));
}

TEST_F(KubeTest, ARawPathIsTakenAsItIs) {
  const auto target = [&](std::string_view path) {
    return asked_by([&](Client& kube) { kube.find_raw(path); }).target;
  };
  EXPECT_EQ(target("/version"), "/version");
  EXPECT_EQ(target("/api/v1/pods?limit=1&x=a/b"), "/api/v1/pods?limit=1&x=a/b");
  HttpServer script([](const Received&) { return status(403, "Forbidden", "no"); });
  const ApiError error = refusal_of([&] { client(script).find_raw("/apis/metrics.k8s.io/v1beta1/nodes"); });
  EXPECT_NE(error.hint().find("'get' on 'nodes' of API group 'metrics.k8s.io'"), std::string::npos) << error.hint();
}

TEST_F(KubeTest, AMissingRightIsNamedWithWhatToGrant) {
  HttpServer script([](const Received&) { return status(403, "Forbidden", "services \"web\" is forbidden"); });
  const ApiError error = refusal_of([&] { client(script).merge_patch(kServices, "web", Json::object()); });
  EXPECT_STREQ(error.what(), "cannot patch services 'web' in namespace 'shop': services \"web\" is forbidden");
  EXPECT_EQ(
      error.hint(),
      "Grant the verb 'patch' on 'services' of the core API group in namespace 'shop' to the identity the pipeline "
      "uses.");
  const Json web = parse_json(R"({"metadata":{"name":"web","uid":"u-1","resourceVersion":"5"}})", "web");
  const ApiError scaling = refusal_of([&] { client(script).scale(kDeployments, web, 3); });
  EXPECT_NE(scaling.hint().find("'deployments/scale' of API group 'apps'"), std::string::npos);
  EXPECT_EQ(client(script).cluster_uid(), "");
}

TEST_F(KubeTest, RefusedCredentialsAreNamedByTheirKind) {
  HttpServer script([](const Received&) { return status(401, "Unauthorized", "Unauthorized"); });
  const auto hint_for = [&](Credentials who) {
    return refusal_of([&] { client(script, std::move(who)).get(kPods, "a"); }).hint();
  };
  EXPECT_NE(hint_for({.token = "x"}).find("Renew the token in the kubeconfig"), std::string::npos);
  EXPECT_NE(hint_for({.username = "x"}).find("password"), std::string::npos);
  EXPECT_NE(hint_for({}).find("Give the kubeconfig's user a token"), std::string::npos);
}

TEST_F(KubeTest, AListIsReadPageByPage) {
  HttpServer script([](const Received& asked) {
    if (asked.target.find("continue=") == std::string::npos) return list_of({"a", "b"}, "7", "next page");
    return list_of({"c"});
  });
  const std::vector<Json> pods = client(script).list(kPods, {.labels = "app=web,version in (blue)"});
  ASSERT_EQ(pods.size(), 3U);
  EXPECT_EQ(pods[2]["metadata"]["name"], Json("c"));
  EXPECT_EQ(script.received().at(0).target,
            "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb%2Cversion%20in%20%28blue%29&limit=250");
  EXPECT_NE(script.received().at(1).target.find("&continue=next%20page"), std::string::npos);
}

TEST_F(KubeTest, AnExpiredPageStartsTheListAnewAndInTheEndAsksForAll) {
  HttpServer script([](const Received& asked) {
    if (asked.target.find("limit=") == std::string::npos) return list_of({"a", "b", "c"});
    if (asked.target.find("continue=") == std::string::npos) return list_of({"a", "b"}, "7", "x");
    return status(410, "Expired", "the continue token is too old");
  });
  EXPECT_EQ(client(script).list(kPods).size(), 3U);
  EXPECT_EQ(script.received().size(), 5U);
}

TEST_F(KubeTest, AListThatLeadsInCirclesIsRefused) {
  int pages = 0;
  HttpServer script([&](const Received&) { return list_of({"a"}, "7", ++pages % 2 == 0 ? "even" : "odd"); });
  Client kube = client(script);
  EXPECT_TRUE(test::says(test::refusal(ExitCode::unknown, [&] { return kube.list(kPods); }), "pages never end"));
  EXPECT_EQ(script.received().size(), 3U);
}

TEST_F(KubeTest, AServerThatEchoesTheTokenDoesNotGetItShown) {
  HttpServer script([](const Received& asked) {
    return status(403, "Forbidden", "denied for headers {'Authorization': '" + asked.header("Authorization") + "'}");
  });
  Client kube = client(script, {.token = "SUPERSECRETTOKEN123"});
  const auto error = test::error_of([&] { return kube.list(kPods); });
  EXPECT_TRUE(test::says(error.what(), "Bearer ***"));
  EXPECT_FALSE(test::says(std::string(error.what()) + error.hint(), "SUPERSECRET"));
}

TEST_F(KubeTest, AVisitorHasEachPageBeforeTheNextIsAskedFor) {
  HttpServer script([](const Received& asked) {
    if (asked.target.find("continue=") == std::string::npos) return list_of({"a", "b"}, "7", "next");
    return list_of({"c"});
  });
  std::vector<std::string> seen;
  client(script).visit(kPods, {},
                       {.begin = [&] { seen.emplace_back("begin"); },
                        .take =
                            [&](const Json& pod) {
                              const std::size_t pages = script.received().size();
                              seen.push_back(pod["metadata"]["name"].string() + std::to_string(pages));
                            }});
  EXPECT_EQ(seen, (std::vector<std::string>{"begin", "a1", "b1", "c2"}));
}

TEST_F(KubeTest, AVisitorIsToldToBeginAnewWhenThePagesExpired) {
  int walks = 0;
  HttpServer script([&](const Received& asked) {
    if (asked.target.find("continue=") == std::string::npos) return list_of({"a", "b"}, "7", ++walks == 1 ? "old" : "");
    return status(410, "Expired", "the continue token is too old");
  });
  std::vector<std::string> seen;
  client(script).visit(kPods, {},
                       {.begin = [&] { seen.clear(); },
                        .take = [&](const Json& pod) { seen.push_back(pod["metadata"]["name"].string()); }});
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(walks, 2);
}

TEST_F(KubeTest, AVisitorIsSparedWhatItDoesNotAskFor) {
  HttpServer script([](const Received&) {
    return object(
        R"({"metadata":{},"items":[{"metadata":{"name":"a","managedFields":[{}],"labels":{"env":"x"}},"env":[]}]})");
  });
  constexpr std::string_view kWithout[] = {"managedFields", "env"};
  std::string seen;
  client(script).visit(kPods, {},
                       {.begin = [] {}, .take = [&](const Json& pod) { seen = to_text(pod); }, .without = kWithout});
  EXPECT_EQ(seen, R"({"metadata":{"name":"a","labels":{"env":"x"}}})");
}

TEST_F(KubeTest, AnAnswerThatIsNoListIsNoEmptyList) {
  HttpServer script([](const Received&) { return object("[]"); });
  EXPECT_THROW(client(script).list(kPods), Error);
}

TEST_F(KubeTest, AListOverAllNamespacesNamesNone) {
  HttpServer script([](const Received&) { return list_of({"a"}); });
  client(script).list_all(kPods);
  EXPECT_EQ(script.received().at(0).target, "/api/v1/pods?limit=250");
}

TEST_F(KubeTest, AnEmptyListMayBeNull) {
  HttpServer script([](const Received&) { return object(R"({"kind":"PodList","metadata":{},"items":null})"); });
  EXPECT_TRUE(client(script).list(kPods).empty());
}

TEST_F(KubeTest, WritesSayWhatTheyAre) {
  const Json object = parse_json(R"({"metadata":{"name":"d","uid":"u-1","resourceVersion":"5"}})", "d");
  const Received created = asked_by([&](Client& kube) { kube.create(kLeases, object); });
  EXPECT_EQ(created.method, "POST");
  EXPECT_EQ(parse_json(created.body, "b")["apiVersion"], Json("coordination.k8s.io/v1"));
  EXPECT_EQ(parse_json(created.body, "b")["kind"], Json("Lease"));

  EXPECT_EQ(created.target.find("dryRun"), std::string::npos) << created.target;
  const Received tried = asked_by([&](Client& kube) { kube.create(kLeases, object, {}, Write::dry_run); });
  EXPECT_TRUE(tried.target.ends_with("&dryRun=All")) << tried.target;
  const Received tried_again = asked_by([&](Client& kube) { kube.replace(kLeases, object, {}, Write::dry_run); });
  EXPECT_TRUE(tried_again.target.ends_with("&dryRun=All")) << tried_again.target;

  const Received replaced = asked_by([&](Client& kube) { kube.replace(kDeployments, object); });
  EXPECT_EQ(replaced.method, "PUT");
  EXPECT_EQ(parse_json(replaced.body, "b")["metadata"]["resourceVersion"], Json("5"));

  const Received scaled = asked_by([&](Client& kube) { kube.scale(kDeployments, object, 4); });
  EXPECT_EQ(scaled.target.substr(0, 49), "/apis/apps/v1/namespaces/shop/deployments/d/scale");
  EXPECT_EQ(scaled.header("Content-Type"), "application/merge-patch+json");
  EXPECT_EQ(scaled.body, R"({"metadata":{"uid":"u-1","resourceVersion":"5"},"spec":{"replicas":4}})");

  const Received patched = asked_by([&](Client& kube) { kube.json_patch(kServices, "s", Json::array()); });
  EXPECT_EQ(patched.method, "PATCH");
  EXPECT_EQ(patched.header("Content-Type"), "application/json-patch+json");

  const Received removed = asked_by([&](Client& kube) { kube.remove(kDeployments, "d", {"u-1", "5"}); });
  EXPECT_EQ(removed.method, "DELETE");
  EXPECT_EQ(to_text(parse_json(removed.body, "b")["preconditions"]), R"({"uid":"u-1","resourceVersion":"5"})");
}

TEST_F(KubeTest, ApplyOwnsItsFieldsAndClaimsNoOthers) {
  const Json live = parse_json(R"({"metadata":{"name":"d","managedFields":[{"manager":"kubectl"}]}})", "d");
  const Received applied = asked_by([&](Client& kube) { kube.apply(kDeployments, live, FieldsOfOthers::taken_over); });
  EXPECT_EQ(applied.method, "PATCH");
  EXPECT_EQ(applied.header("Content-Type"), "application/apply-patch+yaml");
  EXPECT_NE(applied.target.find("fieldManager=baton&fieldValidation=Strict&force=true"), std::string::npos);
  EXPECT_EQ(applied.body.find("managedFields"), std::string::npos);
}

TEST_F(KubeTest, AnApplyCanBeTriedAndAConflictSaysHowItIsTakenOver) {
  const Json live = parse_json(R"({"metadata":{"name":"d"}})", "d");
  const Received tried =
      asked_by([&](Client& kube) { kube.apply(kDeployments, live, FieldsOfOthers::refused, {}, Write::dry_run); });
  EXPECT_TRUE(tried.target.ends_with("&force=false&dryRun=All")) << tried.target;
  HttpServer script(
      [](const Received&) { return status(409, "Conflict", "conflict with \"kubectl\" using v1: .data"); });
  const ApiError error = refusal_of([&] { client(script).apply(kDeployments, live, FieldsOfOthers::refused); });
  EXPECT_NE(error.hint().find("--force-conflicts --field-manager=baton"), std::string::npos) << error.hint();
}

TEST_F(KubeTest, AKindIsFoundWhereTheClusterServesIt) {
  HttpServer script([](const Received& asked) {
    if (asked.target == "/api/v1")
      return object(R"({"resources":[{"name":"namespaces","namespaced":false,"kind":"Namespace"}]})");
    if (asked.target == "/apis/example.com/v1")
      return object(R"({"resources":[{"name":"widgets/status","namespaced":true,"kind":"Widget"},
                                     {"name":"widgets","namespaced":true,"kind":"Widget"}]})");
    return Answer{.status = 404, .body = "404 page not found"};
  });
  const auto found = client(script).find_kind("example.com/v1", "Widget");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->prefix, "/apis/example.com/v1");
  EXPECT_EQ(found->plural, "widgets");
  EXPECT_TRUE(found->namespaced);
  EXPECT_FALSE(client(script).find_kind("v1", "Namespace")->namespaced);
  EXPECT_FALSE(client(script).find_kind("example.com/v1", "Gadget"));
  EXPECT_FALSE(client(script).find_kind("example.com/v2", "Widget"));
  EXPECT_FALSE(client(script).find_kind("", "Widget"));
}

TEST_F(KubeTest, ALostCompareAndSwapIsNeverTriedAgain) {
  HttpServer script([](const Received&) { return status(409, "Conflict", "the object has been modified"); });
  const ApiError error =
      refusal_of([&] { client(script).replace(kServices, parse_json(R"({"metadata":{"name":"s"}})", "s")); });
  EXPECT_EQ(error.status(), 409);
  EXPECT_EQ(error.reason(), "Conflict");
  EXPECT_EQ(script.received().size(), 1U);
}

TEST_F(KubeTest, AFailedTestOfAPatchSaysThatSomebodyWasFaster) {
  HttpServer script([](const Received&) { return status(422, "Invalid", "the server rejected our request"); });
  const ApiError error = refusal_of([&] { client(script).json_patch(kServices, "s", Json::array()); });
  EXPECT_EQ(error.status(), 422);
  EXPECT_NE(error.hint().find("somebody else"), std::string::npos);
}

TEST_F(KubeTest, OnlyWhatMayBeSentTwiceIsSentTwice) {
  HttpServer script([](const Received&) { return Answer{.cut_after = 0}; });
  const Json object = parse_json(R"({"metadata":{"name":"d"}})", "d");
  const auto times = [&](const std::function<void(Client&)>& act) {
    const std::size_t before = script.received().size();
    Client kube = client(script);
    EXPECT_THROW(act(kube), Error);
    return script.received().size() - before;
  };
  EXPECT_EQ(times([&](Client& kube) { kube.get(kPods, "a"); }), 3U);
  EXPECT_EQ(times([&](Client& kube) { kube.scale(kDeployments, object, 1); }), 3U);
  EXPECT_EQ(times([&](Client& kube) { kube.apply(kDeployments, object, FieldsOfOthers::refused); }), 3U);
  EXPECT_EQ(times([&](Client& kube) { kube.create(kDeployments, object); }), 1U);
  EXPECT_EQ(times([&](Client& kube) { kube.replace(kDeployments, object); }), 1U);
  EXPECT_EQ(times([&](Client& kube) { kube.json_patch(kServices, "s", Json::array()); }), 1U);
  EXPECT_EQ(times([&](Client& kube) { kube.merge_patch(kServices, "s", Json::object()); }), 1U);
}

TEST_F(KubeTest, AWriteThatWasToldToWaitIsSentAgain) {
  HttpServer script([](const Received& asked) {
    if (asked.connection == 1) return Answer{.status = 429, .headers = {{"Retry-After", "1"}}, .is_last = true};
    return object("{}");
  });
  client(script).create(kLeases, parse_json(R"({"metadata":{"name":"l"}})", "l"));
  EXPECT_EQ(script.received().size(), 2U);
}

TEST_F(KubeTest, AReviewAsksForTheSubresource) {
  HttpServer script([](const Received&) { return object(R"({"status":{"allowed":true}})"); });
  EXPECT_TRUE(client(script).may("patch", kDeployments, "scale", "web"));
  const Json review = parse_json(script.received().at(0).body, "review");
  const Json& attributes = review["spec"]["resourceAttributes"];
  EXPECT_EQ(attributes["resource"], Json("deployments"));
  EXPECT_EQ(attributes["subresource"], Json("scale"));
  EXPECT_EQ(attributes["namespace"], Json("shop"));
  client(script).may("list", kNodes);
  const Json nodes = parse_json(script.received().at(1).body, "review");
  EXPECT_EQ(nodes["spec"]["resourceAttributes"].find("namespace"), nullptr);
}

TEST_F(KubeTest, LogsAreTheLastLinesOfOneContainer) {
  HttpServer script([](const Received&) { return Answer{.body = "one\ntwo\n"}; });
  EXPECT_EQ(client(script).logs("p", "web", 50, ContainerRun::previous), "one\ntwo\n");
  const std::string target = script.received().at(0).target;
  EXPECT_EQ(target.find("/api/v1/namespaces/shop/pods/p/log?container=web&tailLines=50&"), 0U) << target;
  EXPECT_NE(target.find("previous=true"), std::string::npos);
}

TEST_F(KubeTest, PointerTokensAreEscaped) { EXPECT_EQ(pointer_token("baton/a~b"), "baton~1a~0b"); }

}  // namespace
}  // namespace baton::kube
