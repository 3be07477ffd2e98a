// build.json, which is foreign text: nothing in it is believed but what it can be checked by.
#include "common/step/build_record.h"

#include <fmt/format.h>

#include "common/core/printable.h"
#include "common/core/units.h"

namespace baton {
namespace {

constexpr std::size_t kMaxBytes = 64U << 10U;
constexpr std::string_view kNotKnown = "not known";

std::optional<Time> time_of(const Json& value) {
  return value.is_string() ? parse_rfc3339(value.string()) : std::nullopt;
}

std::string text_of(std::optional<Time> time) { return time ? to_rfc3339(*time) : std::string(kNotKnown); }

std::string duration_of(const BuildRecord& build) {
  if (!build.start || !build.end || *build.end < *build.start) return std::string(kNotKnown);
  return to_words(*build.end - *build.start);
}

}  // namespace

Json read_build_record(const fs::path& dir) {
  const auto bytes = read_file_if_exists(Inside{dir, "build.json"}, kMaxBytes);
  if (!bytes) return {};
  Json json = parse_json(*bytes, "build.json");
  static_cast<void>(json.members());
  return json;
}

BuildRecord build_record_from(const Json& json) {
  BuildRecord build{.start = time_of(json["start"]), .end = time_of(json["end"]), .push = time_of(json["push"])};
  if (json["digest"].is_string()) build.digest = json["digest"].string();
  if (json["size"].is_integer() && json["size"].integer() >= 0) build.size = json["size"].integer();
  return build;
}

std::vector<std::string> build_lines(const BuildRecord& build) {
  return {fmt::format("Image build completed: {} (duration: {}, image size: {})", text_of(build.end),
                      duration_of(build), build.size ? size_text(*build.size) : kNotKnown),
          fmt::format("Image pushed to registry: {}, {}", text_of(build.push), printable(build.digest, 100))};
}

}  // namespace baton
