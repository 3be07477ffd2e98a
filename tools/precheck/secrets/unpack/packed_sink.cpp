// Unpacks as the bytes come; what is damaged ends here and is counted.
#include "tools/precheck/secrets/unpack/packed_sink.h"

#include "common/core/error.h"
#include "common/io/unpack/decoder.h"

namespace baton::precheck::secrets {
namespace {

std::string inner_path(std::string path) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (path.ends_with(ending)) path.erase(path.size() - ending.size());
  }
  return path;
}

class PackedSink final : public Sink {
 public:
  PackedSink(Unpacking& of, const std::string& place, const std::string& path, int depth)
      : of_(of),
        place_(place),
        inner_(open_sink(of, place, inner_path(path), depth + 1)),
        decoder_("it", [this](std::string_view piece) { hand_on(piece); },
                 {.max_bytes = of.limits.bytes, .max_ratio = of.limits.ratio, .ratio_from = of.limits.ratio_from}) {}

  void take(std::string_view bytes) override {
    if (!is_closed_) guarded([&] { decoder_.feed(bytes); });
  }

  void end() override {
    if (!is_closed_) guarded([&] { decoder_.finish(); });
    inner_->end();
  }

 private:
  template <typename Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const Error& error) {
      if (error.code() == ExitCode::interrupted) throw;
      is_closed_ = true;
      of_.scan.coverage.unread(error.what(), place_);
    }
  }

  void hand_on(std::string_view piece) {
    of_.count(piece.size());
    inner_->take(piece);
  }

  Unpacking& of_;
  std::string place_;
  std::unique_ptr<Sink> inner_;
  Decoder decoder_;
  bool is_closed_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_packed_sink(Unpacking& of, const std::string& place, const std::string& path, int depth) {
  return std::make_unique<PackedSink>(of, place, path, depth);
}

}  // namespace baton::precheck::secrets
