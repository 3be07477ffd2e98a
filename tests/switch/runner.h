// The real executable in a playground, run as a pipeline would run it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/rollout/selector.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/relay.h"

namespace baton::cutover {

// The playground's Service before it knew colours, and by the colour that it sends users to.
inline const rollout::Labels kOriginal{{"app", "myapp"}};
inline const rollout::Labels kBlue{{"app", "myapp"}, {"version", "blue"}};
inline const rollout::Labels kGreen{{"app", "myapp"}, {"version", "green"}};

/// `options`, and `more` behind them.
std::vector<std::string> with(std::vector<std::string> options, const std::vector<std::string>& more);

// What an application in production has around it.
inline constexpr const char* kAutoscaler =
    R"({apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h},
  spec: {minReplicas: 2, maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp},
         behavior: {scaleDown: {stabilizationWindowSeconds: 0}}}})";
inline constexpr const char* kBudget = R"({apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b},
  spec: {minAvailable: 1, selector: {matchLabels: {app: myapp}}}})";
inline constexpr const char* kWorker = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: mailer}
spec:
  replicas: 1
  selector: {matchLabels: {app: mailer}}
  template:
    metadata: {labels: {app: mailer}}
    spec: {containers: [{name: c, image: "{{registry}}/myapp:v1.4.0", ports: [{name: http, containerPort: 8080}]}]}
)";

// Of kubernetes.manifest; its pods name the ConfigMap "settings".
inline constexpr const char* kTemplate = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: myapp, labels: {app: myapp}}
spec:
  replicas: 2
  selector: {matchLabels: {app: myapp}}
  template:
    metadata: {labels: {app: myapp}}
    spec:
      terminationGracePeriodSeconds: 10
      containers:
        - name: myapp
          image: "myapp"
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /health, port: http}}
          envFrom: [{configMapRef: {name: settings}}]
)";

struct Ended {
  int code = 0;
  std::string output;  ///< stdout
  std::string error;   ///< stderr
};

class Runner {
 public:
  explicit Runner(const test::PlaygroundSettings& settings = {});

  /// argv of `baton-switch VERB --standalone …` with a configuration for the playground; `more` goes behind it.
  std::vector<std::string> command(const std::string& verb, const std::vector<std::string>& more = {}) const;
  Ended run(const std::string& verb, const std::vector<std::string>& more = {});
  /// `baton-switch run` of a release that the registry has.
  Ended release(const std::string& version, const std::vector<std::string>& more = {});

  /// Another executable with the same configuration.
  Ended run_tool(const std::string& tool, const std::string& verb, const std::vector<std::string>& more = {});
  Ended execute(const std::vector<std::string>& argv) const;

  /// The same from a folder of its own, as another deployer would.
  Ended release_from(const std::string& name, const std::string& version);

  /// Runs from now on prove themselves by what stands in `file`, which it writes and returns.
  std::string token_in(const fs::path& file);
  /// Runs from now on reach the API server through this alone.
  test::Relay& behind_relay();

  rollout::Labels selector();
  /// A Lease remembers that the traffic's arrival was proved: the soak begins.
  bool is_proved();
  /// -1 when it is not there.
  int replicas(const std::string& deployment);
  std::string image(const std::string& deployment);
  /// The predicate of switch's handoff.
  Json handoff() const;
  /// Everything the cluster holds that a run may write, as one text.
  std::string writable_state();
  /// What users meet, and what they would go back to: of Services and Deployments what their owners write.
  std::string standing();

  test::Playground playground;
  SystemClock clock;
  kube::Client kube;
  TempFolder folder;

 private:
  std::string kubeconfig_ = playground.kubeconfig();
  std::unique_ptr<test::Relay> relay_ = {};
};

}  // namespace baton::cutover
