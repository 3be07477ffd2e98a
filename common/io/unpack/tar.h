// Archives of tar, read as they come: ustar, pax, GNU's long names and sparse files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/io/unpack/decoder.h"

namespace baton {

struct TarEntry {
  enum class Kind { file, folder, symbolic_link, hard_link, other };
  std::string name;  ///< as it is written, at most 64 kB of any bytes: foreign text
  std::string link = {};
  Kind kind = Kind::file;
  std::int64_t size = 0;   ///< of the content that follows
  std::uint32_t mode = 0;  ///< the permission bits
};

struct TarVisitor {
  std::function<void(const TarEntry&)> begin = [](const TarEntry&) {};
  TakeBytes content = [](std::string_view) {};  ///< of the entry that began last, in pieces
  std::function<void()> end = [] {};            ///< all of its content was there
};

struct TarLimits {
  std::int64_t max_entries = 5'000'000;
};

class TarReader {
 public:
  /// `name` is what the archive is called in errors; what the visitor throws comes through.
  TarReader(std::string name, TarVisitor visitor, TarLimits limits = {});
  ~TarReader();
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  /// Bytes behind the archive's end are passed over. Throws Error{unknown} "NAME: …" on whatever is no archive, whose
  /// checksums are wrong, whose names are too long or whose entries too many.
  void feed(std::string_view bytes);
  /// Throws Error{unknown} where an entry is not whole, and where there was nothing at all.
  void finish();
  std::int64_t entries() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace baton
