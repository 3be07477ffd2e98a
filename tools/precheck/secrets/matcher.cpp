// Matches by trying: longest first, one byte less at a time, both ways from a text that is known to be there.
#include "tools/precheck/secrets/matcher.h"

#include <algorithm>

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
/// A structure's parts seldom share bytes: nothing that is one needs a tenth of it. What is built to need more costs no
/// more.
constexpr int kMaxSteps = 20000;

bool is_letter_or_digit(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool is_hex(char byte) { return is_letter_or_digit(byte) && (byte <= '9' || (byte | 0x20) <= 'f'); }

/// "\n" of a JSON string, "%3D" of a URL: their last letter stands for no letter.
bool ends_an_escape(std::string_view before) {
  const auto size = before.size();
  if (size >= 2 && before[size - 2] == '\\') return std::string_view("nrt").find(before.back()) != kNone;
  return size >= 3 && before[size - 3] == '%' && is_hex(before[size - 2]) && is_hex(before.back());
}

class Match {
 public:
  Match(const Rule& rule, std::string_view block) : rule_(rule), block_(block) {}

  /// The end of parts `i`…, which begin at `at`.
  std::size_t forward(std::size_t i, std::size_t at) {
    if (++steps_ > kMaxSteps) return kNone;
    if (i == rule_.parts.size()) return is_end(at) ? at : kNone;
    const auto& part = rule_.parts[i];
    if (!part.is_class()) return forward_text(part, i, at);
    auto count = run_after(part, at);
    if (i + 1 == rule_.parts.size() && count < run_after(part, at, part.most + 1)) return kNone;
    for (;; --count) {
      if (count < part.least || steps_ > kMaxSteps) return kNone;
      const auto end = forward(i + 1, at + count);
      if (end != kNone) {
        if (part.is_value) note(at, at + count);
        return end;
      }
      if (count == 0) return kNone;
    }
  }

  /// The beginning of parts …`i`-1, which end at `at`.
  std::size_t backward(std::size_t i, std::size_t at) {
    if (++steps_ > kMaxSteps) return kNone;
    if (i == 0) return is_begin(at) ? at : kNone;
    const auto& part = rule_.parts[i - 1];
    if (!part.is_class()) return backward_text(part, i, at);
    for (auto count = run_before(part, at);; --count) {
      if (count < part.least || steps_ > kMaxSteps) return kNone;
      const auto begin = backward(i - 1, at - count);
      if (begin != kNone) {
        if (part.is_value) note(at - count, at);
        return begin;
      }
      if (count == 0) return kNone;
    }
  }

  Found found(std::size_t begin, std::size_t end) const {
    if (value_end_ == 0) return {begin, end, begin, end};
    return {begin, end, value_begin_, value_end_};
  }

 private:
  std::size_t forward_text(const Part& part, std::size_t i, std::size_t at) {
    for (const auto& text : part.texts) {
      if (block_.substr(at).starts_with(text)) {
        const auto end = forward(i + 1, at + text.size());
        if (end != kNone) return end;
      }
    }
    return part.is_optional ? forward(i + 1, at) : kNone;
  }

  std::size_t backward_text(const Part& part, std::size_t i, std::size_t at) {
    for (const auto& text : part.texts) {
      if (block_.substr(0, at).ends_with(text)) {
        const auto begin = backward(i - 1, at - text.size());
        if (begin != kNone) return begin;
      }
    }
    return part.is_optional ? backward(i - 1, at) : kNone;
  }

  std::size_t run_after(const Part& part, std::size_t at, std::size_t most) const {
    std::size_t count = 0;
    while (count < most && at + count < block_.size() && has(part.set, block_[at + count])) ++count;
    return count;
  }
  std::size_t run_after(const Part& part, std::size_t at) const { return run_after(part, at, part.most); }

  std::size_t run_before(const Part& part, std::size_t at) const {
    std::size_t count = 0;
    while (count < part.most && count < at && has(part.set, block_[at - count - 1])) ++count;
    return count;
  }

  bool is_end(std::size_t at) const {
    const auto& last = rule_.parts.back();
    return at >= block_.size() || !last.is_class() || !has(last.set, block_[at]);
  }

  bool is_begin(std::size_t at) const {
    if (at == 0) return true;
    const char before = block_[at - 1];
    const auto& first = rule_.parts.front();
    const bool continues = first.is_class()
                               ? has(first.set, before)
                               : is_letter_or_digit(first.texts.front().front()) && is_letter_or_digit(before);
    return !continues || ends_an_escape(block_.substr(0, at));
  }

  void note(std::size_t begin, std::size_t end) {
    value_begin_ = begin;
    value_end_ = end;
  }

  const Rule& rule_;
  std::string_view block_;
  int steps_ = 0;
  std::size_t value_begin_ = 0;
  std::size_t value_end_ = 0;
};

}  // namespace

std::optional<Found> match_around(const Rule& rule, std::size_t part, std::string_view text, std::string_view block,
                                  std::size_t at) {
  Match match(rule, block);
  const auto end = match.forward(part + 1, at + text.size());
  if (end == kNone) return std::nullopt;
  const auto begin = match.backward(part, at);
  if (begin == kNone) return std::nullopt;
  return match.found(begin, end);
}

std::optional<Found> match_at(const Rule& rule, std::string_view block, std::size_t at) {
  Match match(rule, block);
  if (match.backward(0, at) == kNone) return std::nullopt;
  const auto end = match.forward(0, at);
  if (end == kNone) return std::nullopt;
  return match.found(at, end);
}

}  // namespace baton::precheck::secrets
