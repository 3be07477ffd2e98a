// Which observation speaks for all.
#include "tools/precheck/worst.h"

#include <algorithm>

#include "common/core/text.h"

namespace baton::precheck {

int weight(Outcome outcome) {
  switch (outcome) {
    case Outcome::fail:
      return 4;
    case Outcome::unknown:
      return 3;
    case Outcome::warn:
      return 2;
    case Outcome::pass:
      return 1;
    case Outcome::skipped:
      break;
  }
  return 0;
}

Observation worst_of(std::vector<Observation> all) {
  const auto by_weight = [](const Observation& seen) { return weight(seen.outcome); };
  auto sum = *std::ranges::max_element(all, {}, by_weight);
  std::vector<std::string> messages;
  sum.evidence.clear();
  for (auto& seen : all) {
    if (seen.outcome == sum.outcome) messages.push_back(seen.message);
    std::ranges::move(seen.evidence, std::back_inserter(sum.evidence));
  }
  sum.message = join(messages, "; ");
  return sum;
}

}  // namespace baton::precheck
