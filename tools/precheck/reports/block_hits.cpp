// Sums over blocks.
#include "tools/precheck/reports/block_hits.h"

#include <algorithm>

namespace baton::precheck {

void BlockHits::Mark::join(const Mark& other) {
  statements = std::max(statements, other.statements);
  is_hit = is_hit || other.is_hit;
}

void BlockHits::add(std::string_view block, std::uint32_t statements, bool is_hit) {
  blocks_[std::hash<std::string_view>{}(block)].join({.statements = statements, .is_hit = is_hit});
}

BlockHits& BlockHits::operator+=(const BlockHits& other) {
  for (const auto& [block, mark] : other.blocks_) blocks_[block].join(mark);
  return *this;
}

LineCount BlockHits::count() const {
  LineCount count;
  for (const auto& [block, mark] : blocks_) {
    count.valid += mark.statements;
    if (mark.is_hit) count.covered += mark.statements;
  }
  return count;
}

}  // namespace baton::precheck
