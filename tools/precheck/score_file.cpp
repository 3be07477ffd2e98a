// A file, its age, its number.
#include "tools/precheck/score_file.h"

#include "common/config/sections/precheck.h"
#include "common/core/digest.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "common/io/files.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMaxBytes = 16U << 20U;

}  // namespace

Score read_score(const Look& look, const std::string& file, const std::string& pointer) {
  const auto name = fs::path(file).lexically_normal().string();
  const auto text = read_file(name, kMaxBytes);
  const Duration age = look.now() - modified_at(name);
  if (const Duration most = look.config().precheck().max_age; age > most) {
    throw Error(ExitCode::unknown, "'" + name + "' is " + to_words(age) + " old; " + to_words(most) + " are allowed",
                "Let the review be written down again for this release.");
  }
  const auto json = parse_json(text, name);
  const auto* found = resolve_pointer(json, pointer);
  if (found == nullptr || !found->is_number()) {
    throw Error(
        ExitCode::unknown,
        "'" + name + "' has " + (found == nullptr ? "nothing" : "no number") + " at '" + printable(pointer, 200) + "'",
        "Correct precheck.quality.review.pointer.");
  }
  return {.value = found->number(),
          .evidence = {.name = name,
                       .kind = "review-score",
                       .sha256 = sha256_hex(text),
                       .about = "unknown",
                       .produced_at = "unknown"}};
}

}  // namespace baton::precheck
