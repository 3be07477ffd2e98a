// Where a file's bytes go: to the scanner, or through what unpacks them first.
#pragma once

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
  std::uint64_t bytes = 16ULL << 30U;       ///< unpacked, of one outer file
  std::uint64_t ratio = 200;                ///< unpacked to packed, once there is more than `ratio_from`
  std::uint64_t ratio_from = 256ULL << 20U;
  std::size_t entries = 2'000'000;          ///< of all archives within one outer file
  int depth = 6;                            ///< archives in archives
};

/// What has been unpacked of one outer file.
struct Unpacking {
  Scan& scan;
  Limits limits = {};
  std::uint64_t bytes = 0;
  std::size_t entries = 0;

  /// Counts what came out of a stream; false, and noted as not read, when that was too much.
  bool allows(std::uint64_t in, std::uint64_t out, std::size_t added, const std::string& place);
  bool allows_entry(const std::string& place);
};

/// A file of any kind. `place` is how findings name it, `path` tells its kind.
std::unique_ptr<Sink> open_sink(Unpacking& of, std::string place, std::string path, int depth = 0);
/// A file that is in memory.
void scan_file(Scan& scan, std::string_view bytes, const std::string& place, const std::string& path);

}  // namespace baton::precheck::secrets
