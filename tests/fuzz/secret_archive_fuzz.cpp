// libs: baton_secrets baton_clients baton_io baton_core
// Any bytes are a file of some kind: read, or counted as not read, within the limits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/only_errors.h"
#include "tools/precheck/secrets/scan.h"
#include "tools/precheck/secrets/unpack/sink.h"

namespace {

using namespace baton::precheck::secrets;

void read(std::string_view bytes) {
  static Secrets found("fuzz");
  static Scan scan(found);
  Unpacking of{.scan = scan, .limits = {.bytes = 1 << 22, .entries = 100, .depth = 5}};
  const auto sink = open_sink(of, "a", "a");
  // In pieces, as layers come.
  constexpr std::size_t kPiece = 97;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kPiece, bytes.size()))) sink->take(bytes.substr(0, kPiece));
  sink->end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  baton::expect_only_errors([&] { read({reinterpret_cast<const char*>(bytes), size}); });
  return 0;
}
