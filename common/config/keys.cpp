// baton.yaml, key by key.
#include "common/config/keys.h"

#include <array>

#include "common/config/section.h"

namespace baton::config {
namespace {

using Keys = std::vector<Key>;

/// What the tools know of a release before anything is deployed.
constexpr auto kOfRelease = std::to_array<std::string_view>({"app", "version", "semver"});

template <typename T>
Check<T> within(T low, T high, std::string expected) {
  return {[low, high](const T& value) { return value >= low && value <= high; }, std::move(expected)};
}

template <typename T>
Check<T> number_within(T low, T high, std::string expected) {
  Check<T> check = within(low, high, std::move(expected));
  check.schema = Json::object({{"minimum", low}, {"maximum", high}});
  return check;
}

Check<Duration> positive() {
  return {[](const Duration& value) { return value > Duration{0}; }, "a duration over 0s"};
}

/// Seconds and percentage points do not add up, and a latency is no share of anything but its own baseline.
Check<std::optional<Limit>> share() {
  return {[](const std::optional<Limit>& value) { return value && value->kind == Limit::Kind::plus_share; },
          "a share of the baseline such as +20%"};
}

auto one_of(std::string_view first, std::string_view second) {
  return [first, second](std::string_view word) { return word == first || word == second; };
}

bool is_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

void add_release(Keys& all) {
  const Section top(
      all, "", [](auto& config) -> auto& { return config; });
  top.key("app", "Name of the application; required", &Config::app);
  top.key("environment", "Environment deployed to", &Config::environment);
  top.word("release_type", "Changes the duration target only", &Config::release_type,
           {{"standard", "hotfix", "feature"}});
  top.key("image", "Image without tag; resolved to a digest once", &Config::image);
  top.fills(top.key("tag", "Tag of the release; {{app}}, {{version}} and {{semver}} are filled in", &Config::tag),
            kOfRelease);
  top.key("registry.plain_http", "Speak plain HTTP to a registry that is not on loopback",
          &Config::plain_http_registry);
}

void add_kubernetes(Keys& all) {
  using Kubernetes = KubernetesConfig;
  const Section section(
      all, "kubernetes.", [](auto& config) -> auto& { return config.kubernetes; });
  section.key("context", "kubeconfig context; absent: the current one, else in-cluster", &Kubernetes::context);
  section.key("namespace", "Namespace; absent: the context's", &Kubernetes::namespace_);
  section.key("service", "Service whose selector decides who gets traffic; absent: app", &Kubernetes::service);
  section.key("container", "Container that runs the image; absent: the one whose image it is", &Kubernetes::container);
  section.key("manifest", "Template of the next colour; absent: the live Deployment", &Kubernetes::manifest);
  section.key("label", "Label that tells the colours apart", &Kubernetes::label);
}

void add_stores(Keys& all) {
  const Section database(
      all, "database.", [](auto& config) -> auto& { return config.database; });
  database.url("url", "postgresql:// or sqlite:; absent: no migrate step", &DatabaseConfig::url);
  database.url("direct_url", "Past a pooler, for DDL", &DatabaseConfig::direct_url);
  database.key("migrations", "Folder of migration files", &DatabaseConfig::migrations);
  const Section metrics(
      all, "metrics.", [](auto& config) -> auto& { return config.metrics; });
  metrics.fills(
      metrics.key("prometheus", "Prometheus server: URL or {url, token, ca, headers}", &MetricsConfig::prometheus), {});
  metrics.fills(metrics.key("selector", "Label matchers that pick one colour's series", &MetricsConfig::selector),
                placeholder_names());
  metrics.key("lag", "Newest stretch that is not read yet", &MetricsConfig::lag);
}

void add_precheck(Keys& all) {
  using Precheck = PrecheckConfig;
  const Section section(
      all, "precheck.", [](auto& config) -> auto& { return config.precheck; });
  section.key("max_age", "Oldest report that still counts", &Precheck::max_age, positive());
  section.key("not_applicable", "Groups or checks switched off, each with its reason", &Precheck::not_applicable);
  section.key("quality.coverage.min", "Least line coverage in percent", &Precheck::coverage_min,
              number_within(0.0, 100.0, "a percentage from 0 to 100"));
  section.key("quality.coverage.reports", "Cobertura files", &Precheck::coverage_reports);
  section.key("quality.tests.unit", "JUnit files of the unit tests", &Precheck::unit_tests);
  section.key("quality.tests.integration", "JUnit files of the integration tests", &Precheck::integration_tests);
  section.key("quality.tests.e2e", "JUnit files of the end-to-end tests", &Precheck::e2e_tests);
  section.key("quality.tests.min_tests", "Least number of tests a suite must have run", &Precheck::min_tests,
              number_within(1, 1'000'000, "a number from 1 to 1000000"));
  section.url("staging.url", "Staging, probed over switch.smoke", &Precheck::staging_url);
}

void add_migrate(Keys& all) {
  const Section section(
      all, "migrate.", [](auto& config) -> auto& { return config.migrate; });
  section.key("budget", "Longest all migrations together may take", &MigrateConfig::budget, positive());
  section.key("backup", "Back the database up before migrating", &MigrateConfig::backup);
  section.key("backup_dir", "Folder of backups", &MigrateConfig::backup_dir);
}

void add_switch(Keys& all) {
  using Switch = SwitchConfig;
  const Section section(
      all, "switch.", [](auto& config) -> auto& { return config.rollout; });
  section.only("strategy", "How traffic moves", "blue-green", one_of("canary", "rolling"));
  section.only("gitops", "What to do with objects that Argo CD or Flux reconciles", "refuse", one_of("force", ""));
  section.only("keep", "Size of the old colour while automatic rollback may need it", "full", is_digits);
  section.only("drain", "How the old colour's connections are moved after the soak", "none", one_of("paced", ""));
  section.key("ready_timeout", "Longest the new colour may take to be ready", &Switch::ready_timeout, positive());
  section.key("soak", "How long the new colour is judged before the switch counts", &Switch::soak);
  section.key("soak_max", "How long when too few requests came to judge", &Switch::soak_max);
  section.key("verify_rollback", "How long a rollback is judged against the baseline", &Switch::verify_rollback);
  section.fills(
      section.key("public", "URLs asked after every switch and rollback, and for the proof", &Switch::public_urls), {});
  section.fills(section.key("smoke", "Probes of each new pod before it gets traffic", &Switch::smoke), {});
  section.key("identify", "How an answer tells which version gave it", &Switch::identify);
}

void add_phase(Keys& all, const std::string& prefix, auto at) {
  const Section phase(all, prefix, at);
  phase.key("for", "Length of the phase", &PhaseConfig::length);
  phase.key("every", "Rhythm of its report", &PhaseConfig::every, positive());
}

void add_limits(Keys& all, const std::string& prefix, auto at, const Check<std::optional<Limit>>& check = {}) {
  const Section rule(all, prefix, at);
  rule.key("warn", "Over it: a warning", &LimitRule::warn, check);
  rule.key("rollback", "Over it: rolled back", &LimitRule::rollback, check);
  rule.key("for", "How long it must be over it", &LimitRule::sustained);
}

void add_watch(Keys& all) {
  const Section section(
      all, "watch.", [](auto& config) -> auto& { return config.watch; });
  section.key("baseline", "Stretch before the switch that limits are set against", &WatchConfig::baseline, positive());
  section.key("step", "How finely every range is read and judged", &WatchConfig::step,
              within<Duration>(1s, 5min, "a duration from 1s to 5m"));
  add_phase(
      all, "watch.intensive.", [](auto& config) -> auto& { return config.watch.intensive; });
  add_phase(
      all, "watch.passive.", [](auto& config) -> auto& { return config.watch.passive; });
  section.either("rollback", "Who rolls back in the intensive phase", &WatchConfig::automatic_rollback, "automatic",
                 "manual");
  section.either("rollback_after_intensive", "Who rolls back after it", &WatchConfig::automatic_after_intensive,
                 "automatic", "manual");
  add_limits(
      all, "watch.limits.error_rate.", [](auto& config) -> auto& { return config.watch.error_rate; });
  add_limits(
      all, "watch.limits.latency_p95.", [](auto& config) -> auto& { return config.watch.latency_p95; }, share());
  add_limits(
      all, "watch.limits.cpu.", [](auto& config) -> auto& { return config.watch.cpu; });
  add_limits(
      all, "watch.limits.memory.", [](auto& config) -> auto& { return config.watch.memory; });
}

void add_finalize(Keys& all) {
  using Finalize = FinalizeConfig;
  const Section section(
      all, "finalize.", [](auto& config) -> auto& { return config.finalize; });
  section.key("scale_down_after", "When the old colour goes to 0 replicas, from the proved switch",
              &Finalize::scale_down_after);
  section.key("delete_after", "When it is deleted", &Finalize::delete_after);
  section.key("history", "Deployment history", &Finalize::history);
  section.key("archive", "Archive folder", &Finalize::archive);
  section.only("commit", "Whether history and archive are committed", "none", one_of("push", "pull-request"));
}

void add_rest(Keys& all) {
  const Section notify(
      all, "notify.", [](auto& config) -> auto& { return config.notify; });
  notify.fills(notify.key("to", "Channels that hear of every outcome", &NotifyConfig::to), {});
  notify.fills(notify.key("incident", "Channels that are paged as well", &NotifyConfig::incident), {});
  const Section handoff(
      all, "handoff.", [](auto& config) -> auto& { return config; });
  handoff.key("precheck_valid", "How long a precheck counts", &Config::precheck_valid, positive());
  handoff.key("migrate_valid", "How long a migration counts", &Config::migrate_valid, positive());
  const Section signing(
      all, "signing.", [](auto& config) -> auto& { return config.signing; });
  signing.secret("key", "PKCS#8 PEM or a path to it; handoffs are signed with it", &SigningConfig::key);
  signing.key("trust", "Public keys a handoff must be signed with", &SigningConfig::trust);
}

void add_run(Keys& all) {
  const Section section(
      all, "run.", [](auto& config) -> auto& { return config.run; });
  section.key("dir", "Folder of handoffs and artifacts", &RunConfig::dir);
  section.key("release", "Release to work on", &RunConfig::release);
  section.either("output", "Form of the record on stdout", &RunConfig::json_output, "json", "text");
  section.key("report", "Reports to write, FORMAT=PATH", &RunConfig::reports);
  section.word("ci", "CI host to write outputs for", &RunConfig::ci, {{"auto", "github", "gitlab", "none"}});
  section.key("deadline", "End in order when this time is over", &RunConfig::deadline);
  section.key("strict", "A warning stops", &RunConfig::strict);
  section.word("log_level", "What goes to stderr", &RunConfig::log_level, {{"debug", "info", "warning", "error"}});
  section.either("log_format", "Form of the log", &RunConfig::json_log, "json", "text");
  Key& no_color = section.key("no_color", "No colour, whatever the terminal can do", &RunConfig::color);
  no_color.read = [](Config& config, const Source& source, const YamlNode& node) {
    config.run.color = !Codec<bool>::read(source, node);
  };
  no_color.show = [](const Config& config) { return Codec<bool>::show(!config.run.color); };
}

}  // namespace

const std::vector<Key>& keys() {
  static const Keys all = [] {
    Keys made;
    for (const auto add : {add_release, add_kubernetes, add_stores, add_precheck, add_migrate, add_switch, add_watch,
                           add_finalize, add_rest, add_run}) {
      add(made);
    }
    return made;
  }();
  return all;
}

}  // namespace baton::config
