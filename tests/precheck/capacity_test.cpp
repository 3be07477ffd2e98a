// Whether pods fit, in tables of small clusters.
#include <gtest/gtest.h>

#include "tests/precheck/capacity_worlds.h"
#include "tests/support/refusal.h"
#include "tools/precheck/capacity/estimate.h"
#include "tools/precheck/capacity/limit_range.h"
#include "tools/precheck/capacity/placement.h"
#include "tools/precheck/capacity/quota.h"

namespace baton::precheck {
namespace {

using test::says;

struct Case {
  const char* name;
  Cluster cluster;
  NewPod pod;
  int pods;
  int fit;
  const char* reason = "";  ///< of one node at least, where not all fit
};

const std::string kAwayFromItself =
    "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: "
    "kubernetes.io/hostname, "
    "labelSelector: {matchLabels: {app: shop}}}]}}";

std::string spread(const std::string& key, const std::string& more = "") {
  return "topologySpreadConstraints: [{maxSkew: 1, topologyKey: " + key +
         ", whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: shop}}" + more + "}]";
}

std::string near(const std::string& app, const std::string& more = "") {
  return "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, labelSelector: "
         "{matchLabels: {app: " +
         app + "}}" + more + "}]}}";
}

std::string on_nodes(const std::string& expression) {
  return "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
         "[{matchExpressions: [" +
         expression + "]}]}}}";
}

const std::string kGpuTaint = "{taints: [{key: gpu, value: big, effect: NoSchedule}]}";

std::vector<Case> cases() {
  return {
      {"by cpu", {{node("a"), node("b")}}, shop_pod("cpu: '3'"), 3, 2, "too little cpu"},
      {"to the last thousandth", {{node("a")}, {pod_on("a", "999m")}}, shop_pod("cpu: 3001m"), 1, 1},
      {"one thousandth too much", {{node("a")}, {pod_on("a", "1")}}, shop_pod("cpu: 3001m"), 1, 0, "too little cpu"},
      {"by memory", {{node("a")}}, shop_pod("memory: 3Gi"), 3, 2, "too little memory"},
      {"by what two nodes have together", {{node("a"), node("b")}}, shop_pod("cpu: '5'"), 1, 0, "too little cpu"},
      {"by a device nobody has", {{node("a")}}, shop_pod("nvidia.com/gpu: '1'"), 1, 0, "too little nvidia.com/gpu"},
      {"by devices",
       {{node("a", "a", "{}", "", "cpu: '4', memory: 8Gi, pods: '110', nvidia.com/gpu: '2'")}},
       shop_pod("nvidia.com/gpu: '1'"),
       3,
       2,
       "too little nvidia.com/gpu"},
      {"by the number of pods",
       {{node("a", "a", "{}", "", "cpu: '4', memory: 8Gi, pods: '2'")}, {pod_on("a", "0")}},
       shop_pod(),
       2,
       1,
       "too little pods"},
      {"without requests", {{node("a")}}, shop_pod(""), 5, 5},
      {"a node that is not ready",
       {{object("metadata: {name: a}\nstatus: {allocatable: {cpu: '4', pods: '9'}}\n")}},
       shop_pod("cpu: '1'"),
       1,
       0,
       "not ready"},
      {"a cordoned node",
       {{node("a", "a", "{unschedulable: true}")}},
       shop_pod(),
       1,
       0,
       "node.kubernetes.io/unschedul"},
      {"a taint", {{node("a", "a", kGpuTaint), node("b")}}, shop_pod("cpu: '3'"), 2, 1, "taint gpu=big:NoSchedule"},
      {"a taint that is tolerated",
       {{node("a", "a", kGpuTaint), node("b")}},
       shop_pod("cpu: '3'", "tolerations: [{key: gpu, operator: Equal, value: big, effect: NoSchedule}]"),
       2,
       2},
      {"another value of it is not",
       {{node("a", "a", kGpuTaint)}},
       shop_pod("cpu: '1'", "tolerations: [{key: gpu, value: small}]"),
       1,
       0,
       "taint gpu=big:NoSchedule"},
      {"whoever tolerates all is kept from nowhere",
       {{node("a", "a", kGpuTaint)}},
       shop_pod("cpu: '1'", "tolerations: [{operator: Exists}]"),
       1,
       1},
      {"a taint that only prefers",
       {{node("a", "a", "{taints: [{key: x, effect: PreferNoSchedule}]}")}},
       shop_pod(),
       1,
       1},
      {"a node selector",
       {{node("a", "a", "{}", "disk: ssd"), node("b")}},
       shop_pod("cpu: '3'", "nodeSelector: {disk: ssd}"),
       2,
       1,
       "not selected"},
      {"node affinity In",
       {{node("a", "eu-1"), node("b", "eu-2"), node("c", "us-1")}},
       shop_pod("cpu: '3'", on_nodes("{key: zone, operator: In, values: [eu-1, eu-2]}")),
       3,
       2,
       "not selected"},
      {"node affinity NotIn and Exists",
       {{node("a"), node("b", "b", "{}", "gpu: x")}},
       shop_pod("cpu: '3'", on_nodes("{key: zone, operator: NotIn, values: [a]}, {key: gpu, operator: Exists}")),
       2,
       1,
       "not selected"},
      {"node affinity Gt",
       {{node("a", "a", "{}", "gen: '7'"), node("b", "b", "{}", "gen: '9'")}},
       shop_pod("cpu: '3'", on_nodes("{key: gen, operator: Gt, values: ['7']}")),
       2,
       1,
       "not selected"},
      {"apart from each other",
       {{node("a"), node("b")}},
       shop_pod("cpu: 100m", kAwayFromItself),
       3,
       2,
       "anti-affinity"},
      {"apart from the version that serves",
       {{node("a"), node("b"), node("c")}, {pod_on("a", "1", "{app: shop}"), pod_on("b", "1", "{app: shop}")}},
       shop_pod("cpu: 100m", kAwayFromItself),
       2,
       1,
       "anti-affinity"},
      {"pods of another namespace are others",
       {{node("a")}, {pod_on("a", "1", "{app: shop}", "", "elsewhere")}},
       shop_pod("cpu: 100m", kAwayFromItself),
       1,
       1},
      {"pods that want none of ours beside them",
       {{node("a"), node("b")}, {pod_on("a", "1", "{app: db}", kAwayFromItself)}},
       shop_pod("cpu: '3'"),
       2,
       1,
       "anti-affinity of pods that are there"},
      {"near others",
       {{node("a", "x"), node("b", "y")}, {pod_on("b", "1", "{app: cache}")}},
       shop_pod("cpu: '2'", near("cache")),
       2,
       1,
       "its own affinity"},
      {"near nobody that is there", {{node("a")}}, shop_pod("cpu: '1'", near("cache")), 1, 0, "its own affinity"},
      {"near each other begin anywhere",
       {{node("a", "x"), node("b", "y")}},
       shop_pod("cpu: '2'", near("shop")),
       3,
       2,
       "its own affinity"},
      {"spread over zones",
       {{node("a", "x"), node("b", "y")}, {pod_on("a", "2"), pod_on("b", "4")}},
       shop_pod("cpu: '1'", spread("zone")),
       2,
       1,
       "topology spread"},
      {"spread evenly", {{node("a", "x"), node("b", "y")}}, shop_pod("cpu: '1'", spread("zone")), 8, 8},
      {"spread needs the label", {{node("a")}}, shop_pod("cpu: '1'", spread("rack")), 1, 0, "no label rack"},
      {"spread over more zones than there are",
       {{node("a", "x"), node("b", "y")}},
       shop_pod("cpu: 100m", spread("zone", ", minDomains: 3")),
       3,
       2,
       "topology spread"},
      {"a tainted zone counts as empty where taints are not honoured",
       {{node("a", "x"), node("b", "y", kGpuTaint)}},
       shop_pod("cpu: 100m", spread("zone")),
       2,
       1,
       "topology spread"},
      {"and does not where they are",
       {{node("a", "x"), node("b", "y", kGpuTaint)}},
       shop_pod("cpu: 100m", spread("zone", ", nodeTaintsPolicy: Honor")),
       5,
       5},
      {"a spread of this release only does not see the other one",
       {{node("a", "x"), node("b", "y")},
        {pod_on("a", "1", "{app: shop}"), pod_on("a", "1", "{app: shop}"), pod_on("b", "4")}},
       shop_pod("cpu: '1'", spread("zone", ", matchLabelKeys: [pod-template-hash]")),
       1,
       1},
      {"and one of both does",
       {{node("a", "x"), node("b", "y")},
        {pod_on("a", "1", "{app: shop}"), pod_on("a", "1", "{app: shop}"), pod_on("b", "4")}},
       shop_pod("cpu: '1'", spread("zone")),
       1,
       0,
       "topology spread"},
      {"a host port is taken once a node",
       {{node("a"), node("b")}, {pod_on("b", "1", "{}", "hostNetwork: false")}},
       new_pod(object("spec: {containers: [{name: c, ports: [{containerPort: 80, hostPort: 80}]}]}"), "production"),
       3,
       2,
       "host port taken"},
      {"pods that have ended take nothing",
       {{node("a")},
        {object("metadata: {name: p}\nspec: {nodeName: a, containers: [{resources: {requests: {cpu: '4'}}}]}\nstatus: "
                "{phase: Succeeded}\n")}},
       shop_pod("cpu: '4'"),
       1,
       1},
  };
}

TEST(Capacity, FitsAsTheSchedulerWouldSay) {
  for (const auto& one : cases()) {
    const auto world = world_of(one.cluster, one.pod);
    const auto placement = place(world, one.pods);
    EXPECT_EQ(placement.placed(), one.fit) << one.name;
    EXPECT_EQ(placement.fits(), one.fit == one.pods) << one.name;
    bool is_said = *one.reason == '\0';
    for (const auto& [reason, nodes] : placement.refusals) is_said |= reason.find(one.reason) != std::string::npos;
    EXPECT_TRUE(is_said) << one.name << ": " << one.reason;
  }
}

TEST(Capacity, AVolumeOfOneNodeKeepsThePodsThere) {
  auto pod = shop_pod("cpu: '1'", "volumes: [{name: v, persistentVolumeClaim: {claimName: files}}]");
  auto world = world_of({{node("a"), node("b")},
                         {pod_on("b", "3", "{}",
                                 "volumes: [{persistentVolumeClaim: "
                                 "{claimName: files}}]")}},
                        pod);
  EXPECT_EQ(place(world, 2).placed(), 2) << "many nodes may mount it";
  world.pin("files");
  EXPECT_EQ(place(world, 2).placed(), 1);
  EXPECT_EQ(place(world, 2).on.begin()->first, "b");
  auto free = world_of({{node("a"), node("b")}}, pod);
  free.pin("files");
  EXPECT_EQ(place(free, 6).placed(), 4) << "the first one's node is everybody's";
}

struct Need {
  const char* spec;
  std::int64_t cpu;  ///< thousandths
};

TEST(Capacity, AddsUpAPodAsTheSchedulerDoes) {
  const Need needs[] = {
      {"{containers: [{resources: {requests: {cpu: 100m}}}, {resources: {requests: {cpu: 200m}}}]}", 300},
      {"{containers: [{resources: {limits: {cpu: 250m}}}]}", 250},
      {"{containers: [{resources: {requests: {cpu: 0.0011}}}]}", 2},
      {"{containers: [{resources: {requests: {cpu: '1'}}}], initContainers: [{resources: {requests: {cpu: '3'}}}]}",
       3000},
      {"{containers: [{resources: {requests: {cpu: '2'}}}], initContainers: [{resources: {requests: {cpu: '1'}}}]}",
       2000},
      {"{containers: [{resources: {requests: {cpu: '1'}}}], initContainers: [{restartPolicy: Always, resources: "
       "{requests: {cpu: '2'}}}, {resources: {requests: {cpu: '2'}}}]}",
       4000},
      {"{containers: [{resources: {requests: {cpu: '1'}}}], initContainers: [{resources: {requests: {cpu: '2'}}}, "
       "{restartPolicy: Always, resources: {requests: {cpu: '2'}}}]}",
       3000},
      {"{overhead: {cpu: 50m}, containers: [{resources: {requests: {cpu: '1'}}}]}", 1050},
      {"{resources: {requests: {cpu: '5'}}, containers: [{resources: {requests: {cpu: '1'}}}]}", 5000},
      {"{}", 0},
  };
  for (const auto& [spec, cpu] : needs) EXPECT_EQ(amount(needs_of(object(spec)), kCpu), cpu) << spec;
  EXPECT_EQ(test::refusal(ExitCode::unknown,
                          [] { return needs_of(object("{containers: [{resources: {requests: {cpu: 1x}}}]}")); }),
            "'1x' of cpu is no quantity");
}

TEST(Capacity, HostPortsClashOnTheSameAddressOrOnAll) {
  const auto ports = [](const char* port) {
    return host_ports_of(object(std::string("{containers: [{ports: [{containerPort: 8080, ") + port + "}]}]}"));
  };
  EXPECT_TRUE(clash(ports("hostPort: 80"), ports("hostPort: 80, hostIP: 10.0.0.1")));
  EXPECT_FALSE(clash(ports("hostPort: 80, hostIP: 10.0.0.2"), ports("hostPort: 80, hostIP: 10.0.0.1")));
  EXPECT_FALSE(clash(ports("hostPort: 80, protocol: UDP"), ports("hostPort: 80")));
  EXPECT_FALSE(clash(ports("name: http"), ports("name: http")));
}

Survey survey_of(const Cluster& cluster, NewPod pod, int pods) {
  return {.world = world_of(cluster, std::move(pod)), .pods = pods};
}

Outcome outcome_at(const std::string& used) {
  return judge_capacity(survey_of({{node("a")}, {pod_on("a", used)}}, shop_pod("cpu: '1', memory: 1Mi"), 1), 20)
      .outcome;
}

// SOP 1.6: 20 % buffer recommended; its own example: 15 % is caution.
TEST(CapacityBuffer, TwentyPercentPassAndLessWarns) {
  EXPECT_EQ(outcome_at("2200m"), Outcome::pass) << "20 % left of 4 cores";
  EXPECT_EQ(outcome_at("2204m"), Outcome::warn) << "19.9 %";
  EXPECT_EQ(outcome_at("2400m"), Outcome::warn) << "15 %";
  EXPECT_EQ(outcome_at("3"), Outcome::warn) << "nothing left, and it fits";
  EXPECT_EQ(outcome_at("3001m"), Outcome::fail);
}

TEST(CapacityBuffer, TheScarcestResourceIsMeantAndEachIsPrinted) {
  const auto seen = judge_capacity(
      survey_of({{node("a", "a", "{}", "", "cpu: '4', memory: 8Gi, ephemeral-storage: 10Gi, pods: '110'")}},
                shop_pod("cpu: '1', memory: 3Gi, ephemeral-storage: 1Gi"), 2),
      20);
  EXPECT_EQ(seen.outcome, Outcome::pass) << seen.message;
  EXPECT_EQ(seen.observed, Measured(25, "%"));
  EXPECT_EQ(
      seen.message,
      "2 pods fit (a 2), 25 % of memory left; cpu: 2 cores needed, 4 cores of 4 cores free, 50 % left; memory: 6.4 GB "
      "needed, 8.6 GB of 8.6 GB free, 25 % left; ephemeral storage: 2.1 GB needed, 10.7 GB of 10.7 GB free, 80 % "
      "left; pods: 2 needed, 110 of 110 free, 98.2 % left; volumes: 0 shared, 0 new");
}

TEST(CapacityBuffer, NodesThatThePodMayNotBeOnAreNoBuffer) {
  const Cluster cluster{{node("a"), node("b", "b", kGpuTaint)}, {pod_on("a", "2500m")}};
  EXPECT_EQ(judge_capacity(survey_of(cluster, shop_pod("cpu: '1', memory: 1Mi"), 1), 20).outcome, Outcome::warn);
}

TEST(CapacityBuffer, WhatIsNotKnownIsNoPass) {
  const auto pod = [] { return shop_pod("cpu: 1m, memory: 1Mi"); };
  EXPECT_EQ(judge_capacity(survey_of({{node("a")}}, pod(), 1), 20).outcome, Outcome::pass);
  EXPECT_EQ(judge_capacity(survey_of({}, pod(), 1), 20).outcome, Outcome::unknown) << "no nodes";
  const auto by_labels = shop_pod("cpu: 1m, memory: 1Mi", near("shop", ", namespaceSelector: {matchLabels: {a: b}}"));
  EXPECT_NE(judge_capacity(survey_of({{node("a")}}, by_labels, 1), 20).outcome, Outcome::pass);
  const Cluster guarded{
      {node("a")},
      {pod_on("a", "1", "{app: db}",
              "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: "
              "zone, namespaceSelector: {matchLabels: {a: b}}, labelSelector: {}}]}}")}};
  const auto seen = judge_capacity(survey_of(guarded, pod(), 1), 20);
  EXPECT_EQ(seen.outcome, Outcome::unknown);
  EXPECT_TRUE(says(seen.message, "selects namespaces by their labels"));
  const auto silent = judge_capacity(survey_of({{node("a")}}, shop_pod(""), 1), 20);
  EXPECT_EQ(silent.outcome, Outcome::warn);
  EXPECT_TRUE(says(silent.message, "ask for no cpu and no memory"));
}

TEST(CapacityBuffer, WhatFindsNoNodeIsSaidNodeByNode) {
  const auto seen = judge_capacity(
      survey_of({{node("a"), node("b"), node("c", "c", kGpuTaint)}}, shop_pod("cpu: '3', memory: 1Gi"), 3), 20);
  EXPECT_EQ(seen.outcome, Outcome::fail);
  EXPECT_EQ(seen.observed, Measured("2/3 pods fit"));
  EXPECT_TRUE(
      says(seen.message, "1 of 3 pods find no node: 1 node: taint gpu=big:NoSchedule; 2 nodes: too little cpu"));
}

TEST(CapacityQuota, EachScopeIsItsOwn) {
  const auto quota = [](const std::string& more, const std::string& hard, const std::string& used) {
    return std::vector{
        object("metadata: {name: q}\nspec: {" + more + "}\nstatus: {hard: {" + hard + "}, used: {" + used + "}}\n")};
  };
  const auto said = [&](const std::string& more, const std::string& hard, const std::string& used, NewPod pod) {
    return refusal_of_quota(quota(more, hard, used), pod, 3).value_or("");
  };
  EXPECT_EQ(said("", "requests.cpu: '5'", "requests.cpu: '2'", shop_pod()), "") << "just enough";
  EXPECT_EQ(said("", "requests.cpu: '5'", "requests.cpu: 2001m", shop_pod()),
            "quota 'q' has no room: 2.001 cores of 5 cores requests.cpu used, 3 cores needed");
  EXPECT_TRUE(says(said("", "cpu: '2'", "", shop_pod()), "quota 'q' has no room"));
  EXPECT_TRUE(says(said("", "pods: '4'", "pods: '2'", shop_pod()), "2 of 4 pods used, 3 needed"));
  EXPECT_TRUE(says(said("", "limits.memory: 1Gi", "", shop_pod()), "takes no pod that names no limits.memory"));
  EXPECT_EQ(said("", "services: '1'", "services: '1'", shop_pod()), "") << "no pod's";
  EXPECT_EQ(said("scopes: [BestEffort]", "pods: '1'", "", shop_pod()), "");
  EXPECT_NE(said("scopes: [BestEffort]", "pods: '1'", "", shop_pod("")), "");
  EXPECT_NE(said("scopes: [NotBestEffort, NotTerminating]", "pods: '1'", "", shop_pod()), "");
  EXPECT_EQ(said("scopes: [Terminating]", "pods: '1'", "", shop_pod()), "");
  const auto high = shop_pod("cpu: '1'", "priorityClassName: high");
  const std::string selector =
      "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}";
  EXPECT_NE(said(selector, "pods: '1'", "", high), "");
  EXPECT_EQ(said(selector, "pods: '1'", "", shop_pod()), "");
}

TEST(CapacityLimits, DefaultsAreGivenAndLimitsKept) {
  const auto range = [](const std::string& limit) {
    return std::vector{object("metadata: {name: r}\nspec: {limits: [{type: Container, " + limit + "}]}\n")};
  };
  const auto bare = object("{containers: [{name: c}]}");
  const auto given = with_defaults(bare, range("default: {cpu: '2'}, defaultRequest: {cpu: 500m}"));
  EXPECT_EQ(amount(needs_of(given), kCpu), 500);
  EXPECT_EQ(amount(needs_of(given, Ask::limits), kCpu), 2000);
  const auto limited = with_defaults(object("{containers: [{name: c, resources: {limits: {cpu: '1'}}}]}"),
                                     range("defaultRequest: {cpu: 500m}"));
  EXPECT_EQ(amount(needs_of(limited), kCpu), 1000) << "its own limit comes first";
  EXPECT_EQ(refusal_of_range(given, range("max: {cpu: '2'}, min: {cpu: 500m}")), std::nullopt);
  EXPECT_TRUE(says(refusal_of_range(given, range("max: {cpu: 1999m}")).value_or(""), "may use 2 cores of cpu"));
  EXPECT_TRUE(says(refusal_of_range(given, range("min: {cpu: 501m}")).value_or(""), "asks for 0.5 cores of cpu"));
  EXPECT_TRUE(says(refusal_of_range(bare, range("max: {cpu: '2'}")).value_or(""), "has no limit of cpu"));
  EXPECT_EQ(refusal_of_range(given, range("maxLimitRequestRatio: {cpu: '4'}")), std::nullopt);
  EXPECT_TRUE(says(refusal_of_range(given, range("maxLimitRequestRatio: {cpu: '3'}")).value_or(""), "too large"));
}

}  // namespace
}  // namespace baton::precheck
