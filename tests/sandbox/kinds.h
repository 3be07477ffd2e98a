// The kinds of objects the sandbox serves.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace baton::sandbox {

enum class Origin { stored, computed };

struct Kind {
  std::string_view group;  ///< empty: the core group
  std::string_view version;
  std::string_view plural;
  std::string_view singular;
  std::string_view name;
  std::string_view short_name = {};
  bool is_namespaced = true;
  bool has_status = true;
  bool has_scale = false;
  bool counts_generation = false;
  Origin origin = Origin::stored;
};

std::span<const Kind> kinds();
/// nullptr when nothing of that name is served.
const Kind* find_kind(std::string_view group, std::string_view version, std::string_view plural);
/// The one whose `name` this is; for kinds that are certainly served.
const Kind& kind_named(std::string_view name);

std::string api_version(const Kind& kind);       ///< "apps/v1"
std::string qualified_plural(const Kind& kind);  ///< "deployments.apps"

}  // namespace baton::sandbox
