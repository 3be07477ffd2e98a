// The bytes of a report, pulled piece by piece by whoever parses them, and hashed on the way.
#pragma once

#include <cstdint>
#include <fstream>
#include <streambuf>
#include <string>
#include <string_view>

#include "common/core/digest.h"
#include "common/io/files.h"

namespace baton::precheck {

constexpr std::uintmax_t kMaxReportBytes = 512U << 20U;

/// Never more than a piece of the file is in memory.
class ReportBytes final : public std::streambuf {
 public:
  /// Throws Error{unknown} when it cannot be read, is no regular file or larger than kMaxReportBytes, which its size
  /// tells before a byte is read.
  ReportBytes(const fs::path& path, std::string name);

  /// The first bytes, which are still to be pulled; at most `max`.
  std::string_view head(std::size_t max);
  /// Of the whole file: pulls what is left.
  std::string finish_sha256();

 protected:
  /// Throws Error{unknown} where reading fails, and where more comes than the file had.
  int_type underflow() override;

 private:
  [[noreturn]] void refuse_size(std::uintmax_t size) const;

  std::string name_;
  std::ifstream file_;
  std::string piece_;
  std::uintmax_t taken_ = 0;
  Sha256 hash_ = {};
};

}  // namespace baton::precheck
