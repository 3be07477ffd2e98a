// Every entry that has content, also one that a later entry or layer replaces.
#include "tools/precheck/secrets/unpack/tar_sink.h"

#include "common/core/error.h"
#include "common/io/unpack/tar.h"

namespace baton::precheck::secrets {
namespace {

class TarSink final : public Sink {
 public:
  TarSink(Unpacking& of, std::string place, int depth)
      : of_(of),
        place_(std::move(place)),
        depth_(depth),
        reader_("it", {.begin = [this](const TarEntry& entry) { begin(entry); },
                       .content = [this](std::string_view bytes) { content(bytes); },
                       .end = [this] { end_entry(); }}) {}

  void take(std::string_view bytes) override {
    if (!is_closed_) guarded([&] { reader_.feed(bytes); });
  }

  void end() override {
    if (!is_closed_) guarded([&] { reader_.finish(); });
    end_entry();
  }

 private:
  void begin(const TarEntry& entry) {
    end_entry();
    if (entry.kind != TarEntry::Kind::file || entry.size == 0) return;
    of_.count_entry();
    entry_ = open_sink(of_, place_ + "!" + entry.name, entry.name, depth_ + 1);
  }

  void content(std::string_view bytes) {
    if (entry_) entry_->take(bytes);
  }

  void end_entry() {
    if (entry_) entry_->end();
    entry_.reset();
  }

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

  Unpacking& of_;
  std::string place_;
  int depth_;
  std::unique_ptr<Sink> entry_ = {};
  TarReader reader_;
  bool is_closed_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_tar_sink(Unpacking& of, const std::string& place, int depth) {
  return std::make_unique<TarSink>(of, place, depth);
}

}  // namespace baton::precheck::secrets
