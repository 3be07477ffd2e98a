// Values that are mappings: how their members are read and described.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/codec.h"

namespace baton::config {

/// What stands for a secret.
inline constexpr std::string_view kHidden = "***";

/// One member of a mapping: its name and what to do with its value.
struct Part {
  std::string_view name;
  std::function<void(const YamlNode&)> read;
};

/// Reads every member by the part of its name. Throws where one fails, and where one is none of them.
void read_parts(const Source& source, const YamlNode& node, std::span<const Part> parts);

/// Reads a member into a field by the field's own codec.
template <typename T>
std::function<void(const YamlNode&)> into(const Source& source, T& field) {
  return [&source, &field](const YamlNode& node) { field = Codec<T>::read(source, node); };
}

std::vector<Part> parts_of(const Source& source, Endpoint& endpoint);
Json server_schema();

/// These members and no others.
Json properties(std::initializer_list<Json::Member> members, std::initializer_list<Json> required = {});
Json described(Json schema, std::string_view what);
Json text(std::string_view what);
/// A text that is not empty.
Json given(std::string_view what);
Json either(std::initializer_list<Json> forms);
Json list_of(std::string_view form, Json items);

}  // namespace baton::config
