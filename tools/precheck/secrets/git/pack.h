// A pack of git's: where an object lies, and what is kept of it there. Read by position, never as a whole.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/io/descriptor.h"
#include "common/io/files.h"

namespace baton::precheck::secrets {

enum class ObjectType { commit = 1, tree = 2, blob = 3, tag = 4, offset_delta = 6, name_delta = 7 };

/// What stands before an object's compressed bytes.
struct PackedHead {
  ObjectType type = ObjectType::blob;
  std::uint64_t size = 0;      ///< of the object or the delta, unpacked
  std::uint64_t begin = 0;     ///< of its compressed bytes
  std::uint64_t base = 0;      ///< of an offset_delta: where its base stands
  std::string base_name = {};  ///< of a name_delta, in bytes
};

class Pack {
 public:
  /// `index` is "pack-….idx", beside its ".pack"; `name_size` 20 or 32 bytes. Throws Error{unknown} on another version.
  Pack(const fs::path& index, std::size_t name_size);

  /// Where the object of that name (in bytes) begins; nothing: it is not here.
  std::optional<std::uint64_t> find(std::string_view name) const;
  /// Throws Error{unknown} "… is damaged".
  PackedHead head_at(std::uint64_t offset) const;
  /// The unpacked bytes in pieces, until `give` returns false. Throws Error{unknown} where they are not `head.size`.
  void read(const PackedHead& head, const std::function<bool(std::string_view)>& give) const;

 private:
  std::uint64_t number_at(std::uint64_t position, std::size_t bytes) const;

  std::string name_;
  std::size_t name_size_;
  Descriptor index_;
  Descriptor pack_;
  std::uint64_t count_ = 0;
};

}  // namespace baton::precheck::secrets
