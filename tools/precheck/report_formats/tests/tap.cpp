// The Test Anything Protocol, of version 12 to 14: test points, plans, and subtests by their indentation.
#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/case_standing.h"
#include "tools/precheck/reports/lines.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kDeepest = 100;
constexpr long long kMostPlanned = 1'000'000'000;

enum class Directive { none, skip, todo };

struct Point {
  bool is_ok = false;
  Directive directive = Directive::none;
  std::string label = {};

  /// What is still to be done may fail, and proves nothing where it does.
  Result result() const {
    if (directive == Directive::todo && !is_ok) return Result::skipped;
    if (!is_ok) return Result::failed;
    return directive == Directive::skip ? Result::skipped : Result::passed;
  }
};

/// Cuts a beginning off; false: the text does not begin so.
bool cut(std::string_view& text, std::string_view begin) {
  if (!text.starts_with(begin)) return false;
  text.remove_prefix(begin.size());
  return true;
}

/// The number that a text begins with, cut off.
std::optional<long long> cut_number(std::string_view& text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Behind the first "#" that no backslash stands before.
std::string_view cut_directive(std::string_view& text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;  // and what it stands before is no directive
      continue;
    }
    if (text[at] != '#') continue;
    const auto directive = trim(text.substr(at + 1));
    text = text.substr(0, at);
    return directive;
  }
  return {};
}

Directive directive_of(std::string_view text) {
  if (starts_with_icase(text, "skip")) return Directive::skip;
  return starts_with_icase(text, "todo") ? Directive::todo : Directive::none;
}

/// "not ok 3 - name # TODO later".
std::optional<Point> parse_point(std::string_view line) {
  Point point{.is_ok = !cut(line, "not ")};
  if (!cut(line, "ok") || (!line.empty() && line.front() != ' ' && line.front() != '\t')) return std::nullopt;
  line = trim(line);
  const auto number = cut_number(line);
  point.directive = directive_of(cut_directive(line));
  line = trim(line);
  if (cut(line, "-")) line = trim(line);
  point.label = !line.empty() ? printable(line, 120)
                : number      ? fmt::format("test {}", *number)
                              : "a test without a name";
  return point;
}

/// "1..4", "1..0 # SKIP why".
std::optional<long long> parse_plan(std::string_view line) {
  if (!cut(line, "1..")) return std::nullopt;
  const auto planned = cut_number(line);
  line = trim(line);
  const bool is_plan = planned && *planned <= kMostPlanned && (line.empty() || line.front() == '#');
  return is_plan ? planned : std::nullopt;
}

bool is_version(std::string_view line) { return line.starts_with("TAP version "); }
bool is_tap(std::string_view line) { return is_version(line) || parse_plan(line) || parse_point(line); }

/// The tests of one indentation.
struct Level {
  std::size_t indent = 0;
  std::optional<long long> plan = {};
  bool has_two_plans = false;
  long long points = 0;
  TestResults results = {};
  TestResults inner = {};  ///< of the subtest that the next point sums up
};

/// Follows the lines of one file.
class Counter {
 public:
  explicit Counter(std::string_view file) : file_(file) {}

  void take(std::string_view text) {
    const auto indent = std::min(text.find_first_not_of(" \t"), text.size());
    const auto line = trim(text);
    if (is_yaml(line, indent)) return;
    if (line.starts_with("Bail out!")) return fail(levels_.front().results, printable(line, 120), 1);
    if (!is_tap(line)) return;
    is_tap_ = true;
    enter(indent);
    if (is_version(line)) return begin();
    if (const auto plan = parse_plan(line)) return take_plan(*plan);
    take_point(*parse_point(line));
  }

  ReadReport report() {
    if (!is_tap_) throw Error(ExitCode::unknown, std::string(file_) + ": it is no TAP", "Name the TAP report.");
    enter(0);
    finish_document();
    return {.reading = done_};
  }

 private:
  /// Diagnoses may hold lines that look like tests.
  bool is_yaml(std::string_view line, std::size_t indent) {
    if (yaml_indent_ > 0) {
      if (line == "..." && indent == yaml_indent_) yaml_indent_ = 0;
      return true;
    }
    if (line == "---" && indent > 0) yaml_indent_ = indent;
    return yaml_indent_ > 0;
  }

  static void fail(TestResults& results, const std::string& what, long long times) {
    results.tests += times;
    results.failed += times;
    keep_few(results.failures, what);
  }

  void enter(std::size_t indent) {
    while (levels_.size() > 1 && indent < levels_.back().indent) {
      auto results = closed(levels_.back());
      levels_.pop_back();
      levels_.back().inner += results;
    }
    if (indent <= levels_.back().indent) return;
    if (levels_.size() == kDeepest)
      throw Error(ExitCode::unknown, std::string(file_) + ": subtests nested deeper than 100", "Build it again.");
    levels_.push_back({.indent = indent});
  }

  /// Another document may stand behind the first.
  void begin() {
    const auto& now = levels_.back();
    if (levels_.size() == 1 && (now.points > 0 || now.plan)) finish_document();
  }

  void take_plan(long long planned) {
    auto& level = levels_.back();
    level.has_two_plans = level.has_two_plans || level.plan.has_value();
    level.plan = planned;
  }

  void take_point(const Point& point) {
    auto& level = levels_.back();
    ++level.points;
    auto inner = std::exchange(level.inner, {});
    if (inner.tests == 0) return count_case(level.results, {.result = point.result()}, point.label);
    if (point.directive == Directive::todo) {
      inner.skipped += std::exchange(inner.failed, 0);
      inner.failures.clear();
    }
    level.results += inner;
    if (point.result() == Result::failed && inner.failed == 0) fail(level.results, point.label, 1);
  }

  /// What ran compared with what was planned: a test that ends early leaves no other trace.
  TestResults closed(Level& level) const {
    auto results = std::move(level.results);
    results += level.inner;
    if (level.has_two_plans) keep_few(results.doubts, std::string(file_) + ": a plan stands twice");
    if (!level.plan) {
      fail(results, std::string(file_) + ": there is no plan, so the run ended early", 1);
    } else if (level.points < *level.plan) {
      fail(results, fmt::format("{}: {} planned, {} ran", file_, count_text(*level.plan, "test"), level.points),
           *level.plan - level.points);
    } else if (level.points > *level.plan) {
      keep_few(results.doubts,
               fmt::format("{}: {} planned, {} ran", file_, count_text(*level.plan, "test"), level.points));
    }
    return results;
  }

  void finish_document() {
    done_ += closed(levels_.front());
    levels_ = {Level{}};
  }

  std::string_view file_;
  bool is_tap_ = false;
  std::size_t yaml_indent_ = 0;  ///< of the diagnosis that is open; 0: none is
  std::vector<Level> levels_ = {Level{}};
  TestResults done_ = {};
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Counter counter(name);
  for_each_line(bytes, name, [&](std::string_view line, std::size_t) { counter.take(line); });
  return counter.report();
}

}  // namespace

extern const Format tap{.id = "tap",
                        .kind = ReportKind::tests,
                        .recognises = [](std::string_view head) { return is_tap(trim(first_line(head, "#"))); },
                        .read = read};

}  // namespace baton::precheck
