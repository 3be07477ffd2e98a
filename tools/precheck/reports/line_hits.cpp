// Lists of marks that are sorted and joined now and then.
#include "tools/precheck/reports/line_hits.h"

#include <algorithm>

namespace baton::precheck {
namespace {

constexpr std::size_t kFewMarks = 1000;

bool is_same_line(std::uint32_t one, std::uint32_t other) { return one / 2 == other / 2; }

}  // namespace

/// Lines mostly come in their order: then there is nothing to sort.
void LineHits::Marks::add(std::uint32_t mark) {
  const bool rises = list.empty() || list.back() / 2 < mark / 2;
  list.push_back(mark);
  if (rises && settled + 1 == list.size()) ++settled;
  if (list.size() > 2 * settled + kFewMarks) settle();
}

void LineHits::Marks::settle() {
  if (settled == list.size()) return;
  std::ranges::sort(list);  // the mark of a hit stands before the one without
  list.erase(std::unique(list.begin(), list.end(), is_same_line), list.end());
  settled = list.size();
}

void LineHits::add(const std::string& file, std::uint32_t line, bool is_hit) {
  files_[file].add(line * 2 + (is_hit ? 0 : 1));
}

LineHits& LineHits::operator+=(const LineHits& other) {
  for (const auto& [file, theirs] : other.files_) {
    auto& ours = files_[file];
    for (const auto mark : theirs.list) ours.add(mark);
  }
  return *this;
}

LineCount LineHits::count() const {
  LineCount count;
  for (const auto& [file, marks] : files_) {
    auto once = marks;
    once.settle();
    count.valid += static_cast<double>(once.list.size());
    count.covered += static_cast<double>(std::ranges::count_if(once.list, [](auto mark) { return mark % 2 == 0; }));
  }
  return count;
}

}  // namespace baton::precheck
