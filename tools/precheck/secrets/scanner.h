// Bytes of a file, whole or as they come, through the engine, the structures and what tells a secret from its
// stand-ins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/secrets/file_kind.h"
#include "tools/precheck/secrets/judge.h"
#include "tools/precheck/secrets/secret.h"

namespace baton::precheck::secrets {

/// One file after another; holds half a megabyte, however large a file is.
class Scanner {
 public:
  Scanner(Rulebook& book, Secrets& secrets) : book_(book), secrets_(secrets) {}

  /// `place` is how findings name the file; `path` alone tells its kind.
  void begin(std::string place, std::string_view path);
  void take(std::string_view bytes);
  void end();
  /// A file that is in memory.
  void scan(std::string_view bytes, std::string place, std::string_view path);

 private:
  enum class Text { unknown, bytes, binary, utf16_little, utf16_big };
  void recognise(std::string_view first);
  void append(std::string_view bytes);
  void scan_window(std::string_view block, std::size_t from, bool is_last);
  void report(std::string_view block);

  Rulebook& book_;
  Secrets& secrets_;
  std::string place_ = {};
  FileKind kind_ = {};
  Text text_ = Text::unknown;
  bool has_odd_byte_ = false;  ///< of UTF-16, cut between two pieces
  char odd_byte_ = 0;
  std::string buffer_ = {};
  std::size_t from_ = 0;   ///< what stands before it in the buffer was judged already
  std::size_t lines_ = 0;  ///< before the buffer
  std::vector<Candidate> candidates_ = {};
  std::vector<Hit> hits_ = {};
};

}  // namespace baton::precheck::secrets
