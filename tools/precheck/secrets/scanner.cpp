// A window slides over the file: what begins in its last part is judged when more of it is there.
#include "tools/precheck/secrets/scanner.h"

#include <algorithm>

#include "tools/precheck/secrets/values.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kWindow = 256U << 10U;
constexpr std::size_t kAhead = 24U << 10U;  ///< longer than any structure
constexpr std::size_t kBehind = 8U << 10U;  ///< what may stand before a rule's text, and the line it stands in
constexpr std::size_t kTelling = 8000;      ///< bytes by which a file is taken for text, as git does

}  // namespace

void Scanner::begin(std::string place, std::string_view path) {
  place_ = std::move(place);
  kind_ = kind_of(path);
  text_ = Text::unknown;
  has_odd_byte_ = false;
  buffer_.clear();
  from_ = 0;
  lines_ = 0;
}

void Scanner::recognise(std::string_view first) {
  if (first.starts_with("\xFF\xFE")) {
    text_ = Text::utf16_little;
  } else if (first.starts_with("\xFE\xFF")) {
    text_ = Text::utf16_big;
  } else {
    text_ = first.substr(0, kTelling).find('\0') == std::string_view::npos ? Text::bytes : Text::binary;
  }
}

void Scanner::append(std::string_view bytes) {
  if (text_ != Text::utf16_little && text_ != Text::utf16_big) {
    buffer_ += bytes;
    return;
  }
  // No secret has other letters than ASCII's.
  for (const char byte : bytes) {
    if (!has_odd_byte_) {
      odd_byte_ = byte;
    } else {
      const char high = text_ == Text::utf16_big ? odd_byte_ : byte;
      const char low = text_ == Text::utf16_big ? byte : odd_byte_;
      buffer_.push_back(high == 0 ? low : '?');
    }
    has_odd_byte_ = !has_odd_byte_;
  }
}

void Scanner::take(std::string_view bytes) {
  while (!bytes.empty()) {
    if (text_ == Text::unknown) recognise(bytes);
    buffer_.reserve(kWindow);
    const auto piece = bytes.substr(0, kWindow - std::min(kWindow - 1, buffer_.size()));
    append(piece);
    bytes.remove_prefix(piece.size());
    if (buffer_.size() < kWindow) continue;
    scan_window(buffer_, from_, /*is_last=*/false);
    const auto keep = buffer_.size() - kAhead - kBehind;
    lines_ += static_cast<std::size_t>(
        std::count(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(keep), '\n'));
    buffer_.erase(0, keep);
    from_ = kBehind;
  }
}

void Scanner::end() {
  scan_window(buffer_, from_, /*is_last=*/true);
  buffer_.clear();
}

void Scanner::scan(std::string_view bytes, std::string place, std::string_view path) {
  begin(std::move(place), path);
  recognise(bytes);
  if (bytes.size() <= kWindow * 4 && text_ != Text::utf16_little && text_ != Text::utf16_big) {
    scan_window(bytes, 0, /*is_last=*/true);
    return;
  }
  take(bytes);
  end();
}

void Scanner::scan_window(std::string_view block, std::size_t from, bool is_last) {
  book_.engine->find(block, candidates_);
  const auto limit = is_last ? block.size() : block.size() - kAhead;
  std::erase_if(candidates_, [&](const Candidate& one) { return one.at < from || one.at >= limit; });
  if (candidates_.empty()) return;
  hits_.clear();
  for (const auto& candidate : candidates_) judge(book_, candidate, block, kind_, text_ != Text::binary, hits_);
  std::erase_if(hits_, [&](const Hit& hit) { return is_placeholder(hit.found.value(block)); });
  resolve(hits_);
  report(block);
}

void Scanner::report(std::string_view block) {
  auto line = lines_ + 1;
  auto counted = block.begin();
  for (const auto& hit : hits_) {
    const auto at = block.begin() + static_cast<std::ptrdiff_t>(hit.found.value_begin);
    if (at > counted) line += static_cast<std::size_t>(std::count(counted, at, '\n'));
    counted = std::max(counted, at);
    secrets_.add(*hit.rule, hit.severity, hit.found.value(block),
                 text_ == Text::binary ? place_ : place_ + ":" + std::to_string(line));
  }
}

}  // namespace baton::precheck::secrets
