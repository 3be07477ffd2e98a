// baton.yaml, key by key.
#include "common/config/keys.h"

#include <algorithm>
#include <array>

#include "common/config/codec.h"
#include "common/core/text.h"

namespace baton::config {
namespace {

template <typename T>
struct Check {
  std::function<bool(const T&)> holds = {};
  std::string expected = {};
};

/// A key that fills a field. `field` gives the field of a Config, const or not.
template <typename Field>
auto key(std::string path, std::string help, Field field,
         Check<std::remove_cvref_t<decltype(field(std::declval<Config&>()))>> check = {}) {
  using T = std::remove_cvref_t<decltype(field(std::declval<Config&>()))>;
  Key made{.path = std::move(path), .help = std::move(help), .schema = Codec<T>::schema()};
  made.read = [field, check](Config& config, const Source& source, const YamlNode& node) {
    T value = Codec<T>::read(source, node);
    if (check.holds && !check.holds(value)) source.fail(node, "expected " + check.expected + ", found '" + printable(Codec<T>::show(value), 60) + "'");
    field(config) = std::move(value);
  };
  made.show = [field](const Config& config) { return Codec<T>::show(field(config)); };
  return made;
}

Key secret(Key made) {
  made.show = [show = made.show](const Config& config) { return show(config).empty() ? "" : "***"; };
  return made;
}

Key address(Key made) {
  made.show = [show = made.show](const Config& config) { return redact(show(config)); };
  return made;
}

Json words_schema(const std::vector<std::string>& words) {
  Json all = Json::array();
  for (const auto& word : words) all.push_back(word);
  return Json::object({{"enum", all}});
}

std::string word_of(const Source& source, const YamlNode& node, const std::vector<std::string>& words, const std::vector<std::string>& later) {
  const auto text = Codec<std::string>::read(source, node);
  const auto has = [&](const std::vector<std::string>& list) { return std::find(list.begin(), list.end(), text) != list.end(); };
  if (has(later)) source.fail(node, "'" + text + "' is not available in this version; use " + join(words, " or "));
  if (!has(words)) source.fail(node, "expected " + join(words, " or ") + ", found '" + printable(text, 60) + "'");
  return text;
}

template <typename Field>
Key word(std::string path, std::string help, Field field, std::vector<std::string> words) {
  Key made{.path = std::move(path), .help = std::move(help), .schema = words_schema(words)};
  made.read = [field, words](Config& config, const Source& source, const YamlNode& node) { field(config) = word_of(source, node, words, {}); };
  made.show = [field](const Config& config) { return field(config); };
  return made;
}

/// A truth that the file spells as one of two words.
template <typename Field>
Key either(std::string path, std::string help, Field field, std::string yes, std::string no) {
  Key made{.path = std::move(path), .help = std::move(help), .schema = words_schema({yes, no})};
  made.read = [field, yes, no](Config& config, const Source& source, const YamlNode& node) {
    field(config) = word_of(source, node, {yes, no}, {}) == yes;
  };
  made.show = [field, yes, no](const Config& config) { return field(config) ? yes : no; };
  return made;
}

/// A choice of which this version has one.
Key only(std::string path, std::string help, std::string value, std::vector<std::string> later) {
  Key made{.path = std::move(path), .help = std::move(help), .schema = words_schema({value})};
  made.read = [value, later](Config&, const Source& source, const YamlNode& node) { word_of(source, node, {value}, later); };
  made.show = [value](const Config&) { return value; };
  return made;
}

template <typename T>
Check<T> within(T low, T high, std::string expected) {
  return {[low, high](const T& value) { return value >= low && value <= high; }, std::move(expected)};
}

Check<Duration> positive() {
  return {[](const Duration& value) { return value > Duration{0}; }, "a duration over 0s"};
}

void add_release(std::vector<Key>& all) {
  all.push_back(key("app", "Name of the application; required", [](auto& c) -> auto& { return c.app; }));
  all.push_back(key("environment", "Environment deployed to", [](auto& c) -> auto& { return c.environment; }));
  all.push_back(word("release_type", "Changes the duration target only", [](auto& c) -> auto& { return c.release_type; }, {"standard", "hotfix", "feature"}));
  all.push_back(key("image", "Image without tag; resolved to a digest once", [](auto& c) -> auto& { return c.image; }));
  all.push_back(key("tag", "Tag of the release; {{version}} and {{semver}} are filled in", [](auto& c) -> auto& { return c.tag; }));
  all.push_back(key("registry.plain_http", "Speak plain HTTP to a registry that is not on loopback", [](auto& c) -> auto& { return c.plain_http_registry; }));
}

void add_places(std::vector<Key>& all) {
  all.push_back(key("kubernetes.context", "kubeconfig context; absent: the current one, else in-cluster", [](auto& c) -> auto& { return c.kubernetes.context; }));
  all.push_back(key("kubernetes.namespace", "Namespace; absent: the context's", [](auto& c) -> auto& { return c.kubernetes.namespace_; }));
  all.push_back(key("kubernetes.service", "Service whose selector decides who gets traffic; absent: app", [](auto& c) -> auto& { return c.kubernetes.service; }));
  all.push_back(key("kubernetes.container", "Container that runs the image; absent: the one whose image it is", [](auto& c) -> auto& { return c.kubernetes.container; }));
  all.push_back(key("kubernetes.manifest", "Template of the next colour; absent: the live Deployment", [](auto& c) -> auto& { return c.kubernetes.manifest; }));
  all.push_back(key("kubernetes.label", "Label that tells the colours apart", [](auto& c) -> auto& { return c.kubernetes.label; }));
  all.push_back(address(key("database.url", "postgresql:// or sqlite:; absent: no migrate step", [](auto& c) -> auto& { return c.database.url; })));
  all.push_back(address(key("database.direct_url", "Past a pooler, for DDL", [](auto& c) -> auto& { return c.database.direct_url; })));
  all.push_back(key("database.migrations", "Folder of migration files", [](auto& c) -> auto& { return c.database.migrations; }));
  all.push_back(key("metrics.prometheus", "Prometheus server: URL or {url, token, ca, headers}", [](auto& c) -> auto& { return c.metrics.prometheus; }));
  all.push_back(key("metrics.selector", "Label matchers that pick one colour's series", [](auto& c) -> auto& { return c.metrics.selector; }));
  all.push_back(key("metrics.lag", "Newest stretch that is not read yet", [](auto& c) -> auto& { return c.metrics.lag; }));
}

void add_precheck(std::vector<Key>& all) {
  all.push_back(key("precheck.max_age", "Oldest report that still counts", [](auto& c) -> auto& { return c.precheck.max_age; }, positive()));
  all.push_back(key("precheck.not_applicable", "Groups or checks switched off, each with its reason", [](auto& c) -> auto& { return c.precheck.not_applicable; }));
  all.push_back(key("precheck.quality.coverage.min", "Least line coverage in percent", [](auto& c) -> auto& { return c.precheck.coverage_min; }, within(0.0, 100.0, "a percentage from 0 to 100")));
  all.push_back(key("precheck.quality.coverage.reports", "Cobertura files", [](auto& c) -> auto& { return c.precheck.coverage_reports; }));
  all.push_back(key("precheck.quality.tests.unit", "JUnit files of the unit tests", [](auto& c) -> auto& { return c.precheck.unit_tests; }));
  all.push_back(key("precheck.quality.tests.integration", "JUnit files of the integration tests", [](auto& c) -> auto& { return c.precheck.integration_tests; }));
  all.push_back(key("precheck.quality.tests.e2e", "JUnit files of the end-to-end tests", [](auto& c) -> auto& { return c.precheck.e2e_tests; }));
  all.push_back(key("precheck.quality.tests.min_tests", "Least number of tests a suite must have run", [](auto& c) -> auto& { return c.precheck.min_tests; }, within(1, 1'000'000, "a number from 1 on")));
  all.push_back(key("precheck.staging.url", "Staging, probed over switch.smoke", [](auto& c) -> auto& { return c.precheck.staging_url; }));
}

void add_moves(std::vector<Key>& all) {
  all.push_back(key("migrate.budget", "Longest all migrations together may take", [](auto& c) -> auto& { return c.migrate.budget; }, positive()));
  all.push_back(key("migrate.backup", "Back the database up before migrating", [](auto& c) -> auto& { return c.migrate.backup; }));
  all.push_back(key("migrate.backup_dir", "Folder of backups", [](auto& c) -> auto& { return c.migrate.backup_dir; }));
  all.push_back(only("switch.strategy", "How traffic moves", "blue-green", {"canary", "rolling"}));
  all.push_back(only("switch.gitops", "What to do with objects that Argo CD or Flux reconciles", "refuse", {"force"}));
  all.push_back(only("switch.keep", "Size of the old colour while automatic rollback may need it", "full", {}));
  all.push_back(only("switch.drain", "How the old colour's connections are moved after the soak", "none", {"paced"}));
  all.push_back(key("switch.ready_timeout", "Longest the new colour may take to be ready", [](auto& c) -> auto& { return c.rollout.ready_timeout; }, positive()));
  all.push_back(key("switch.soak", "How long the new colour is judged before the switch counts", [](auto& c) -> auto& { return c.rollout.soak; }));
  all.push_back(key("switch.soak_max", "How long when too few requests came to judge", [](auto& c) -> auto& { return c.rollout.soak_max; }));
  all.push_back(key("switch.verify_rollback", "How long a rollback is judged against the baseline", [](auto& c) -> auto& { return c.rollout.verify_rollback; }));
  all.push_back(key("switch.public", "URLs asked after every switch and rollback, and for the proof", [](auto& c) -> auto& { return c.rollout.public_urls; }));
  all.push_back(key("switch.smoke", "Probes of each new pod before it gets traffic", [](auto& c) -> auto& { return c.rollout.smoke; }));
  all.push_back(key("switch.identify", "How an answer tells which version gave it", [](auto& c) -> auto& { return c.rollout.identify; }));
}

template <typename Field>
void add_limits(std::vector<Key>& all, const std::string& path, Field rule) {
  all.push_back(key(path + ".warn", "Over it: a warning", [rule](auto& c) -> auto& { return rule(c).warn; }));
  all.push_back(key(path + ".rollback", "Over it: rolled back", [rule](auto& c) -> auto& { return rule(c).rollback; }));
  all.push_back(key(path + ".for", "How long it must be over it", [rule](auto& c) -> auto& { return rule(c).sustained; }));
}

void add_watch(std::vector<Key>& all) {
  all.push_back(key("watch.baseline", "Stretch before the switch that limits are set against", [](auto& c) -> auto& { return c.watch.baseline; }, positive()));
  all.push_back(key("watch.step", "How finely every range is read and judged", [](auto& c) -> auto& { return c.watch.step; }, within<Duration>(1s, 5min, "a duration from 1s to 5m")));
  all.push_back(key("watch.intensive.for", "Length of the intensive phase", [](auto& c) -> auto& { return c.watch.intensive.length; }));
  all.push_back(key("watch.intensive.every", "Rhythm of its report", [](auto& c) -> auto& { return c.watch.intensive.every; }, positive()));
  all.push_back(key("watch.passive.for", "Length of the passive phase", [](auto& c) -> auto& { return c.watch.passive.length; }));
  all.push_back(key("watch.passive.every", "Rhythm of its report", [](auto& c) -> auto& { return c.watch.passive.every; }, positive()));
  all.push_back(either("watch.rollback", "Who rolls back in the intensive phase", [](auto& c) -> auto& { return c.watch.automatic_rollback; }, "automatic", "manual"));
  all.push_back(either("watch.rollback_after_intensive", "Who rolls back after it", [](auto& c) -> auto& { return c.watch.automatic_after_intensive; }, "automatic", "manual"));
  add_limits(all, "watch.limits.error_rate", [](auto& c) -> auto& { return c.watch.error_rate; });
  add_limits(all, "watch.limits.latency_p95", [](auto& c) -> auto& { return c.watch.latency_p95; });
  add_limits(all, "watch.limits.cpu", [](auto& c) -> auto& { return c.watch.cpu; });
  add_limits(all, "watch.limits.memory", [](auto& c) -> auto& { return c.watch.memory; });
}

void add_rest(std::vector<Key>& all) {
  all.push_back(key("finalize.scale_down_after", "When the old colour goes to 0 replicas, from the proved switch", [](auto& c) -> auto& { return c.finalize.scale_down_after; }));
  all.push_back(key("finalize.delete_after", "When it is deleted", [](auto& c) -> auto& { return c.finalize.delete_after; }));
  all.push_back(key("finalize.history", "Deployment history", [](auto& c) -> auto& { return c.finalize.history; }));
  all.push_back(key("finalize.archive", "Archive folder", [](auto& c) -> auto& { return c.finalize.archive; }));
  all.push_back(only("finalize.commit", "Whether history and archive are committed", "none", {"push", "pull-request"}));
  all.push_back(key("notify.to", "Channels that hear of every outcome", [](auto& c) -> auto& { return c.notify.to; }));
  all.push_back(key("notify.incident", "Channels that are paged as well", [](auto& c) -> auto& { return c.notify.incident; }));
  all.push_back(key("handoff.precheck_valid", "How long a precheck counts", [](auto& c) -> auto& { return c.precheck_valid; }, positive()));
  all.push_back(key("handoff.migrate_valid", "How long a migration counts", [](auto& c) -> auto& { return c.migrate_valid; }, positive()));
  all.push_back(secret(key("signing.key", "PKCS#8 PEM or a path to it; handoffs are signed with it", [](auto& c) -> auto& { return c.signing.key; })));
  all.push_back(key("signing.trust", "Public keys a handoff must be signed with", [](auto& c) -> auto& { return c.signing.trust; }));
}

void add_run(std::vector<Key>& all) {
  all.push_back(key("run.dir", "Folder of handoffs and artifacts", [](auto& c) -> auto& { return c.run.dir; }));
  all.push_back(key("run.release", "Release to work on", [](auto& c) -> auto& { return c.run.release; }));
  all.push_back(either("run.output", "Form of the record on stdout", [](auto& c) -> auto& { return c.run.json_output; }, "json", "text"));
  all.push_back(key("run.report", "Reports to write, FORMAT=PATH", [](auto& c) -> auto& { return c.run.reports; }));
  all.push_back(word("run.ci", "CI host to write outputs for", [](auto& c) -> auto& { return c.run.ci; }, {"auto", "github", "gitlab", "none"}));
  all.push_back(key("run.deadline", "End in order when this time is over", [](auto& c) -> auto& { return c.run.deadline; }));
  all.push_back(key("run.strict", "A warning stops", [](auto& c) -> auto& { return c.run.strict; }));
  all.push_back(word("run.log_level", "What goes to stderr", [](auto& c) -> auto& { return c.run.log_level; }, {"debug", "info", "warning", "error"}));
  all.push_back(either("run.log_format", "Form of the log", [](auto& c) -> auto& { return c.run.json_log; }, "json", "text"));
  Key colour = key("run.no_color", "No colour, whatever the terminal can do", [](auto& c) -> auto& { return c.run.color; });
  colour.read = [](Config& config, const Source& source, const YamlNode& node) { config.run.color = !Codec<bool>::read(source, node); };
  colour.show = [](const Config& config) { return Codec<bool>::show(!config.run.color); };
  all.push_back(std::move(colour));
}

constexpr auto kLater = std::to_array<std::string_view>({
    "kubernetes.workers",
    "precheck.branch",
    "precheck.quality.review",
    "precheck.quality.vulnerabilities",
    "precheck.quality.performance",
    "precheck.infrastructure",
    "precheck.migrations",
    "precheck.staging.kubernetes",
    "precheck.staging.e2e",
    "precheck.staging.smoke",
    "precheck.staging.performance",
    "precheck.security",
    "precheck.image",
    "precheck.capacity",
    "precheck.documentation",
    "precheck.team",
    "precheck.monitoring",
    "precheck.waivers",
    "migrate.max_wait",
    "migrate.lock_timeout",
    "migrate.backup_command",
    "migrate.backup_max",
    "migrate.backup_keep",
    "migrate.verify",
    "migrate.batch",
    "migrate.command",
    "migrate.job",
    "switch.rehearsal",
    "switch.canary",
    "watch.extended",
    "watch.metrics",
    "watch.limits.request_drop",
    "watch.limits.database",
    "watch.limits.tickets",
    "watch.custom",
    "watch.feedback",
    "finalize.tag_stable_after",
    "hooks",
    "notify.heartbeat",
});

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> all = [] {
    std::vector<Key> made;
    add_release(made);
    add_places(made);
    add_precheck(made);
    add_moves(made);
    add_watch(made);
    add_rest(made);
    add_run(made);
    return made;
  }();
  return all;
}

std::span<const std::string_view> keys_of_later_versions() { return kLater; }

}  // namespace baton::config
