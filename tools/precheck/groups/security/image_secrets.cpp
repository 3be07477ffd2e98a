// SOP 1.5: no secrets in the image: in its layers, those that later ones hide too, its environment, labels and history.
#include <fmt/format.h>

#include <set>

#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/secrets/unpack/sink.h"
#include "tools/precheck/secrets_report.h"

namespace baton::precheck {
namespace {

class ImageScan {
 public:
  explicit ImageScan(const Look& look)
      : look_(look), reference_(look.image_reference()), found_(look.config().app), scan_(found_, look.stop()) {}

  Observation run() {
    for (const auto& parts : look_.image_parts()) {
      scan_config(parts);
      for (const auto& layer : parts.image.layers) scan_layer(layer);
    }
    return judge_secrets(
        look_, found_, scan_.coverage,
        fmt::format("{} in {} read", count_text(static_cast<long long>(scan_.coverage.files()), "file"),
                    count_text(static_cast<long long>(seen_.size()), "layer")));
  }

 private:
  /// What `docker inspect` and `docker history` show to everybody who can pull.
  void scan_config(const ImageParts& parts) {
    const auto name = "image " + parts.platform();
    for (const auto& variable : parts.config.environment) scan_text(variable, name + " (environment)");
    for (const auto& [key, value] : parts.config.labels) scan_text(key + "=" + value, name + " (label " + key + ")");
    for (const auto& command : parts.config.history) scan_text(command, name + " (history)");
    scan_text(join(parts.config.entrypoint, " "), name + " (entrypoint)");
    scan_text(join(parts.config.command, " "), name + " (command)");
  }

  void scan_text(const std::string& text, const std::string& place) {
    scan_.scanner.scan(text, place, ".env");
    scan_.coverage.read(text.size());
  }

  void scan_layer(const registry::Descriptor& layer) {
    constexpr std::size_t kShortDigest = 7 + 12;
    if (!seen_.insert(layer.digest).second) return;
    const auto place = "layer " + layer.digest.substr(0, kShortDigest);
    if (layer.is_foreign()) {
      scan_.coverage.unread("its registry does not hand it out", place);
      return;
    }
    try {
      secrets::Unpacking of{.scan = scan_};
      const auto sink = secrets::open_sink(of, place, "");
      look_.registry().blob(
          reference_, layer, [&](std::string_view bytes) { sink->take(bytes); }, look_.stop());
      sink->end();
    } catch (const Error& error) {
      if (error.code() == ExitCode::interrupted) throw;
      scan_.coverage.unread(error.what(), place);
    }
  }

  const Look& look_;
  registry::Reference reference_;
  secrets::Secrets found_;
  secrets::Scan scan_;
  std::set<std::string> seen_ = {};
};

Observation observe(const Look& look) { return ImageScan(look).run(); }

}  // namespace

extern const Check image_secrets{.id = "image-secrets",
                                 .sop = "1.5",
                                 .title = "Secrets in the image",
                                 .expected = [](const Config&) { return Expected("none"); },
                                 .needs = "image",
                                 .critical = true,
                                 .observe = observe};

}  // namespace baton::precheck
