// The automaton folds case: it is half as large, and the few texts whose case counts are compared where they are found.
#include "tools/precheck/secrets/plain_engine.h"

#include <algorithm>
#include <array>
#include <queue>

#include "common/core/text.h"

namespace baton::precheck::secrets {
namespace {

char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; }

bool fits(const std::vector<Part>& parts, std::string_view block, std::size_t at) {
  for (const auto& part : parts) {
    const auto size = part.is_class() ? part.least : part.texts.front().size();
    if (at > block.size() || block.size() - at < size) return false;
    const auto here = block.substr(at, size);
    if (part.is_class() ? !std::ranges::all_of(here, [&](char byte) { return has(part.set, byte); })
                        : here != part.texts.front())
      return false;
    at += size;
  }
  return true;
}

class PlainEngine final : public Engine {
 public:
  explicit PlainEngine(const std::vector<Anchor>& anchors) : anchors_(anchors) {
    number_bytes();
    add_state();
    for (std::uint32_t i = 0; i < anchors_.size(); ++i) add_text(i);
    link();
  }

  void find(std::string_view block, std::vector<Candidate>& found) override {
    found.clear();
    std::uint32_t state = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
      state = next_[state * width_ + byte_class_[static_cast<unsigned char>(block[i])]];
      if (is_end_[state]) report(state, block, i + 1, found);
    }
  }

  std::string_view name() const override { return "plain"; }

 private:
  /// Bytes that no text has are one class: a table of them fits into the cache.
  void number_bytes() {
    for (const auto& anchor : anchors_) {
      for (const char byte : anchor.text) {
        auto& number = byte_class_[static_cast<unsigned char>(lower(byte))];
        if (number == 0) number = static_cast<std::uint8_t>(width_++);
      }
    }
    for (unsigned byte = 'A'; byte <= 'Z'; ++byte) byte_class_[byte] = byte_class_[byte - 'A' + 'a'];
  }

  std::uint32_t add_state() {
    next_.resize(next_.size() + width_, 0);
    ends_.emplace_back();
    return static_cast<std::uint32_t>(ends_.size() - 1);
  }

  void add_text(std::uint32_t anchor) {
    std::uint32_t state = 0;
    for (const char byte : anchors_[anchor].text) {
      const auto cell = state * width_ + byte_class_[static_cast<unsigned char>(byte)];
      if (next_[cell] == 0) {
        const auto added = add_state();
        next_[cell] = added;
      }
      state = next_[cell];
    }
    ends_[state].push_back(anchor);
  }

  /// Breadth first: where a text ends early, goes on with the longest one that is still possible.
  void link() {
    std::vector<std::uint32_t> back(ends_.size(), 0);
    std::queue<std::uint32_t> open;
    for (std::size_t byte = 0; byte < width_; ++byte) {
      if (next_[byte] != 0) open.push(next_[byte]);
    }
    for (; !open.empty(); open.pop()) {
      const auto state = open.front();
      const auto& shorter = ends_[back[state]];
      ends_[state].insert(ends_[state].end(), shorter.begin(), shorter.end());
      for (std::size_t byte = 0; byte < width_; ++byte) {
        auto& cell = next_[state * width_ + byte];
        const auto other = next_[back[state] * width_ + byte];
        if (cell == 0) {
          cell = other;
        } else {
          back[cell] = other;
          open.push(cell);
        }
      }
    }
    is_end_.resize(ends_.size());
    for (std::size_t i = 0; i < ends_.size(); ++i) is_end_[i] = ends_[i].empty() ? 0 : 1;
  }

  void report(std::uint32_t state, std::string_view block, std::size_t end, std::vector<Candidate>& found) const {
    for (const auto index : ends_[state]) {
      const auto& anchor = anchors_[index];
      const auto at = end - anchor.text.size();
      if (!anchor.is_caseless && block.substr(at, anchor.text.size()) != anchor.text) continue;
      const std::size_t before = anchor.before.empty() ? 0 : anchor.before.front().least;
      if (at < before || !fits(anchor.before, block, at - before) || !fits(anchor.after, block, end)) continue;
      found.push_back({index, static_cast<std::uint32_t>(at)});
    }
  }

  std::vector<Anchor> anchors_;
  std::array<std::uint8_t, 256> byte_class_{};
  std::size_t width_ = 1;
  std::vector<std::uint32_t> next_ = {};
  std::vector<std::vector<std::uint32_t>> ends_ = {};
  std::vector<std::uint8_t> is_end_ = {};
};

}  // namespace

std::unique_ptr<Engine> make_plain_engine(const std::vector<Anchor>& anchors) {
  return std::make_unique<PlainEngine>(anchors);
}

}  // namespace baton::precheck::secrets
