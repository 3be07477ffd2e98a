// Lines of source files, each counted once however often reports tell of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace baton::precheck {

struct LineCount {
  double covered = 0;
  double valid = 0;  ///< 0: nothing was measured

  double percent() const { return valid > 0 ? 100 * covered / valid : 0; }
};

/// By file and line; a line was hit when anything says so.
class LineHits {
 public:
  static constexpr std::uint32_t kMaxLine = 0x7FFF'FFFF;

  /// `line` is at most kMaxLine.
  void add(const std::string& file, std::uint32_t line, bool is_hit);
  LineHits& operator+=(const LineHits& other);
  LineCount count() const;

 private:
  /// Four bytes a line, since a report may hold millions: twice its number, and one more where it was not hit.
  struct Marks {
    std::vector<std::uint32_t> list = {};
    std::size_t settled = 0;  ///< how many, from the first on, rise and name each line once

    void add(std::uint32_t mark);
    void settle();
  };
  std::map<std::string, Marks> files_ = {};
};

}  // namespace baton::precheck
