// Tells a file's kind by its first bytes, never by its name.
#include "tools/precheck/secrets/unpack/sink.h"

#include "common/core/error.h"
#include "tools/precheck/secrets/unpack/packed_sink.h"
#include "tools/precheck/secrets/unpack/tar_sink.h"
#include "tools/precheck/secrets/unpack/zip_sink.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kHead = 512;  ///< tar's mark stands at 257

enum class Kind { text, packed, tar, zip, closed };

Kind kind_by(std::string_view head) {
  constexpr std::size_t kTarMark = 257;
  if (head.starts_with("\x1F\x8B\x08")) return Kind::packed;
  if (head.starts_with("\x28\xB5\x2F\xFD")) return Kind::packed;
  // A frame that decoders skip: what estargz and zstd:chunked put before or behind the others.
  if (head.size() >= 4 && (head[0] & 0xF0) == 0x50 && head.substr(1).starts_with("\x2A\x4D\x18")) return Kind::packed;
  if (head.starts_with("PK\x03\x04")) return Kind::zip;
  if (head.size() > kTarMark && head.substr(kTarMark).starts_with("ustar")) return Kind::tar;
  // Nothing here reads these.
  if (head.starts_with("\xFD"
                       "7zXZ") ||
      head.starts_with("7z\xBC\xAF") || head.starts_with("Rar!\x1A") ||
      (head.starts_with("BZh") && head.size() > 9 && head.substr(4).starts_with("1AY&SY")))
    return Kind::closed;
  return Kind::text;
}

class ScannerSink final : public Sink {
 public:
  ScannerSink(Scan& scan, const std::string& place, const std::string& path) : scan_(scan) {
    scan_.scanner.begin(place, path);
  }
  void take(std::string_view bytes) override {
    size_ += bytes.size();
    scan_.scanner.take(bytes);
  }
  void end() override {
    scan_.scanner.end();
    scan_.coverage.read(size_);
  }

 private:
  Scan& scan_;
  std::uint64_t size_ = 0;
};

class ClosedSink final : public Sink {
 public:
  ClosedSink(Scan& scan, const std::string& why, const std::string& place) { scan.coverage.unread(why, place); }
  void take(std::string_view) override {}
  void end() override {}
};

std::unique_ptr<Sink> open_kind(Kind kind, Unpacking& of, const std::string& place, const std::string& path,
                                int depth) {
  if (kind == Kind::text) return std::make_unique<ScannerSink>(of.scan, place, path);
  if (kind == Kind::closed)
    return std::make_unique<ClosedSink>(of.scan, "it is packed by xz, bzip2, 7-Zip or RAR", place);
  if (depth >= of.limits.depth)
    return std::make_unique<ClosedSink>(of.scan, "archives are too deep in archives", place);
  switch (kind) {
    case Kind::packed:
      return make_packed_sink(of, place, path, depth);
    case Kind::tar:
      return make_tar_sink(of, place, depth);
    case Kind::zip:
      return make_zip_sink(of, place, depth);
    case Kind::text:
    case Kind::closed:
      break;
  }
  return nullptr;
}

/// Waits for as many bytes as tell the kind.
class UnknownSink final : public Sink {
 public:
  UnknownSink(Unpacking& of, std::string place, std::string path, int depth)
      : of_(of), place_(std::move(place)), path_(std::move(path)), depth_(depth) {}

  void take(std::string_view bytes) override {
    if (inner_) {
      inner_->take(bytes);
      return;
    }
    if (head_.empty() && bytes.size() >= kHead) {
      open(bytes);
      return;
    }
    head_ += bytes;
    if (head_.size() >= kHead) open(head_);
  }

  void end() override {
    if (!inner_) open(head_);
    inner_->end();
  }

 private:
  void open(std::string_view bytes) {
    inner_ = open_kind(kind_by(bytes), of_, place_, path_, depth_);
    inner_->take(bytes);
    head_.clear();
  }

  Unpacking& of_;
  std::string place_;
  std::string path_;
  int depth_;
  std::string head_ = {};
  std::unique_ptr<Sink> inner_ = {};
};

}  // namespace

void Unpacking::count(std::size_t added) {
  scan.go_on();
  bytes += static_cast<std::int64_t>(added);
  if (bytes > limits.bytes)
    throw Error(ExitCode::unknown, "it unpacks to more than " + std::to_string(limits.bytes >> 20U) + " MiB");
}

void Unpacking::count_entry() {
  if (++entries > limits.entries)
    throw Error(ExitCode::unknown, "its archives have more than " + std::to_string(limits.entries) + " files");
}

std::unique_ptr<Sink> open_sink(Unpacking& of, std::string place, std::string path, int depth) {
  return std::make_unique<UnknownSink>(of, std::move(place), std::move(path), depth);
}

void scan_file(Scan& scan, std::string_view bytes, const std::string& place, const std::string& path) {
  const auto kind = kind_by(bytes.substr(0, kHead));
  if (kind == Kind::text) {
    scan.scanner.scan(bytes, place, path);
    scan.coverage.read(bytes.size());
    return;
  }
  Unpacking of{.scan = scan};
  const auto sink = open_kind(kind, of, place, path, 0);
  sink->take(bytes);
  sink->end();
}

}  // namespace baton::precheck::secrets
