// A histogram with a bar a millisecond.
#include "tools/precheck/reports/latencies.h"

namespace baton::precheck {

void Latencies::add(std::uint64_t ms) {
  ++count_;
  if (ms > kMost) return;
  if (ms >= counts_.size()) counts_.resize(ms + 1);
  ++counts_[ms];
}

std::optional<double> Latencies::percentile(unsigned percent) const {
  const auto hundredths = count_ * percent;
  const auto rank = hundredths / 100 + (hundredths % 100 == 0 ? 0 : 1);
  std::uint64_t seen = 0;
  for (std::size_t ms = 0; ms < counts_.size(); ++ms) {
    seen += counts_[ms];
    if (rank > 0 && seen >= rank) return static_cast<double>(ms);
  }
  return std::nullopt;
}

}  // namespace baton::precheck
