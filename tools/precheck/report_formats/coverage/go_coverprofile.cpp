// Go's cover profiles: blocks of statements and how often each ran.
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "common/core/error.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/coverage_claim.h"
#include "tools/precheck/reports/lines.h"

namespace baton::precheck {
namespace {

constexpr std::array<std::string_view, 3> kModes = {"mode: set", "mode: count", "mode: atomic"};

bool is_mode(std::string_view line) {
  for (const auto mode : kModes) {
    if (line == mode) return true;
  }
  return false;
}

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number ? std::optional(number) : std::nullopt;
}

/// What stands behind the last `separator`, which is cut off with it; the whole text where there is none.
std::string_view cut_last(std::string_view& text, char separator) {
  const auto at = text.rfind(separator);
  const auto last = at == std::string_view::npos ? text : text.substr(at + 1);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(0, at);
  return last;
}

/// "3.24,5.2".
bool is_range(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return false;
  for (const auto end : {text.substr(0, comma), text.substr(comma + 1)}) {
    const auto point = end.find('.');
    if (point == std::string_view::npos || !whole(end.substr(0, point)) || !whole(end.substr(point + 1))) return false;
  }
  return true;
}

struct Block {
  std::string_view place;  ///< "shop/order.go:3.24,5.2"
  std::uint32_t statements = 0;
  bool is_hit = false;
};

/// "shop/order.go:3.24,5.2 2 1".
std::optional<Block> parse_block(std::string_view line) {
  const auto count = whole(cut_last(line, ' '));
  const auto statements = whole(cut_last(line, ' '));
  auto file = line;
  const auto range = cut_last(file, ':');
  if (!count || !statements || *statements > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  if (file.empty() || file.size() > kMaxPath || !is_range(range)) return std::nullopt;
  return Block{.place = line, .statements = static_cast<std::uint32_t>(*statements), .is_hit = *count > 0};
}

ReadReport read(std::istream& bytes, std::string_view name) {
  LineCoverage coverage{.measured = 1};
  for_each_line(bytes, name, [&](std::string_view line, std::size_t number) {
    if (number == 1) {
      if (!is_mode(line)) refuse_line(name, number, "is no mode of a Go cover profile");
      return;
    }
    const auto block = parse_block(line);
    if (!block) refuse_line(name, number, "is no block of a Go cover profile");
    coverage.blocks.add(block->place, block->statements, block->is_hit);
  });
  if (coverage.blocks.empty()) {
    throw Error(ExitCode::unknown, std::string(name) + ": it lists no blocks",
                "Run go test with -coverprofile for packages that have statements.");
  }
  return {.reading = std::move(coverage)};
}

}  // namespace

extern const Format go_coverprofile{.id = "go-coverprofile",
                                    .kind = ReportKind::coverage,
                                    .recognises = [](std::string_view head) { return is_mode(first_line(head)); },
                                    .read = read};

}  // namespace baton::precheck
