// Reads a zip from its front, entry by entry: no list at its end is needed, and none can hide a file from us.
#include "tools/precheck/secrets/unpack/zip_sink.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/gzip_stream.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kHead = 30;
constexpr unsigned kEncrypted = 1;
constexpr unsigned kSizeFollows = 8;
constexpr unsigned kStored = 0;
constexpr unsigned kDeflated = 8;

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

class ZipSink final : public Sink {
 public:
  ZipSink(Unpacking& of, std::string place, int depth) : of_(of), place_(std::move(place)), depth_(depth) {}

  void take(std::string_view bytes) override {
    try {
      take_all(bytes);
    } catch (const Error& error) {
      if (error.code() == ExitCode::interrupted) throw;
      close(error.what());
    }
  }

  void end() override {
    if (state_ != State::list && state_ != State::closed) close("it is cut short");
    if (entry_) entry_->end();
    entry_.reset();
  }

 private:
  enum class State { head, names, stored, deflated, list, closed };

  void take_all(std::string_view bytes) {
    while (!bytes.empty() && state_ != State::closed && state_ != State::list) {
      switch (state_) {
        case State::head:
          take_head(bytes);
          break;
        case State::names:
          take_names(bytes);
          break;
        case State::stored:
          take_stored(bytes);
          break;
        case State::deflated:
          take_deflated(bytes);
          break;
        case State::list:
        case State::closed:
          break;
      }
    }
  }

  /// Fills `text_` up to `size` bytes.
  bool gather(std::string_view& bytes, std::size_t size) {
    const auto piece = bytes.substr(0, size - std::min(size, text_.size()));
    text_ += piece;
    bytes.remove_prefix(piece.size());
    return text_.size() >= size;
  }

  void take_head(std::string_view& bytes) {
    if (!gather(bytes, 4)) return;
    if (text_.starts_with("PK\x07\x08")) {  // the size of the entry before, 12 or 20 bytes of it
      skip_size(bytes);
      return;
    }
    if (text_ == std::string_view("PK\x01\x02") || text_ == std::string_view("PK\x05\x06") ||
        text_ == std::string_view("PK\x06\x08")) {
      state_ = State::list;
      return;
    }
    if (!text_.starts_with("PK\x03\x04")) {
      close("it is damaged");
      return;
    }
    if (!gather(bytes, kHead)) return;
    flags_ = static_cast<unsigned>(little(text_, 6, 2));
    method_ = static_cast<unsigned>(little(text_, 8, 2));
    packed_ = little(text_, 18, 4);
    name_size_ = little(text_, 26, 2);
    extra_size_ = little(text_, 28, 2);
    text_.clear();
    state_ = State::names;
  }

  /// Sizes have four bytes or, in large archives, eight: what follows tells.
  void skip_size(std::string_view& bytes) {
    if (!gather(bytes, 20)) return;
    if (text_.compare(16, 2, "PK") != 0 && !gather(bytes, 28)) return;
    const auto rest = text_.substr(text_.compare(16, 2, "PK") == 0 ? 16 : 24);
    text_ = rest;
  }

  void take_names(std::string_view& bytes) {
    if (!gather(bytes, name_size_ + extra_size_)) return;
    const auto name = text_.substr(0, name_size_);
    read_large_size(std::string_view(text_).substr(name_size_));
    text_.clear();
    begin_entry(name);
  }

  /// Extra field 1 of a large archive: unpacked and packed size.
  void read_large_size(std::string_view extra) {
    constexpr std::uint64_t kLarge = 0xFFFFFFFF;
    while (extra.size() >= 4) {
      const auto size = std::min<std::size_t>(little(extra, 2, 2), extra.size() - 4);
      if (little(extra, 0, 2) == 1 && size >= 16 && packed_ == kLarge) packed_ = little(extra, 12, 8);
      extra.remove_prefix(4 + size);
    }
  }

  void begin_entry(const std::string& name) {
    entry_place_ = place_ + "!" + name;
    in_ = out_ = 0;
    const bool has_size = (flags_ & kSizeFollows) == 0;
    if ((flags_ & kEncrypted) != 0) {
      skip_entry("it is encrypted", has_size);
    } else if (method_ == kDeflated) {
      stream_ = Inflater(Inflater::Frame::none);
      state_ = State::deflated;
      open_entry(name);
    } else if (method_ == kStored && has_size) {
      state_ = packed_ == 0 ? State::head : State::stored;
      if (packed_ > 0) open_entry(name);
    } else {
      skip_entry(method_ == kStored ? "its size is not told" : "it is packed in a way that is not known", has_size);
    }
  }

  void open_entry(const std::string& name) {
    of_.count_entry();
    entry_ = open_sink(of_, entry_place_, name, depth_ + 1);
  }

  void skip_entry(const std::string& why, bool has_size) {
    of_.scan.coverage.unread(why, entry_place_);
    if (!has_size) {
      close("what follows an entry of no known size cannot be told");
      return;
    }
    state_ = packed_ == 0 ? State::head : State::stored;
  }

  void take_stored(std::string_view& bytes) {
    const auto piece = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(packed_, bytes.size())));
    packed_ -= piece.size();
    bytes.remove_prefix(piece.size());
    if (entry_) entry_->take(piece);
    if (packed_ == 0) end_entry();
  }

  void take_deflated(std::string_view& bytes) {
    // Counted before: what it comes to is held against it.
    const auto given = static_cast<std::int64_t>(bytes.size());
    in_ += given;
    const auto used = stream_.take(bytes, [&](std::string_view piece) { return hand_on(piece); });
    in_ -= given - static_cast<std::int64_t>(used);
    bytes.remove_prefix(used);
    if (stream_.is_at_end()) end_entry();
  }

  bool hand_on(std::string_view piece) {
    out_ += static_cast<std::int64_t>(piece.size());
    of_.count(piece.size());
    if (out_ > of_.limits.ratio_from && out_ / of_.limits.ratio > in_)
      throw Error(ExitCode::unknown, "it unpacks to more than " + std::to_string(of_.limits.ratio) + " times its size");
    if (entry_) entry_->take(piece);
    return true;
  }

  void end_entry() {
    if (entry_) entry_->end();
    entry_.reset();
    if (state_ != State::closed) state_ = State::head;
  }

  void close(const std::string& why) {
    state_ = State::closed;
    of_.scan.coverage.unread(why, place_);
  }

  Unpacking& of_;
  std::string place_;
  int depth_;
  State state_ = State::head;
  std::string text_ = {};
  unsigned flags_ = 0;
  unsigned method_ = 0;
  std::uint64_t packed_ = 0;
  std::size_t name_size_ = 0;
  std::size_t extra_size_ = 0;
  std::string entry_place_ = {};
  std::unique_ptr<Sink> entry_ = {};
  Inflater stream_{Inflater::Frame::none};
  std::int64_t in_ = 0;
  std::int64_t out_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_zip_sink(Unpacking& of, const std::string& place, int depth) {
  return std::make_unique<ZipSink>(of, place, depth);
}

}  // namespace baton::precheck::secrets
