// Counts, and words what was left out.
#include "tools/precheck/secrets/coverage.h"

#include "common/core/printable.h"

namespace baton::precheck::secrets {

void Coverage::unread(const std::string& why, const std::string& place) {
  auto& reason = unread_[why];
  if (reason.count++ == 0) reason.example = place;
}

void Coverage::add(const Coverage& other) {
  files_ += other.files_;
  bytes_ += other.bytes_;
  for (const auto& [why, of] : other.unread_) {
    auto& reason = unread_[why];
    if (reason.count == 0) reason.example = of.example;
    reason.count += of.count;
  }
}

std::size_t Coverage::unread_count() const {
  std::size_t count = 0;
  for (const auto& [why, of] : unread_) count += of.count;
  return count;
}

std::string Coverage::unread_text() const {
  constexpr std::size_t kLongPlace = 200;
  std::string text;
  for (const auto& [why, of] : unread_) {
    text += (text.empty() ? "" : "; ") + std::to_string(of.count) + " not read, as " + why + " ('" +
            printable(of.example, kLongPlace) + "'" + (of.count > 1 ? ", …" : "") + ")";
  }
  return text;
}

}  // namespace baton::precheck::secrets
