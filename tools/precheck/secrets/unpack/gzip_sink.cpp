// One member after another; each may be of another size.
#include "tools/precheck/secrets/unpack/gzip_sink.h"

#include "common/core/error.h"
#include "common/core/gzip_stream.h"

namespace baton::precheck::secrets {
namespace {

class GzipSink final : public Sink {
 public:
  GzipSink(Unpacking& of, const std::string& place, const std::string& path, int depth)
      : of_(of), place_(place), inner_(open_sink(of, place, inner_path(path), depth + 1)) {}

  void take(std::string_view bytes) override {
    while (!bytes.empty() && !is_closed_) {
      if (stream_.is_at_end() && !starts_member(bytes)) return;
      try {
        const auto used = stream_.take(bytes, [&](std::string_view piece) { return hand_on(piece); });
        in_ += used;
        bytes.remove_prefix(used);
      } catch (const Error&) {
        close("it is damaged");
      }
    }
  }

  void end() override {
    if (!is_closed_ && !stream_.is_at_end()) close("it is cut short");
    inner_->end();
  }

 private:
  static std::string inner_path(std::string path) {
    if (path.ends_with(".gz")) path.resize(path.size() - 3);
    return path;
  }

  /// False: what is behind the last member is none; zeros pad tapes.
  bool starts_member(std::string_view bytes) {
    if (bytes.front() == '\x1F') {
      stream_.restart();
      return true;
    }
    if (bytes.find_first_not_of('\0') != std::string_view::npos) close("something else follows its last stream");
    return false;
  }

  bool hand_on(std::string_view piece) {
    out_ += piece.size();
    if (!of_.allows(in_ + 1, out_, piece.size(), place_)) {
      is_closed_ = true;
      return false;
    }
    inner_->take(piece);
    return true;
  }

  void close(const std::string& why) {
    is_closed_ = true;
    of_.scan.coverage.unread(why, place_);
  }

  Unpacking& of_;
  std::string place_;
  std::unique_ptr<Sink> inner_;
  Inflater stream_{Inflater::Frame::gzip};
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
  bool is_closed_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_gzip_sink(Unpacking& of, const std::string& place, const std::string& path, int depth) {
  return std::make_unique<GzipSink>(of, place, path, depth);
}

}  // namespace baton::precheck::secrets
