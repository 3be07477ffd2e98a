// Lines, cut out of pieces of any size.
#include "tools/precheck/reports/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kLongest = 1U << 20U;

[[noreturn]] void refuse(std::string_view name, const std::string& what) {
  throw Error(ExitCode::unknown, std::string(name) + ": " + what, "Build the report again.");
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

/// Follows the lines of one text.
class Teller {
 public:
  Teller(std::string_view name, const TakeLine& take) : name_(name), take_(take) {}

  void piece(std::string_view text) {
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      tell(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    keep(text);
  }

  void finish() const {
    if (!begun_.empty()) refuse(name_, fmt::format("it ends within line {}", number_ + 1));
    if (number_ == 0) refuse(name_, "it is empty");
  }

 private:
  void keep(std::string_view text) {
    begun_ += text;
    if (begun_.size() > kLongest) refuse(name_, fmt::format("line {} is longer than 1 MiB", number_ + 1));
  }

  void tell(std::string_view text) {
    if (begun_.empty()) return check(text);
    keep(text);
    check(begun_);
    begun_.clear();
  }

  void check(std::string_view line) {
    if (++number_ == 1 && line.starts_with(kMark)) line.remove_prefix(kMark.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (std::ranges::any_of(line, is_control)) refuse_line(name_, number_, "holds a control character");
    if (!is_utf8(line)) refuse_line(name_, number_, "is not UTF-8");
    take_(line, number_);
  }

  std::string_view name_;
  const TakeLine& take_;
  std::string begun_ = {};  ///< a line whose end has not come yet
  std::size_t number_ = 0;
};

}  // namespace

void for_each_line(std::istream& bytes, std::string_view name, const TakeLine& take) {
  Teller teller(name, take);
  std::array<char, 64U << 10U> piece = {};
  do {
    bytes.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    teller.piece({piece.data(), static_cast<std::size_t>(bytes.gcount())});
  } while (bytes);
  teller.finish();
}

void refuse_line(std::string_view name, std::size_t number, std::string_view what) {
  refuse(name, fmt::format("line {} {}", number, what));
}

std::string_view first_line(std::string_view head, std::string_view comment) {
  if (head.starts_with(kMark)) head.remove_prefix(kMark.size());
  for (auto end = head.find('\n'); end != std::string_view::npos; end = head.find('\n')) {
    auto line = head.substr(0, end);
    head.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trim(line).empty() && (comment.empty() || !line.starts_with(comment))) return line;
  }
  return {};
}

}  // namespace baton::precheck
