// Runs of the tool in a playground.
#include "tests/switch/runner.h"

#include <algorithm>

#include "common/core/text.h"
#include "common/io/process.h"
#include "common/rollout/lease_record.h"
#include "tests/support/places.h"

namespace baton::cutover {

std::vector<std::string> with(std::vector<std::string> options, const std::vector<std::string>& more) {
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

Runner::Runner(const test::PlaygroundSettings& settings) : playground(settings), kube(playground.client(clock)) {}

std::vector<std::string> Runner::command(const std::string& verb, const std::vector<std::string>& more) const {
  std::vector<std::string> argv{(test::build_folder() / "baton-switch").string(),
                                verb,
                                "--standalone",
                                "--ci=none",
                                "--dir=" + (folder.path() / ".baton").string(),
                                "--set=app=myapp",
                                "--set=image=" + playground.image(),
                                "--set=switch.soak=1s",
                                "--set=switch.soak_max=2s",
                                "--set=switch.verify_rollback=1s",
                                "--set=switch.ready_timeout=20s",
                                "--set=switch.drain=none",
                                "--set=watch.step=1s",
                                "--set=switch.smoke=[{path: /health}, {path: /api/users, kind: api}]",
                                "--set=switch.identify={header: X-App-Version}"};
  argv.insert(argv.end(), more.begin(), more.end());
  return argv;
}

Ended Runner::run(const std::string& verb, const std::vector<std::string>& more) {
  return execute(command(verb, more));
}

Ended Runner::run_tool(const std::string& tool, const std::string& verb, const std::vector<std::string>& more) {
  auto argv = command(verb, more);
  argv.front() = (test::build_folder() / tool).string();
  return execute(argv);
}

Ended Runner::release_from(const std::string& name, const std::string& version) {
  auto argv = command("run", {"--release=" + version});
  *std::ranges::find_if(argv, [](const std::string& word) { return word.starts_with("--dir="); }) =
      "--dir=" + (folder.path() / name).string();
  return execute(argv);
}

Ended Runner::execute(const std::vector<std::string>& argv) const {
  const auto result = run_process({.argv = argv,
                                   .timeout = std::chrono::minutes(2),
                                   .environment = {{"KUBECONFIG", kubeconfig_}, {"HOME", folder.path().string()}},
                                   .folder = folder.path()});
  return {.code = result.exit_code, .output = result.output, .error = result.error};
}

std::string Runner::token_in(const fs::path& file) {
  auto config = parse_json(read_file(kubeconfig_), "kubeconfig");
  auto& user = config["users"].items().front()["user"];
  const auto token = user["token"].string();
  user = Json::object({{"tokenFile", file.string()}});
  write_file(file, token);
  kubeconfig_ = (folder.path() / "kubeconfig").string();
  write_file(kubeconfig_, to_text(config));
  return token;
}

test::Relay& Runner::behind_relay() {
  const auto own = playground.api_url();
  relay_ = std::make_unique<test::Relay>(test::RelaySettings{.port = std::stoi(own.substr(own.rfind(':') + 1))});
  const auto text = replace_all(read_file(kubeconfig_), own, "http://127.0.0.1:" + std::to_string(relay_->port()));
  kubeconfig_ = (folder.path() / "kubeconfig").string();
  write_file(kubeconfig_, text);
  return *relay_;
}

Ended Runner::release(const std::string& version, const std::vector<std::string>& more) {
  auto options = more;
  options.insert(options.begin(), "--release=" + version);
  return run("run", options);
}

rollout::Labels Runner::selector() {
  return rollout::labels_from(kube.get(kube::kServices, "myapp")["spec"]["selector"]);
}

bool Runner::is_proved() {
  const auto leases = kube.list(kube::kLeases);
  return std::ranges::any_of(leases, [](const Json& lease) {
    return lease["metadata"]["annotations"][rollout::kLedgerAnnotation].string_or("").find("proved_at") !=
           std::string::npos;
  });
}

int Runner::replicas(const std::string& deployment) {
  const auto found = kube.find(kube::kDeployments, deployment);
  return found ? static_cast<int>((*found)["spec"]["replicas"].integer()) : -1;
}

std::string Runner::image(const std::string& deployment) {
  const auto found = kube.get(kube::kDeployments, deployment);
  return found["spec"]["template"]["spec"]["containers"].items().front()["image"].string();
}

Json Runner::handoff() const {
  return parse_json(read_file(folder.path() / ".baton" / "switch.json"), "switch.json")["predicate"];
}

std::string Runner::writable_state() {
  std::string text;
  for (const auto* resource :
       {&kube::kServices, &kube::kDeployments, &kube::kStatefulSets, &kube::kDaemonSets, &kube::kLeases}) {
    for (const auto& object : kube.list(*resource)) {
      text += object["metadata"]["name"].string() + " " + object["metadata"]["resourceVersion"].string() + "\n";
    }
  }
  return text;
}

std::string Runner::standing() {
  std::string text;
  for (const auto* kind : {&kube::kServices, &kube::kDeployments}) {
    for (const auto& object : kube.list(*kind))
      text += to_text(object["metadata"]["uid"]) + to_text(object["metadata"]["annotations"]) +
              to_text(object["spec"]) + "\n";
  }
  return text;
}

}  // namespace baton::cutover
