// Reads and finds versions.
#include "tools/precheck/documentation/version.h"

#include <algorithm>
#include <charconv>

namespace baton::precheck {
namespace {

constexpr std::string_view kStable = "-stable";

std::string_view without_v(std::string_view text) {
  return text.starts_with('v') || text.starts_with('V') ? text.substr(1) : text;
}

/// Digits off the front.
bool take_number(std::string_view& text, long long& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_good = error == std::errc{} && value >= 0 && !text.starts_with('-');
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return is_good;
}

bool take_dot(std::string_view& text) {
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return true;
}

bool is_part(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What stands right behind a version and makes it no longer one: "1.6.0" of "1.6.01", "1.6.0.1", "1.6.0-rc.1"; a
/// file's ending does not.
bool ends_before(std::string_view rest) {
  if (rest.empty()) return true;
  if (is_part(rest.front())) return false;
  if (rest.size() == 1) return true;
  if (rest.front() == '.') return !is_digit(rest[1]);
  return (rest.front() != '-' && rest.front() != '+') || !is_part(rest[1]);
}

bool begins_after(std::string_view before) {
  if (before.empty()) return true;
  const char last = before.back();
  if (last == 'v' || last == 'V') return before.size() == 1 || !is_part(before[before.size() - 2]);
  return !is_part(last) && last != '.';
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  auto rest = without_v(text);
  const bool is_good = take_number(rest, version.major) && take_dot(rest) && take_number(rest, version.minor) &&
                       take_dot(rest) && take_number(rest, version.patch);
  if (!is_good || (!rest.empty() && (rest.size() == 1 || (rest.front() != '-' && rest.front() != '+'))))
    return std::nullopt;
  version.is_final = !rest.starts_with('-');
  return version;
}

bool is_stable_tag(std::string_view tag) { return tag.ends_with(kStable); }

std::optional<Version> version_of_tag(std::string_view tag) {
  if (is_stable_tag(tag)) tag.remove_suffix(kStable.size());
  return parse_version(tag);
}

bool names_version(std::string_view text, std::string_view release) {
  const auto bare = parse_version(release) ? without_v(release) : release;
  if (bare.empty()) return false;
  for (auto at = text.find(bare); at != std::string_view::npos; at = text.find(bare, at + 1)) {
    if (begins_after(text.substr(0, at)) && ends_before(text.substr(at + bare.size()))) return true;
  }
  return false;
}

}  // namespace baton::precheck
