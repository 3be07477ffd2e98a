// A stream's bytes on their way into RapidJSON.
#pragma once

#include <cstddef>
#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

namespace baton::precheck {

/// It is no JSON, or none that is read; the text says why.
class MalformedJson : public std::runtime_error {
  using std::runtime_error::runtime_error;
};
MalformedJson malformed_json(const std::string& why);

/// RapidJSON's concept of a stream, whose member names it takes. A byte order mark is passed over. Throws
/// MalformedJson on a zero byte, which RapidJSON would take for the end, and where nothing is heard() for 4 MiB.
class JsonFeed {
 public:
  using Ch = char;

  explicit JsonFeed(std::istream& bytes);
  Ch Peek();
  Ch Take();
  std::size_t Tell() const { return taken_; }
  /// The parser has met something: a text that is not yet over is kept in memory until then.
  void heard() { last_ = taken_; }

  // Only for writing, which no parser does into a stream of this kind.
  Ch* PutBegin() { return nullptr; }
  void Put(Ch) {}
  void Flush() {}
  std::size_t PutEnd(Ch*) { return 0; }

 private:
  bool pull();

  std::istream& bytes_;
  std::vector<char> piece_;
  std::size_t next_ = 0;
  std::size_t filled_ = 0;
  std::size_t taken_ = 0;
  std::size_t last_ = 0;
};

}  // namespace baton::precheck
