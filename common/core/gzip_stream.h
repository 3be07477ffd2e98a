// Compressed bytes made whole as they come, in bounded memory.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace baton {

/// One stream of zlib's.
class Inflater {
 public:
  enum class Frame { gzip, zlib, none };
  explicit Inflater(Frame frame);
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  /// Hands out what `packed` adds, in pieces of at most 64 KiB, until the stream ends or `give` returns false; returns
  /// how many bytes it used. Throws Error{unknown} "compressed data is damaged".
  std::size_t take(std::string_view packed, const std::function<bool(std::string_view)>& give);
  bool is_at_end() const;
  /// Begins anew, with the same frame.
  void restart();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace baton
