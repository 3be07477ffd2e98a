// Piece by piece.
#include "tools/precheck/reports/json_feed.h"

#include <string_view>

namespace baton::precheck {
namespace {

constexpr std::size_t kPiece = 16U << 10U;
constexpr std::size_t kMaxUnheard = 4U << 20U;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

}  // namespace

MalformedJson malformed_json(const std::string& why) { return MalformedJson(why); }

JsonFeed::JsonFeed(std::istream& bytes) : bytes_(bytes), piece_(kPiece) {
  if (pull() && std::string_view(piece_.data(), filled_).starts_with(kMark)) next_ = kMark.size();
}

bool JsonFeed::pull() {
  if (bytes_.eof()) return false;
  bytes_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
  filled_ = static_cast<std::size_t>(bytes_.gcount());
  next_ = 0;
  return filled_ > 0;
}

JsonFeed::Ch JsonFeed::Peek() {
  if (next_ == filled_ && !pull()) return '\0';
  if (piece_[next_] == '\0') throw malformed_json("a zero byte stands in it");
  return piece_[next_];
}

JsonFeed::Ch JsonFeed::Take() {
  const Ch taken = Peek();
  if (taken == '\0') return taken;
  ++next_;
  ++taken_;
  if (taken_ - last_ > kMaxUnheard) throw malformed_json("a text or a gap in it is over 4 MiB");
  return taken;
}

}  // namespace baton::precheck
