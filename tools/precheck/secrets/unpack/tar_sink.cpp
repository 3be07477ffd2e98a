// tar's blocks of 512 bytes: heads, long names of GNU's and of pax, and bodies that are handed on.
#include "tools/precheck/secrets/unpack/tar_sink.h"

#include <algorithm>
#include <optional>

#include "tools/precheck/secrets/unpack/tar_head.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kMaxNames = 1U << 20U;  ///< of one record that names a file

class TarSink final : public Sink {
 public:
  TarSink(Unpacking& of, std::string place, int depth) : of_(of), place_(std::move(place)), depth_(depth) {}

  void take(std::string_view bytes) override {
    while (!bytes.empty() && !is_closed_) {
      if (left_ > 0) {
        take_body(bytes);
      } else if (padding_ > 0) {
        const auto skipped = std::min<std::uint64_t>(padding_, bytes.size());
        padding_ -= skipped;
        bytes.remove_prefix(skipped);
      } else {
        const auto piece = bytes.substr(0, kTarBlock - head_.size());
        head_ += piece;
        bytes.remove_prefix(piece.size());
        if (head_.size() == kTarBlock) take_head();
      }
    }
  }

  void end() override {
    const bool is_cut = left_ > 0 || !head_.empty();
    end_entry();
    if (!is_closed_ && is_cut) of_.scan.coverage.unread("it is cut short", place_);
  }

 private:
  void take_head() {
    const auto head = parse_tar_head(head_);
    const bool is_zero = head_.find_first_not_of('\0') == std::string::npos;
    head_.clear();
    if (is_zero) return;  // two end an archive; more may follow where archives were joined
    if (!head) {
      is_closed_ = true;
      of_.scan.coverage.unread("it is damaged", place_);
      return;
    }
    type_ = head->type;
    left_ = pax_size_ && !is_names() ? *pax_size_ : head->size;
    if (!head->has_body()) left_ = 0;
    padding_ = (kTarBlock - left_ % kTarBlock) % kTarBlock;
    names_.clear();
    if (!is_names()) begin_entry(*head);
    if (left_ == 0) end_entry();
  }

  bool is_names() const { return type_ == 'L' || type_ == 'K' || type_ == 'x' || type_ == 'g'; }

  void begin_entry(const TarHead& head) {
    const std::string name = long_name_.empty() ? head.name : long_name_;
    long_name_.clear();
    pax_size_.reset();
    if (!head.has_body() || left_ == 0) return;
    if (!of_.allows_entry(place_)) return;
    if (type_ == 'S') {
      of_.scan.coverage.unread("it is a sparse file", place_ + "!" + name);
      return;
    }
    entry_ = open_sink(of_, place_ + "!" + name, name, depth_ + 1);
  }

  void take_body(std::string_view& bytes) {
    const auto piece = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    left_ -= piece.size();
    bytes.remove_prefix(piece.size());
    if (is_names() && names_.size() < kMaxNames) names_ += piece;
    if (entry_) entry_->take(piece);
    if (left_ == 0) end_entry();
  }

  void end_entry() {
    if (entry_) entry_->end();
    entry_.reset();
    if (type_ == 'L') long_name_ = names_.substr(0, names_.find('\0'));
    if (type_ == 'x') take_pax();
    names_.clear();
    type_ = 0;
  }

  void take_pax() {
    const auto record = parse_pax(names_);
    if (!record.name.empty()) long_name_ = record.name;
    if (record.size) pax_size_ = record.size;
    // What a build wrote beside a file is text, too.
    of_.scan.scanner.scan(names_, place_ + "!(attributes)", "");
  }

  Unpacking& of_;
  std::string place_;
  int depth_;
  std::string head_ = {};
  char type_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t padding_ = 0;
  std::string names_ = {};
  std::string long_name_ = {};
  std::optional<std::uint64_t> pax_size_ = {};
  std::unique_ptr<Sink> entry_ = {};
  bool is_closed_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_tar_sink(Unpacking& of, const std::string& place, int depth) {
  return std::make_unique<TarSink>(of, place, depth);
}

}  // namespace baton::precheck::secrets
