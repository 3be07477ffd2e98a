// libs: baton_clients — image names, and the header by which a registry asks for a login.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/clients/registry/auth.h"
#include "common/core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::registry::parse_challenges(text);
  try {
    const baton::registry::Reference reference = baton::registry::parse_reference(text);
    const bool is_whole = !reference.host.empty() && !reference.repository.empty() &&
                          !(reference.tag.empty() && reference.digest.empty());
    if (!is_whole) std::abort();
    baton::registry::is_loopback(reference.host);
  } catch (const baton::Error&) {
    // every bad name is refused this way
  }
  return 0;
}
