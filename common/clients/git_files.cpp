// Loose references, packed ones, and the objects of annotated tags.
#include "common/clients/git_files.h"

#include <Poco/InflatingStream.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "common/core/text.h"
#include "common/io/glob.h"

namespace baton::git {
namespace {

constexpr std::size_t kLineBytes = 4096;
constexpr std::size_t kObjectBytes = 1U << 20U;
constexpr std::string_view kTags = "refs/tags/";

/// A reference and what it comes down to: of an annotated tag the commit, where that is written beside it.
struct Named {
  std::string value;
  std::string peeled = {};
};
using References = std::map<std::string, Named, std::less<>>;

/// "<commit> <name>" a line; below an annotated tag "^<commit>".
References packed(const Repository& repository) {
  References all;
  auto last = all.end();
  const std::string text = read_file_if_exists(Inside{repository.shared, "packed-refs"}).value_or("");
  for (const std::string& line : split(text, '\n')) {
    const auto space = line.find(' ');
    if (line.starts_with('^') && last != all.end()) {
      last->second.peeled = line.substr(1);
    } else if (!line.starts_with('#') && space != std::string::npos) {
      last = all.insert_or_assign(line.substr(space + 1), Named{line.substr(0, space)}).first;
    }
  }
  return all;
}

/// The object's text behind its head of kind and length; nothing when it is packed with others.
std::optional<std::string> loose_object(const Repository& repository, const std::string& name) {
  const auto bytes = read_file_if_exists(
      Inside{repository.shared, "objects/" + name.substr(0, 2) + "/" + name.substr(2)}, kObjectBytes);
  if (!bytes) return std::nullopt;
  std::istringstream packed_bytes(*bytes);
  Poco::InflatingInputStream stream(packed_bytes, Poco::InflatingStreamBuf::STREAM_ZLIB);
  std::string text(kLineBytes, '\0');  // what is looked for stands at its beginning
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  return text;
}

/// "tag 160", a zero, "object <commit>", "type commit", …
std::string commit_of_tag(const Repository& repository, const std::string& name) {
  const std::string text = loose_object(repository, name).value_or("");
  const auto head = text.find('\0');
  if (!text.starts_with("tag ") || head == std::string::npos) return "";
  const auto lines = split(text.substr(head + 1), '\n');
  constexpr std::string_view kObject = "object ";
  const bool is_of_commit = lines.size() > 1 && lines[0].starts_with(kObject) && lines[1] == "type commit";
  return is_of_commit ? lines[0].substr(kObject.size()) : "";
}

bool names(const Repository& repository, const Named& tag, std::string_view commit) {
  if (tag.value == commit || tag.peeled == commit) return true;
  return tag.peeled.empty() && is_object_name(tag.value) && commit_of_tag(repository, tag.value) == commit;
}

/// Those directly below refs/tags, by their names there.
References direct_tags(const Repository& repository) {
  References all = packed(repository);
  for (const fs::path& file : find_files(repository.shared, std::string(kTags) + "*")) {
    const std::string name = std::string(kTags) + file.filename().string();
    const auto value = read_line(repository.shared, name);
    // The packed line may say more of the same.
    if (Named& known = all[name]; value && known.value != *value) known = {.value = *value};
  }
  References tags;
  for (const auto& [name, tag] : all) {
    const bool is_direct = name.starts_with(kTags) && name.find('/', kTags.size()) == std::string::npos;
    if (is_direct) tags.emplace(name.substr(kTags.size()), tag);
  }
  return tags;
}

}  // namespace

bool is_object_name(std::string_view text) {
  const bool is_hex = text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_hex && (text.size() == 40 || text.size() == 64);
}

std::optional<std::string> read_line(const fs::path& folder, const std::string& name) {
  const auto text = read_file_if_exists(Inside{folder, name}, kLineBytes);
  return text ? std::optional(std::string(trim(*text))) : std::nullopt;
}

std::optional<std::string> reference(const Repository& repository, const std::string& name) {
  if (!name.starts_with("refs/")) return std::nullopt;
  if (auto loose = read_line(repository.shared, name)) return loose;
  const References all = packed(repository);
  const auto found = all.find(name);
  return found == all.end() ? std::nullopt : std::optional(found->second.value);
}

std::map<std::string, std::string> tag_values(const Repository& repository) {
  std::map<std::string, std::string> values;
  for (const auto& [name, tag] : direct_tags(repository)) values.emplace(name, tag.value);
  return values;
}

std::vector<std::string> tags_of(const Repository& repository, std::string_view commit) {
  std::vector<std::string> found;
  for (const auto& [name, tag] : direct_tags(repository)) {
    if (names(repository, tag, commit)) found.push_back(name);
  }
  return found;
}

}  // namespace baton::git
