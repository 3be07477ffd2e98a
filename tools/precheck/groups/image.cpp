// SOP 2a, what is deployed.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

/// SOP, "Build Fails (Step 2a)": Build Errors, Image Size Too Large.
constexpr std::array<std::string_view, 5> kMendImage = {
    "Check the build log for the error: a missing dependency, a compilation error, the Dockerfile's syntax",
    "Fix it locally and test the build", "Run the CI's build again until it succeeds, and push the image",
    "Where the image is too large: build in stages, leave development dependencies out, take a smaller base image, "
    "complete .dockerignore",
    "Run baton-precheck again"};

constexpr std::array kChecks = {
    BATON_ROW(Check, image_in_registry), BATON_ROW(Check, image_config),   BATON_ROW(Check, image_user),
    BATON_ROW(Check, image_version),     BATON_ROW(Check, image_latest),   BATON_ROW(Check, image_size),
    BATON_ROW(Check, image_bytes),       BATON_ROW(Check, image_contents),
};

extern const Group image{
    .id = "image", .heading = "Image", .critical = false, .recovery = kMendImage, .checks = kChecks};

}  // namespace baton::precheck
