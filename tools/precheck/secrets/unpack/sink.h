// Where a file's bytes go: to the scanner, or through what unpacks them first.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tools/precheck/secrets/scan.h"

namespace baton::precheck::secrets {

/// Takes the bytes of one file in order.
class Sink {
 public:
  Sink() = default;
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual void take(std::string_view bytes) = 0;
  virtual void end() = 0;
};

/// What unpacking one file may cost; what is over a limit is counted as not read.
struct Limits {
  std::int64_t bytes = std::int64_t{16} << 30U;  ///< unpacked, of one outer file
  std::int64_t ratio = 250;                      ///< unpacked to packed, once there is more than `ratio_from`
  std::int64_t ratio_from = std::int64_t{256} << 20U;
  std::size_t entries = 2'000'000;  ///< of all archives within one outer file
  int depth = 8;                    ///< of streams in archives in streams
};

/// What has been unpacked of one outer file.
struct Unpacking {
  Scan& scan;
  Limits limits = {};
  std::int64_t bytes = 0;
  std::size_t entries = 0;

  /// What came out of a stream, and that a file began: throw Error{unknown} where that is too much.
  void count(std::size_t added);
  void count_entry();
};

/// A file of any kind. `place` is how findings name it, `path` tells its kind.
std::unique_ptr<Sink> open_sink(Unpacking& of, std::string place, std::string path, int depth = 0);
/// A file that is in memory.
void scan_file(Scan& scan, std::string_view bytes, const std::string& place, const std::string& path);

}  // namespace baton::precheck::secrets
