// Statements of source files by the blocks that hold them, each counted once however often reports tell of it.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "tools/precheck/reports/line_hits.h"

namespace baton::precheck {

/// A block's statements run together or not at all; they ran when anything says so.
class BlockHits {
 public:
  /// `block`: file and range.
  void add(std::string_view block, std::uint32_t statements, bool is_hit);
  BlockHits& operator+=(const BlockHits& other);
  /// Of statements.
  LineCount count() const;
  bool empty() const { return blocks_.empty(); }

 private:
  struct Mark {
    std::uint32_t statements = 0;
    bool is_hit = false;

    void join(const Mark& other);
  };
  /// By the block's name, of which 64 bits are enough to tell a million apart.
  std::unordered_map<std::size_t, Mark> blocks_ = {};
};

}  // namespace baton::precheck
