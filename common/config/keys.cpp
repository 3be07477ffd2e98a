// baton.yaml, section by section.
#include "common/config/keys.h"

#include <algorithm>
#include <array>

#include "common/config/section.h"
#include "common/config/sections/database.h"
#include "common/config/sections/finalize.h"
#include "common/config/sections/handoff.h"
#include "common/config/sections/hooks.h"
#include "common/config/sections/kubernetes.h"
#include "common/config/sections/metrics.h"
#include "common/config/sections/migrate.h"
#include "common/config/sections/notify.h"
#include "common/config/sections/precheck.h"
#include "common/config/sections/run.h"
#include "common/config/sections/signing.h"
#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"

namespace baton::config {
namespace {

/// What the tools know of a release before anything is deployed.
constexpr auto kOfRelease = std::to_array<std::string_view>({"app", "version", "semver"});

void add_release(std::vector<Key>& all) {
  const Section top(
      all, "", [](auto& config) -> auto& { return config; });
  top.key("app", "Name of the application; required", &Config::app);
  top.key("environment", "Environment deployed to", &Config::environment);
  const Section image(all, "", [](auto& config) -> auto& { return config; },
                      {"precheck", "switch", "watch", "finalize"});
  image.key("image", "Image without tag; resolved to a digest once", &Config::image);
  image.fills(image.key("tag", "Tag of the release; {{app}}, {{version}} and {{semver}} are filled in", &Config::tag),
              kOfRelease);
  image.key("registry.plain_http", "Speak plain HTTP to a registry that is not on loopback",
            &Config::plain_http_registry);
}

/// In the file's order.
constexpr std::array kSections = {add_release, add_kubernetes, add_database, add_metrics,  add_precheck,
                                  add_migrate, add_switch,     add_watch,    add_finalize, add_hooks,
                                  add_notify,  add_handoff,    add_signing,  add_run};

}  // namespace

std::string shown_text(const Json& shown) {
  if (shown.is_null()) return {};
  return shown.is_string() ? shown.string() : to_text(shown);
}

bool is_read_by(const Key& key, std::string_view step) {
  return key.readers.empty() || std::ranges::find(key.readers, step) != key.readers.end();
}

const std::vector<Key>& keys() {
  static const std::vector<Key> all = [] {
    std::vector<Key> made;
    for (const auto add : kSections) add(made);
    return made;
  }();
  return all;
}

}  // namespace baton::config
