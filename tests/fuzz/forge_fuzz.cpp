// libs: baton_clients — answers of forges, of SonarQube, and what registries say of images.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/clients/forge/forge_github.h"
#include "common/clients/registry/image.h"
#include "common/clients/sonarqube/client.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] {
    const auto json = baton::parse_json(text, "answer");
    baton::expect_only_errors([&] {
      baton::forge::Reviews reviews("ann", "c1");
      for (const auto& review : json.items()) reviews.take(review);
      reviews.approvers();
      reviews.objectors();
    });
    baton::sonarqube::Gate gate;
    baton::expect_only_errors([&] { baton::sonarqube::read_gate(json, gate); });
    baton::expect_only_errors([&] { baton::sonarqube::read_revision(json, gate); });
    baton::expect_only_errors([&] { baton::registry::parse_image(json, "m").compressed_bytes(); });
    baton::expect_only_errors([&] { baton::registry::parse_index(json, "i"); });
    baton::expect_only_errors([&] { baton::registry::parse_image_config(json, "c").runs_as_root(); });
  });
  return 0;
}
