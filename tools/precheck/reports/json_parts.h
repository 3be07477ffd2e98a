// JSON that is too large for one value: the parts of it that matter, each as soon as it has been read.
#pragma once

#include <functional>
#include <istream>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"

namespace baton::precheck {

/// Names of the members and numbers of the items on the way to a value, from the root on; the root has none.
using JsonPlace = std::vector<std::string>;

struct JsonPart {
  /// "metadata/tools"; "*" stands for any member or item: "runs/*/results/*"; "" is the root. With "/" behind it an
  /// object or array is told when it opens, as an empty one, and what it holds is looked at as well.
  std::string_view path;
  std::function<void(const Json& value, const JsonPlace& at)> take;
};

/// Reads one JSON document; what no part names is checked and forgotten. Throws Error{unknown} "NAME: …" on anything
/// else than JSON in UTF-8, on a depth over 100, on a member that an object on the way to a part has twice, on a text
/// or gap over 4 MiB and on a part over 8 MiB. What the stream throws comes through, and so does what `take` throws,
/// "NAME: " put before an Error.
void parse_json_parts(std::istream& bytes, std::string_view name, std::span<const JsonPart> parts);

/// What the beginning of a JSON text shows: its outermost members, and those of the first items within.
class JsonHead {
 public:
  /// Of a text that is cut anywhere, or is no JSON at all: then as much as was readable before.
  explicit JsonHead(std::string_view head);
  bool is_null() const { return root_ == "null"; }
  bool is_object() const { return root_ == "{"; }
  /// "matches", "*/Target", "results/*/packages": at most four steps, "*" for an item.
  bool has(std::string_view path) const;
  /// What stands there as a text; empty where something else does.
  std::string_view text(std::string_view path) const;

 private:
  std::string root_ = {};                         ///< "{", "[", "null" or "other"; empty: no JSON
  std::map<std::string, std::string> seen_ = {};  ///< texts by their paths
};

}  // namespace baton::precheck
