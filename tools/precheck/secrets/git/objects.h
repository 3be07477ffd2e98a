// The objects of a repository, loose or packed, read as files: no program of anybody's is started.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/clients/git_files.h"
#include "tools/precheck/secrets/git/pack.h"

namespace baton::precheck::secrets {

struct Object {
  ObjectType type = ObjectType::blob;
  std::string bytes = {};
};

/// More is not held in memory: such an object is handed over in pieces, or, as a difference, not read.
constexpr std::uint64_t kMaxObject = 16U << 20U;

class Objects {
 public:
  /// `name_size`: bytes of a name, 20 or 32.
  Objects(const git::Repository& repository, std::size_t name_size);

  /// Nothing: the repository does not have it. Throws Error{unknown} where it is damaged or larger than kMaxObject.
  std::optional<Object> read(std::string_view name);
  /// In pieces; false: the repository does not have it.
  bool stream(std::string_view name, const std::function<void(std::string_view)>& take);
  /// Other folders that hold objects of it (alternates) or servers that do (partial clones) are not asked.
  const std::string& elsewhere() const { return elsewhere_; }

 private:
  struct Packed {
    std::size_t pack = 0;
    std::uint64_t offset = 0;
    bool operator==(const Packed&) const = default;
  };
  std::optional<Packed> find(std::string_view name) const;
  Object read_packed(Packed at);
  std::optional<Object> read_loose(std::string_view name, const std::function<void(std::string_view)>* take) const;
  void keep(Packed at, const Object& object);
  const Object* kept(Packed at);

  fs::path folder_;
  std::size_t name_size_;
  std::vector<std::unique_ptr<Pack>> packs_ = {};
  std::string elsewhere_ = {};
  std::list<std::pair<Packed, Object>> recent_ = {};  ///< bases of differences, the latest first
  std::size_t recent_bytes_ = 0;
};

}  // namespace baton::precheck::secrets
