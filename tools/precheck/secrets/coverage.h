// What a scan read, and what it could not: a part that nobody looked at is never a pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace baton::precheck::secrets {

class Coverage {
 public:
  void read(std::uint64_t bytes) {
    ++files_;
    bytes_ += bytes;
  }
  /// `why` completes "was not read: ": "it is cut short". The first place of a reason is kept as an example.
  void unread(const std::string& why, const std::string& place);
  void add(const Coverage& other);

  std::size_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }
  bool is_whole() const { return unread_.empty(); }
  std::size_t unread_count() const;
  /// "2 were not read: it is cut short (a.gz); …"; empty when all was read.
  std::string unread_text() const;

 private:
  struct Unread {
    std::size_t count = 0;
    std::string example = {};
  };
  std::size_t files_ = 0;
  std::uint64_t bytes_ = 0;
  std::map<std::string, Unread, std::less<>> unread_ = {};
};

}  // namespace baton::precheck::secrets
