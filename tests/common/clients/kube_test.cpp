// The Kubernetes client against an API server that says what a test wants; the real one is tests/cluster's.
#include "common/clients/kube.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "tests/common/clients/script.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;
using test::Asked;
using test::Reply;
using test::Script;

Reply status(int code, const std::string& reason, const std::string& message) {
  return {.status = code,
          .headers = {{"Content-Type", "application/json"}},
          .body = to_text(Json::object({{"kind", "Status"},
                                        {"apiVersion", "v1"},
                                        {"status", "Failure"},
                                        {"message", message},
                                        {"reason", reason},
                                        {"code", code}}))};
}

Reply object(const std::string& json) { return {.headers = {{"Content-Type", "application/json"}}, .body = json}; }

Reply list_of(const std::vector<std::string>& names, const std::string& version = "7", const std::string& next = "") {
  Json items = Json::array();
  for (const std::string& name : names) {
    items.push_back(Json::object({{"metadata", Json::object({{"name", name}, {"uid", "uid-" + name}})}}));
  }
  Json metadata = Json::object({{"resourceVersion", version}});
  if (!next.empty()) metadata["continue"] = next;
  return object(to_text(Json::object({{"kind", "PodList"}, {"metadata", metadata}, {"items", items}})));
}

std::string event(const std::string& type, const std::string& name, const std::string& version) {
  return R"({"type":")" + type + R"(","object":{"metadata":{"name":")" + name + R"(","uid":"uid-)" + name +
         R"(","resourceVersion":")" + version + "\"}}}\n";
}

std::string gone_event() {
  return R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}})"
         "\n";
}

bool is_watch(const Asked& asked) { return asked.target.find("watch=true") != std::string::npos; }

class KubeTest : public testing::Test {
 protected:
  Client client(const Script& script, Credentials credentials = {.token = "sesame"}) {
    return Client({.server = script.url(), .namespace_name = "shop", .credentials = std::move(credentials)},
                  Environment(), clock_, {.attempts = 3});
  }
  /// The one request that `act` makes, answered with an empty object.
  Asked asked_by(const std::function<void(Client&)>& act) {
    Script script([](const Asked&) { return object("{}"); });
    Client kube = client(script);
    act(kube);
    EXPECT_EQ(script.asked().size(), 1U);
    return script.asked().at(0);
  }
  ManualClock clock_{Time(std::chrono::seconds(1'762'264'800))};
};

ApiError refusal_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const ApiError& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was refused";
  return {0, "", "", ""};
}

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
  Script script([](const Asked&) { return status(404, "NotFound", "pods \"a\" not found"); });
  EXPECT_FALSE(client(script).find(kPods, "a"));
  EXPECT_EQ(refusal_of([&] { client(script).get(kPods, "a"); }).status(), 404);
  EXPECT_FALSE(client(script).remove(kPods, "a"));
}

TEST_F(KubeTest, AKindThatIsNotServedIsNoAbsence) {
  Script script(
      [](const Asked&) { return status(404, "NotFound", "the server could not find the requested resource"); });
  EXPECT_EQ(refusal_of([&] { client(script).find(kAutoscalers, "a"); }).status(), 404);
  Script plain([](const Asked&) { return Reply{.status = 404, .body = "404 page not found"}; });
  EXPECT_EQ(refusal_of([&] { client(plain).find(kAutoscalers, "a"); }).status(), 404);
  EXPECT_FALSE(client(plain).find_raw("/apis/metrics.k8s.io/v1beta1/nodes"));
}

TEST_F(KubeTest, ARawPathIsTakenAsItIs) {
  const auto target = [&](std::string_view path) {
    return asked_by([&](Client& kube) { kube.find_raw(path); }).target;
  };
  EXPECT_EQ(target("/version"), "/version");
  EXPECT_EQ(target("/api/v1/pods?limit=1&x=a/b"), "/api/v1/pods?limit=1&x=a/b");
  Script script([](const Asked&) { return status(403, "Forbidden", "no"); });
  const ApiError error = refusal_of([&] { client(script).find_raw("/apis/metrics.k8s.io/v1beta1/nodes"); });
  EXPECT_NE(error.hint().find("'get' on 'nodes' of API group 'metrics.k8s.io'"), std::string::npos) << error.hint();
}

TEST_F(KubeTest, AMissingRightIsNamedWithWhatToGrant) {
  Script script([](const Asked&) { return status(403, "Forbidden", "services \"web\" is forbidden"); });
  const ApiError error = refusal_of([&] { client(script).merge_patch(kServices, "web", Json::object()); });
  EXPECT_STREQ(error.what(), "cannot patch services 'web' in namespace 'shop': services \"web\" is forbidden");
  EXPECT_EQ(
      error.hint(),
      "Grant the verb 'patch' on 'services' of the core API group in namespace 'shop' to the identity the pipeline "
      "uses.");
  const ApiError scaling = refusal_of([&] { client(script).scale(kDeployments, "web", 3); });
  EXPECT_NE(scaling.hint().find("'deployments/scale' of API group 'apps'"), std::string::npos);
  EXPECT_EQ(client(script).cluster_uid(), "");
}

TEST_F(KubeTest, RefusedCredentialsAreNamedByTheirKind) {
  Script script([](const Asked&) { return status(401, "Unauthorized", "Unauthorized"); });
  const auto hint_for = [&](Credentials who) {
    return refusal_of([&] { client(script, std::move(who)).get(kPods, "a"); }).hint();
  };
  EXPECT_NE(hint_for({.token = "x"}).find("Renew the token in the kubeconfig"), std::string::npos);
  EXPECT_NE(hint_for({.username = "x"}).find("password"), std::string::npos);
  EXPECT_NE(hint_for({}).find("Give the kubeconfig's user a token"), std::string::npos);
}

TEST_F(KubeTest, AListIsReadPageByPage) {
  Script script([](const Asked& asked) {
    if (asked.target.find("continue=") == std::string::npos) return list_of({"a", "b"}, "7", "next page");
    return list_of({"c"});
  });
  const std::vector<Json> pods = client(script).list(kPods, {.labels = "app=web,version in (blue)"});
  ASSERT_EQ(pods.size(), 3U);
  EXPECT_EQ(pods[2]["metadata"]["name"], Json("c"));
  EXPECT_EQ(script.asked().at(0).target,
            "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb%2Cversion%20in%20%28blue%29&limit=500");
  EXPECT_NE(script.asked().at(1).target.find("&continue=next%20page"), std::string::npos);
}

TEST_F(KubeTest, AnExpiredPageStartsTheListAnewAndInTheEndAsksForAll) {
  Script script([](const Asked& asked) {
    if (asked.target.find("limit=") == std::string::npos) return list_of({"a", "b", "c"});
    if (asked.target.find("continue=") == std::string::npos) return list_of({"a", "b"}, "7", "x");
    return status(410, "Expired", "the continue token is too old");
  });
  EXPECT_EQ(client(script).list(kPods).size(), 3U);
  EXPECT_EQ(script.asked().size(), 5U);
}

TEST_F(KubeTest, AListOverAllNamespacesNamesNone) {
  Script script([](const Asked&) { return list_of({"a"}); });
  client(script).list_all(kPods);
  EXPECT_EQ(script.asked().at(0).target, "/api/v1/pods?limit=500");
}

TEST_F(KubeTest, AnEmptyListMayBeNull) {
  Script script([](const Asked&) { return object(R"({"kind":"PodList","metadata":{},"items":null})"); });
  EXPECT_TRUE(client(script).list(kPods).empty());
}

TEST_F(KubeTest, WritesSayWhatTheyAre) {
  const Json object = parse_json(R"({"metadata":{"name":"d","resourceVersion":"5"}})", "d");
  const Asked created = asked_by([&](Client& kube) { kube.create(kLeases, object); });
  EXPECT_EQ(created.method, "POST");
  EXPECT_EQ(parse_json(created.body, "b")["apiVersion"], Json("coordination.k8s.io/v1"));
  EXPECT_EQ(parse_json(created.body, "b")["kind"], Json("Lease"));

  const Asked replaced = asked_by([&](Client& kube) { kube.replace(kDeployments, object); });
  EXPECT_EQ(replaced.method, "PUT");
  EXPECT_EQ(parse_json(replaced.body, "b")["metadata"]["resourceVersion"], Json("5"));

  const Asked scaled = asked_by([&](Client& kube) { kube.scale(kDeployments, "d", 4); });
  EXPECT_EQ(scaled.target.substr(0, 49), "/apis/apps/v1/namespaces/shop/deployments/d/scale");
  EXPECT_EQ(scaled.header("Content-Type"), "application/merge-patch+json");
  EXPECT_EQ(scaled.body, R"({"spec":{"replicas":4}})");

  const Asked patched = asked_by([&](Client& kube) { kube.json_patch(kServices, "s", Json::array()); });
  EXPECT_EQ(patched.method, "PATCH");
  EXPECT_EQ(patched.header("Content-Type"), "application/json-patch+json");

  const Asked removed = asked_by([&](Client& kube) { kube.remove(kDeployments, "d", "u-1"); });
  EXPECT_EQ(removed.method, "DELETE");
  EXPECT_EQ(parse_json(removed.body, "b")["preconditions"]["uid"], Json("u-1"));
}

TEST_F(KubeTest, ApplyOwnsItsFieldsAndClaimsNoOthers) {
  const Json live = parse_json(R"({"metadata":{"name":"d","managedFields":[{"manager":"kubectl"}]}})", "d");
  const Asked applied = asked_by([&](Client& kube) { kube.apply(kDeployments, live, /*force=*/true); });
  EXPECT_EQ(applied.method, "PATCH");
  EXPECT_EQ(applied.header("Content-Type"), "application/apply-patch+yaml");
  EXPECT_NE(applied.target.find("fieldManager=baton&fieldValidation=Strict&force=true"), std::string::npos);
  EXPECT_EQ(applied.body.find("managedFields"), std::string::npos);
}

TEST_F(KubeTest, ALostCompareAndSwapIsNeverTriedAgain) {
  Script script([](const Asked&) { return status(409, "Conflict", "the object has been modified"); });
  const ApiError error =
      refusal_of([&] { client(script).replace(kServices, parse_json(R"({"metadata":{"name":"s"}})", "s")); });
  EXPECT_EQ(error.status(), 409);
  EXPECT_EQ(error.reason(), "Conflict");
  EXPECT_EQ(script.asked().size(), 1U);
}

TEST_F(KubeTest, AFailedTestOfAPatchSaysThatSomebodyWasFaster) {
  Script script([](const Asked&) { return status(422, "Invalid", "the server rejected our request"); });
  const ApiError error = refusal_of([&] { client(script).json_patch(kServices, "s", Json::array()); });
  EXPECT_EQ(error.status(), 422);
  EXPECT_NE(error.hint().find("somebody else"), std::string::npos);
}

TEST_F(KubeTest, OnlyWhatMayBeSentTwiceIsSentTwice) {
  Script script([](const Asked&) { return Reply{.is_cut = true}; });
  const Json object = parse_json(R"({"metadata":{"name":"d"}})", "d");
  const auto times = [&](const std::function<void(Client&)>& act) {
    const std::size_t before = script.asked().size();
    Client kube = client(script);
    EXPECT_THROW(act(kube), Error);
    return script.asked().size() - before;
  };
  EXPECT_EQ(times([&](Client& kube) { kube.get(kPods, "a"); }), 3U);
  EXPECT_EQ(times([&](Client& kube) { kube.scale(kDeployments, "d", 1); }), 3U);
  EXPECT_EQ(times([&](Client& kube) { kube.apply(kDeployments, object, false); }), 3U);
  EXPECT_EQ(times([&](Client& kube) { kube.create(kDeployments, object); }), 1U);
  EXPECT_EQ(times([&](Client& kube) { kube.replace(kDeployments, object); }), 1U);
  EXPECT_EQ(times([&](Client& kube) { kube.json_patch(kServices, "s", Json::array()); }), 1U);
  EXPECT_EQ(times([&](Client& kube) { kube.merge_patch(kServices, "s", Json::object()); }), 1U);
}

TEST_F(KubeTest, AReviewAsksForTheSubresource) {
  Script script([](const Asked&) { return object(R"({"status":{"allowed":true}})"); });
  EXPECT_TRUE(client(script).may("patch", "apps", "deployments/scale", "web"));
  const Json review = parse_json(script.asked().at(0).body, "review");
  const Json& attributes = review["spec"]["resourceAttributes"];
  EXPECT_EQ(attributes["resource"], Json("deployments"));
  EXPECT_EQ(attributes["subresource"], Json("scale"));
  EXPECT_EQ(attributes["namespace"], Json("shop"));
  client(script).may("list", "", "nodes");
  const Json nodes = parse_json(script.asked().at(1).body, "review");
  EXPECT_EQ(nodes["spec"]["resourceAttributes"].find("namespace"), nullptr);
}

TEST_F(KubeTest, LogsAreTheLastLinesOfOneContainer) {
  Script script([](const Asked&) { return Reply{.body = "one\ntwo\n"}; });
  EXPECT_EQ(client(script).logs("p", "web", 50, /*previous=*/true), "one\ntwo\n");
  const std::string target = script.asked().at(0).target;
  EXPECT_EQ(target.find("/api/v1/namespaces/shop/pods/p/log?container=web&tailLines=50&"), 0U) << target;
  EXPECT_NE(target.find("previous=true"), std::string::npos);
}

TEST_F(KubeTest, PointerTokensAreEscaped) { EXPECT_EQ(pointer_token("baton/a~b"), "baton~1a~0b"); }

class PodProxyTest : public KubeTest {
 protected:
  ProxyAnswer ask(const Script& script) { return client(script).pod_proxy("p", 8080, "/health?full=1", 5s); }
};

TEST_F(PodProxyTest, AnAnswerOfThePodIsAnAnswerWhateverItsStatus) {
  for (const int code : {200, 204, 302, 404, 500, 503}) {
    Script script([&](const Asked&) { return Reply{.status = code, .headers = {{"X-App-Version", "v1"}}}; });
    const ProxyAnswer answer = ask(script);
    EXPECT_EQ(answer.status, code);
    EXPECT_EQ(script.asked().at(0).target, "/api/v1/namespaces/shop/pods/p%3A8080/proxy/health?full=1");
  }
}

TEST_F(PodProxyTest, APodThatAsksToWaitIsNotAskedTwice) {
  Script script([&](const Asked&) { return Reply{.status = 503, .headers = {{"Retry-After", "1"}}, .body = "busy"}; });
  EXPECT_EQ(ask(script).body, "busy");
  EXPECT_EQ(script.asked().size(), 1U);
}

TEST_F(PodProxyTest, JsonOfThePodIsNotMistakenForTheApiServersWord) {
  Script script([&](const Asked&) { return Reply{.status = 503, .body = R"({"kind":"Status","message":"error"})"}; });
  EXPECT_EQ(ask(script).status, 503);
}

TEST_F(PodProxyTest, AnUnreachablePodIsSaidInBothWaysTheApiServersHave) {
  Script recent([](const Asked&) {
    return status(503, "ServiceUnavailable",
                  "error trying to reach service: dial tcp 10.1.1.1:8080: connect: connection refused");
  });
  EXPECT_STREQ(refusal_of([&] { ask(recent); }).what(),
               "cannot reach pod 'p' on port 8080: dial tcp 10.1.1.1:8080: connect: connection refused");
  Script old([](const Asked&) {
    return Reply{.status = 503, .body = "Error: 'connection refused'\nTrying to reach: 'http://10.1.1.1:8080/health'"};
  });
  EXPECT_STREQ(refusal_of([&] { ask(old); }).what(), "cannot reach pod 'p' on port 8080: connection refused");
}

TEST_F(PodProxyTest, ARefusalOfTheApiServerIsNoAnswerOfThePod) {
  Script absent([](const Asked&) { return status(404, "NotFound", "pods \"p\" not found"); });
  EXPECT_EQ(refusal_of([&] { ask(absent); }).status(), 404);
  Script forbidden([](const Asked&) { return status(403, "Forbidden", "no"); });
  EXPECT_NE(refusal_of([&] { ask(forbidden); }).hint().find("'get' on 'pods/proxy'"), std::string::npos);
}

class CredentialsTest : public KubeTest {
 protected:
  /// What the Authorization header was in each request.
  static std::vector<std::string> authorizations(const Script& script) {
    std::vector<std::string> found;
    for (const Asked& asked : script.asked()) found.push_back(asked.header("Authorization"));
    return found;
  }
  /// A plugin that gives out the tokens t1, t2, …, and the number of its runs in `counter`.
  ExecPlugin plugin(const std::string& status_fields = {}) {
    const fs::path program = folder_.path() / "login";
    write_file(program,
               "#!/bin/sh\necho x >> " + counter().string() + "\necho \"$KUBERNETES_EXEC_INFO\" > " +
                   (folder_.path() / "info").string() + "\nn=$(wc -l < " + counter().string() +
                   ")\necho "
                   "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/"
                   "v1\",\"status\":{\"token\":\"t'$n'\"" +
                   status_fields + "}}'\n",
               0755);
    return {
        .argv = {program.string()}, .api_version = "client.authentication.k8s.io/v1", .install_hint = "Install login."};
  }
  fs::path counter() const { return folder_.path() / "counter"; }
  TempFolder folder_;
};

TEST_F(CredentialsTest, ATokenIsABearer) {
  Script script([](const Asked&) { return object("{}"); });
  client(script, {.token = "sesame"}).get(kPods, "a");
  client(script, {.username = "jo", .password = "pw"}).get(kPods, "a");
  client(script, {}).get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer sesame", "Basic am86cHc=", ""}));
}

TEST_F(CredentialsTest, ARotatedTokenFileIsReadAnew) {
  Script script([](const Asked&) { return object("{}"); });
  const fs::path file = folder_.path() / "token";
  write_file(file, "first\n");
  Client kube = client(script, {.token = "never", .token_file = file.string()});
  kube.get(kPods, "a");
  write_file(file, "second");
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer first", "Bearer second"}));
}

TEST_F(CredentialsTest, AnImpersonationIsSent) {
  Script script([](const Asked&) { return object("{}"); });
  Credentials credentials{.token = "sesame"};
  credentials.impersonation.emplace_back("Impersonate-User", "ci");
  client(script, credentials).get(kPods, "a");
  EXPECT_EQ(script.asked().at(0).header("Impersonate-User"), "ci");
}

TEST_F(CredentialsTest, APluginRunsOnceForManyRequests) {
  Script script([](const Asked&) { return object("{}"); });
  Client kube = client(script, {.exec = plugin()});
  kube.get(kPods, "a");
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer t1", "Bearer t1"}));
  EXPECT_EQ(parse_json(read_file(folder_.path() / "info"), "info")["spec"]["interactive"], Json(false));
}

TEST_F(CredentialsTest, APluginRunsAgainBeforeItsCredentialEnds) {
  Script script([](const Asked&) { return object("{}"); });
  Client kube = client(script, {.exec = plugin(R"(,"expirationTimestamp":"2025-11-04T14:01:00Z")")});
  kube.get(kPods, "a");
  clock_.advance(49s);
  kube.get(kPods, "a");
  clock_.advance(1s);
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer t1", "Bearer t1", "Bearer t2"}));
}

TEST_F(CredentialsTest, APluginRunsOnceMoreWhenItsTokenIsRefused) {
  Script script([](const Asked& asked) {
    return asked.header("Authorization") == "Bearer t2" ? object("{}") : status(401, "Unauthorized", "Unauthorized");
  });
  Client kube = client(script, {.exec = plugin()});
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer t1", "Bearer t2"}));
}

TEST_F(CredentialsTest, APluginThatIsRefusedTwiceIsNotRunForEver) {
  Script script([](const Asked&) { return status(401, "Unauthorized", "Unauthorized"); });
  EXPECT_EQ(refusal_of([&] { client(script, {.exec = plugin()}).get(kPods, "a"); }).status(), 401);
  EXPECT_EQ(script.asked().size(), 2U);
}

TEST_F(CredentialsTest, ABrokenPluginIsNamedWithItsOwnWordsAndHint) {
  Script script([](const Asked&) { return object("{}"); });
  const fs::path program = folder_.path() / "broken";
  write_file(program, "#!/bin/sh\necho 'no session' >&2\nexit 3\n", 0755);
  const ExecPlugin broken{
      .argv = {program.string()}, .api_version = "client.authentication.k8s.io/v1", .install_hint = "Run login."};
  try {
    client(script, {.exec = broken}).get(kPods, "a");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("exit code 3: no session"), std::string::npos);
    EXPECT_EQ(error.hint(), "Run login.");
  }
  EXPECT_TRUE(script.asked().empty());
}

class WatchTest : public KubeTest {
 protected:
  /// Runs a watch until `enough` events came; what it saw, as "TYPE name".
  std::vector<std::string> watch(const Script& script, std::size_t enough, Duration patience = 10s) {
    std::vector<std::string> seen;
    Client kube = client(script);
    kube.watch(kPods, {.labels = "app=web"},
               [&](const WatchEvent& each) {
                 seen.push_back(each.type + " " + each.object["metadata"]["name"].string_or(""));
                 return seen.size() < enough;
               },
               patience, {});
    return seen;
  }
  int watches_ = 0;
};

TEST_F(WatchTest, ListsThenFollows) {
  Script script([](const Asked& asked) {
    return is_watch(asked) ? Reply{.body = event("MODIFIED", "a", "8") + event("DELETED", "a", "9")} : list_of({"a"});
  });
  EXPECT_EQ(watch(script, 4), (std::vector<std::string>{"ADDED a", "SYNCED ", "MODIFIED a", "DELETED a"}));
  EXPECT_NE(script.asked().at(1).target.find("resourceVersion=7"), std::string::npos);
  EXPECT_NE(script.asked().at(1).target.find("labelSelector=app%3Dweb"), std::string::npos);
}

TEST_F(WatchTest, GoesOnWhereADisconnectLeftIt) {
  Script script([&](const Asked& asked) {
    if (!is_watch(asked)) return list_of({"a"});
    if (++watches_ == 1) return Reply{.body = event("BOOKMARK", "", "20") + R"({"type":"ADDED","obj)", .is_cut = true};
    return Reply{.body = event("ADDED", "b", "21")};
  });
  EXPECT_EQ(watch(script, 3), (std::vector<std::string>{"ADDED a", "SYNCED ", "ADDED b"}));
  EXPECT_NE(script.asked().at(2).target.find("resourceVersion=20"), std::string::npos) << "not from the bookmark";
}

TEST_F(WatchTest, ListsAnewWhenTheHistoryIsGone) {
  for (const bool by_status : {true, false}) {
    watches_ = 0;
    int lists = 0;
    Script script([&](const Asked& asked) {
      if (!is_watch(asked)) return ++lists == 1 ? list_of({"a", "b"}) : list_of({"b", "c"}, "30");
      if (++watches_ == 1) return by_status ? status(410, "Expired", "too old") : Reply{.body = gone_event()};
      return Reply{.body = event("ADDED", "d", "31")};
    });
    EXPECT_EQ(watch(script, 8), (std::vector<std::string>{"ADDED a", "ADDED b", "SYNCED ", "DELETED a", "ADDED b",
                                                          "ADDED c", "SYNCED ", "ADDED d"}));
  }
}

TEST_F(WatchTest, AnObjectMadeAnewUnderTheSameNameIsAnother) {
  int lists = 0;
  Script script([&](const Asked& asked) {
    if (is_watch(asked)) return Reply{.body = gone_event()};
    Reply reply = list_of({"a"});
    if (++lists == 2) reply.body.replace(reply.body.find("uid-a"), 5, "uid-z");
    return reply;
  });
  EXPECT_EQ(watch(script, 5), (std::vector<std::string>{"ADDED a", "SYNCED ", "DELETED a", "ADDED a", "SYNCED "}));
}

TEST_F(WatchTest, AServerThatStaysAwayEndsItsPatience) {
  Script script([&](const Asked&) { return status(500, "InternalError", "etcd is away"); });
  const Duration begin = clock_.monotonic();
  EXPECT_EQ(refusal_of([&] { watch(script, 1, 10s); }).status(), 500);
  EXPECT_GE(clock_.monotonic() - begin, 10s);
  EXPECT_LT(clock_.monotonic() - begin, 14s);
}

TEST_F(WatchTest, AMissingRightEndsItAtOnce) {
  Script script([&](const Asked& asked) { return is_watch(asked) ? status(403, "Forbidden", "no") : list_of({}); });
  const ApiError error = refusal_of([&] { watch(script, 9); });
  EXPECT_NE(error.hint().find("'watch' on 'pods'"), std::string::npos);
  EXPECT_EQ(script.asked().size(), 2U);
}

TEST_F(WatchTest, AGarbledEventIsADisconnect) {
  Script script([&](const Asked& asked) {
    if (!is_watch(asked)) return list_of({});
    return ++watches_ == 1 ? Reply{.body = "<html>\n"} : Reply{.body = event("ADDED", "a", "8")};
  });
  EXPECT_EQ(watch(script, 2), (std::vector<std::string>{"SYNCED ", "ADDED a"}));
}

TEST_F(WatchTest, AnExceptionOfTheListenerReachesTheCaller) {
  Script script(
      [&](const Asked& asked) { return is_watch(asked) ? Reply{.body = event("ADDED", "a", "8")} : list_of({}); });
  Client kube = client(script);
  const auto listen = [](const WatchEvent& each) {
    if (each.type == "ADDED") throw Error(ExitCode::unknown, "the pod is broken");
    return true;
  };
  try {
    kube.watch(kPods, {}, listen, 10s, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the pod is broken");
  }
}

TEST_F(WatchTest, AStopEndsItWithoutAnError) {
  Script script(
      [&](const Asked& asked) { return is_watch(asked) ? Reply{.body = event("ADDED", "a", "8")} : list_of({}); });
  std::stop_source source;
  int seen = 0;
  client(script).watch(
      kPods, {}, [&](const WatchEvent&) { return ++seen < 2 || source.request_stop(); }, 10s, source.get_token());
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace baton::kube
