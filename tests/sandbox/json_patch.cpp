// RFC 6902.
#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <string>

#include "common/core/text.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/patch.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

Refusal cannot(const Json& operation, const std::string& why) {
  return invalid("the server rejected our request due to an error in our request: " + operation["op"].string_or("?") +
                 " operation at '" + operation["path"].string_or("") + "': " + why);
}

struct Place {
  Json* parent = nullptr;
  std::string token;
};

std::optional<std::size_t> index_in(const Json& array, std::string_view token) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size() || index >= array.size()) return std::nullopt;
  return index;
}

Json* child_of(Json& parent, std::string_view token) {
  if (parent.is_object()) {
    for (auto& [key, value] : parent.members()) {
      if (key == token) return &value;
    }
  } else if (parent.is_array()) {
    if (const auto index = index_in(parent, token)) return &parent.items()[*index];
  }
  return nullptr;
}

Place find_place(Json& root, const Json& operation, const std::string& pointer) {
  if (!pointer.starts_with('/')) throw cannot(operation, "a path begins with '/'");
  auto tokens = split(pointer.substr(1), '/');
  for (auto& token : tokens) token = replace_all(replace_all(token, "~1", "/"), "~0", "~");
  Json* here = &root;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    here = child_of(*here, tokens[i]);
    if (here == nullptr) throw cannot(operation, "missing path");
  }
  return {.parent = here, .token = tokens.back()};
}

Json& existing(Json& root, const Json& operation, const std::string& pointer) {
  const auto place = find_place(root, operation, pointer);
  auto* found = child_of(*place.parent, place.token);
  if (found == nullptr) throw cannot(operation, "missing value");
  return *found;
}

void add_at(Json& root, const Json& operation, Json value) {
  const auto place = find_place(root, operation, operation["path"].string());
  if (place.parent->is_object()) {
    (*place.parent)[place.token] = std::move(value);
    return;
  }
  if (!place.parent->is_array()) throw cannot(operation, "the parent holds nothing");
  auto& items = place.parent->items();
  const auto index = index_in(*place.parent, place.token);
  const bool is_at_end = place.token == "-" || place.token == std::to_string(items.size());
  if (!index && !is_at_end) throw cannot(operation, "no such index");
  items.insert(index ? items.begin() + static_cast<std::ptrdiff_t>(*index) : items.end(), std::move(value));
}

Json remove_at(Json& root, const Json& operation, const std::string& pointer) {
  auto removed = existing(root, operation, pointer);
  const auto place = find_place(root, operation, pointer);
  if (place.parent->is_object()) {
    place.parent->erase(place.token);
  } else {
    auto& items = place.parent->items();
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(index_in(*place.parent, place.token).value()));
  }
  return removed;
}

void apply(Json& root, const Json& operation) {
  const auto verb = operation["op"].string();
  const auto path = operation["path"].string();
  if (verb == "add") {
    add_at(root, operation, operation["value"]);
  } else if (verb == "replace") {
    existing(root, operation, path) = operation["value"];
  } else if (verb == "remove") {
    remove_at(root, operation, path);
  } else if (verb == "test") {
    if (!is_same(existing(root, operation, path), operation["value"])) throw cannot(operation, "testing value failed");
  } else if (verb == "move") {
    add_at(root, operation, remove_at(root, operation, operation["from"].string()));
  } else if (verb == "copy") {
    add_at(root, operation, Json(existing(root, operation, operation["from"].string())));
  } else {
    throw cannot(operation, "unknown operation");
  }
}

}  // namespace

Json json_patched(Json object, const Json& operations) {
  for (const auto& operation : operations.items()) apply(object, operation);
  return object;
}

}  // namespace baton::sandbox
