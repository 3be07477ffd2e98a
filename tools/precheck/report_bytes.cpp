// Pieces of a file as a stream.
#include "tools/precheck/report_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/core/error.h"
#include "common/core/units.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kPiece = 64U << 10U;

[[noreturn]] void cannot_read(const std::string& name, const std::string& reason) {
  throw Error(ExitCode::unknown, "cannot read '" + name + "': " + reason, "Check the path and its permissions.");
}

}  // namespace

ReportBytes::ReportBytes(const fs::path& path, std::string name) : name_(std::move(name)), piece_(kPiece, '\0') {
  std::error_code trouble;
  const auto status = fs::status(path, trouble);
  if (trouble) cannot_read(name_, trouble.message());
  if (!fs::is_regular_file(status)) cannot_read(name_, "it is no regular file");
  const auto size = fs::file_size(path, trouble);
  if (trouble) cannot_read(name_, trouble.message());
  if (size > kMaxReportBytes) refuse_size(size);
  errno = 0;
  file_.open(path, std::ios::binary);
  if (!file_.is_open()) cannot_read(name_, std::strerror(errno));
}

std::string_view ReportBytes::head(std::size_t max) {
  sgetc();
  return std::string_view(gptr(), static_cast<std::size_t>(egptr() - gptr())).substr(0, max);
}

std::string ReportBytes::finish_sha256() {
  do setg(piece_.data(), piece_.data(), piece_.data());
  while (sgetc() != traits_type::eof());
  return hash_.finish_hex();
}

ReportBytes::int_type ReportBytes::underflow() {
  file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
  if (file_.bad()) cannot_read(name_, "its bytes cannot be read");
  const auto length = static_cast<std::size_t>(file_.gcount());
  taken_ += length;
  if (taken_ > kMaxReportBytes) refuse_size(taken_);
  setg(piece_.data(), piece_.data(), piece_.data() + length);
  if (length == 0) return traits_type::eof();
  hash_.update({piece_.data(), length});
  return traits_type::to_int_type(piece_.front());
}

void ReportBytes::refuse_size(std::uintmax_t size) const {
  throw Error(ExitCode::unknown,
              "report '" + name_ + "' has " + size_text(static_cast<std::int64_t>(size)) + "; at most " +
                  size_text(static_cast<std::int64_t>(kMaxReportBytes)) + " are read",
              "Let its tool write several smaller files.");
}

}  // namespace baton::precheck
