// libs: baton_secrets baton_clients baton_io baton_core
// Of any bytes both engines say the same, every rule can be tried, and a window's edge changes nothing that is found.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <tuple>

#include "tests/fuzz/only_errors.h"
#include "tools/precheck/secrets/compiled.h"
#include "tools/precheck/secrets/judge.h"
#include "tools/precheck/secrets/plain_engine.h"
#include "tools/precheck/secrets/vector_engine.h"

namespace {

using namespace baton::precheck::secrets;

std::vector<Candidate> sorted(Engine& engine, std::string_view text) {
  std::vector<Candidate> found;
  engine.find(text, found);
  std::ranges::sort(found,
                    [](const auto& a, const auto& b) { return std::tie(a.at, a.anchor) < std::tie(b.at, b.anchor); });
  const auto same = std::ranges::unique(found);
  found.erase(same.begin(), same.end());
  return found;
}

void read(std::string_view text) {
  static Rulebook book(all_rules(), make_plain_engine);
  static const auto vector = make_vector_engine(book.anchors);
  const auto found = sorted(*book.engine, text);
  if (vector && sorted(*vector, text) != found) std::abort();
  std::vector<Hit> hits;
  for (const auto& candidate : found) judge(book, candidate, text, {.is_plain = true}, /*is_text=*/true, hits);
  resolve(hits);
  for (const auto& hit : hits) {
    if (hit.found.begin > hit.found.value_begin || hit.found.value_end > hit.found.end || hit.found.end > text.size())
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  baton::expect_only_errors([&] { read({reinterpret_cast<const char*>(bytes), size}); });
  return 0;
}
