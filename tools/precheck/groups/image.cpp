// SOP 2a, what is deployed.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 3> kMendImage = {"Check the build log for the error",
                                                        "Build and push the image again", "Run baton-precheck again"};

constexpr std::array kChecks = {
    BATON_ROW(Check, image_in_registry), BATON_ROW(Check, image_config),   BATON_ROW(Check, image_user),
    BATON_ROW(Check, image_version),     BATON_ROW(Check, image_latest),   BATON_ROW(Check, image_size),
    BATON_ROW(Check, image_bytes),       BATON_ROW(Check, image_contents),
};

extern const Group image{
    .id = "image", .heading = "Image", .critical = false, .recovery = kMendImage, .checks = kChecks};

}  // namespace baton::precheck
