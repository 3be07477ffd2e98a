// SOP 1.5: no secrets in the code, in what its commits brought since the release that is live, and in the manifests.
#include <fmt/format.h>

#include <set>

#include "common/clients/git.h"
#include "common/config/sections/kubernetes.h"
#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/secrets/git/history.h"
#include "tools/precheck/secrets/tree.h"
#include "tools/precheck/secrets_report.h"

namespace baton::precheck {
namespace {

/// The commit that the live image was built of, by its label; empty where nothing tells.
std::string live_revision(const Look& look) {
  try {
    const auto reference = registry::parse_reference(rollout::image_of(look.live().deployment, look.config()));
    const auto images = look.registry().images(reference, look.stop());
    const auto config = look.registry().config(reference, images.front(), look.stop());
    const auto label = config.labels.find("org.opencontainers.image.revision");
    return label != config.labels.end() && git::is_object_name(label->second) ? label->second : std::string{};
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    return {};
  }
}

class CodeScan {
 public:
  explicit CodeScan(const Look& look) : look_(look), found_(look.config().app) {}

  Observation run() {
    for (const auto& path : look_.config().precheck().security.secrets) {
      coverage_.add(secrets::scan_tree(path, found_, look_.stop()));
      commits_of(path);
    }
    if (const auto& manifest = look_.config().kubernetes().manifest; !manifest.empty())
      coverage_.add(secrets::scan_tree(manifest, found_, look_.stop()));
    const auto files = count_text(static_cast<long long>(coverage_.files()), "file");
    return judge_secrets(look_, found_, coverage_, files + " read" + commits_);
  }

 private:
  void commits_of(const fs::path& path) {
    std::error_code trouble;
    const auto repository = git::find_repository(path);
    if (!repository) {
      if (fs::exists(path / ".git", trouble))
        coverage_.unread("the repository or its folder is not ours, or leads elsewhere by links",
                         (path / ".git").string());
      return;
    }
    const auto head = git::head_commit(*repository);
    if (!head || !seen_.insert(repository->shared).second) return;
    const auto since = live_revision(look_);
    secrets::Scan scan(found_, look_.stop());
    const auto count = secrets::scan_history(scan, *repository, {.head = *head, .since = since});
    coverage_.add(scan.coverage);
    commits_ += fmt::format(", {}{}", count_text(static_cast<long long>(count), "commit"),
                            since.empty() ? " (all: no label of the live image says since when)"
                                          : " since " + printable(since.substr(0, 12), 12));
  }

  const Look& look_;
  secrets::Secrets found_;
  secrets::Coverage coverage_ = {};
  std::set<fs::path> seen_ = {};
  std::string commits_ = {};
};

Observation observe(const Look& look) { return CodeScan(look).run(); }

}  // namespace

extern const Check secrets_in_code{.id = "secrets",
                                   .sop = "1.5",
                                   .title = "Secrets in code",
                                   .expected = [](const Config&) { return Expected("none"); },
                                   .needs = "precheck.security.secrets",
                                   .critical = true,
                                   .is_waivable = false,
                                   .observe = observe};

}  // namespace baton::precheck
