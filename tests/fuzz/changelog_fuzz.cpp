// libs: baton_tool_precheck — changelogs and versions, as people write them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/precheck/documentation/changelog_section.h"
#include "tools/precheck/documentation/version.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto section = baton::precheck::changelog_section(text, "v1.6.0");
  if (section && section->breaking > 0 && section->entries == 0) std::abort();
  baton::precheck::version_of_tag(text);
  baton::precheck::names_version(text, "v1.6.0");
  return 0;
}
