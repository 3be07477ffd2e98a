// A row is made of lines: it goes on while a quote is open.
#include "tools/precheck/reports/csv.h"

#include <fmt/format.h>

#include "common/core/error.h"
#include "tools/precheck/reports/lines.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMaxFields = 1000;
constexpr std::size_t kMaxField = 1U << 20U;

/// The row that is being read; fields keep their room for the next one.
class Row {
 public:
  explicit Row(char separator) : separator_(separator) {}

  /// One line of it; false: it goes on.
  bool add(std::string_view line) {
    if (is_quoted_) {
      field() += '\n';
    } else {
      count_ = 0;
      next();
    }
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (is_quoted_) {
        at = quoted(line, at);
      } else if (line[at] == separator_) {
        next();
      } else if (line[at] == '"' && field().empty()) {
        is_quoted_ = true;
      } else {
        field() += line[at];
      }
    }
    return !is_quoted_;
  }

  bool is_open() const { return is_quoted_; }
  bool is_too_large() const { return count_ > kMaxFields || (count_ > 0 && fields_[count_ - 1].size() > kMaxField); }
  std::span<const std::string> fields() const { return std::span(fields_).first(count_); }

 private:
  std::string& field() { return fields_[count_ - 1]; }
  void next() {
    if (count_ == fields_.size()) fields_.emplace_back();
    fields_[count_++].clear();
  }
  /// Returns where it has read to.
  std::size_t quoted(std::string_view line, std::size_t at) {
    if (line[at] != '"') {
      field() += line[at];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      field() += line[++at];
    } else {
      is_quoted_ = false;
    }
    return at;
  }

  char separator_;
  bool is_quoted_ = false;
  std::size_t count_ = 0;
  std::vector<std::string> fields_ = {};
};

}  // namespace

void parse_csv(std::istream& bytes, std::string_view name, const ChooseSeparator& choose, const TakeRow& take) {
  Row row(',');
  std::size_t number = 0;
  bool is_begun = false;
  for_each_line(bytes, name, [&](std::string_view line, std::size_t at) {
    if (line.empty() && !row.is_open()) return;
    if (!is_begun) row = Row(choose(line));
    is_begun = true;
    const bool is_whole = row.add(line);
    if (row.is_too_large()) refuse_line(name, at, "has a field of more than 1 MiB, or more than 1000 fields");
    if (is_whole) take(row.fields(), ++number);
  });
  if (row.is_open())
    throw Error(ExitCode::unknown, std::string(name) + ": it ends within a quoted field", "Build the report again.");
}

std::vector<std::string> csv_fields(std::string_view line, char separator) {
  Row row(separator);
  row.add(line);
  const auto fields = row.fields();
  return {fields.begin(), fields.end()};
}

}  // namespace baton::precheck
