// libs: baton_core
// Values with units, times, encodings and foreign text: nothing is thrown but by base64, and what is shown reads back.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/quantity.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/core/time.h"
#include "common/core/units.h"

namespace {

void expect(bool truth) {
  if (!truth) std::abort();
}

void read_units(std::string_view text) {
  if (const auto duration = baton::parse_duration(text)) {
    expect(duration->count() >= 0 && baton::parse_duration(baton::to_text(*duration)) == duration);
  }
  if (const auto percent = baton::parse_percent(text)) expect(std::isfinite(*percent) && *percent >= 0);
  if (const auto size = baton::parse_size(text)) expect(*size >= 0 && !baton::size_text(*size).empty());
  if (const auto limit = baton::parse_limit(text)) expect(baton::parse_limit(baton::to_text(*limit)).has_value());
  if (const auto quantity = baton::parse_quantity(text)) {
    // Rounded away from zero.
    expect(std::abs(static_cast<double>(quantity->whole)) >= std::abs(quantity->value));
  }
  if (const auto time = baton::parse_rfc3339(text)) expect(!baton::to_rfc3339(*time).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  read_units(text);
  expect(baton::is_utf8(baton::printable(text)));
  baton::redact(text);
  baton::percent_encode(text);
  try {
    baton::from_base64(text);
  } catch (const baton::Error&) {
  }
  return 0;
}
