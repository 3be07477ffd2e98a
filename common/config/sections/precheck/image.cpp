// Sizes of the image.
#include "common/config/sections/precheck/image.h"

#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_image(std::vector<Key>& all) {
  const Section section(all, "precheck.image.", [](auto& config) -> auto& { return config.precheck().image; },
                        {"precheck"});
  section.key("warn", "Uncompressed size from which the image warns", &ImageConfig::warn);
  section.key("max", "Uncompressed size over which it stops", &ImageConfig::max);
}

}  // namespace baton::config
