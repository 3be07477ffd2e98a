// Files of handoffs on disk.
#include "common/step/handoff_folder.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace baton {
namespace {

/// What a step leaves beside its handoff.
constexpr std::array<std::string_view, 4> kEndings = {".json", ".sigstore.json", ".env", ".junit.xml"};
/// What the steps of one deployment share.
constexpr std::array<std::string_view, 3> kShared = {"evidence", "attestations.yaml", "notified.txt"};

std::string attempt_name(std::string_view step, int number) {
  return std::string(step) + "." + std::to_string(number) + ".json";
}

/// What stands there and cannot be read is no handoff: a link, a pipe, a file that is too large.
std::optional<std::string> read_if_there(const Inside& file, std::size_t max) {
  try {
    return read_file_if_exists(file, max);
  } catch (const Error& error) {
    throw Error(ExitCode::handoff, error.what(), error.hint());
  }
}

}  // namespace

fs::path HandoffFolder::file(std::string_view step) const { return dir_ / (std::string(step) + ".json"); }

fs::path HandoffFolder::bundle(std::string_view step) const { return dir_ / (std::string(step) + ".sigstore.json"); }

PreviousFile HandoffFolder::previous_file(std::string_view step) const {
  return {.name = file(step).string(),
          .bytes = read_if_there(inside(dir_, file(step)), kMaxHandoffBytes),
          .bundle = read_if_there(inside(dir_, bundle(step)), 2 * kMaxHandoffBytes)};
}

void HandoffFolder::make() const {
  std::error_code trouble;
  fs::create_directories(dir_, trouble);
  if (!trouble) return;
  const bool is_file = fs::exists(dir_) && !fs::is_directory(dir_);
  throw Error(ExitCode::usage,
              "cannot make the folder '" + dir_.string() + "': " + (is_file ? "it is a file" : trouble.message()),
              "Name a folder that can be written with --dir.");
}

void HandoffFolder::keep_attempt(std::string_view step, const std::string& bytes) const {
  int number = 1;
  while (fs::exists(dir_ / attempt_name(step, number))) ++number;
  if (number > 1 && read_file(Inside{dir_, attempt_name(step, number - 1)}, kMaxHandoffBytes) == bytes) return;
  write_file(Inside{dir_, attempt_name(step, number)}, bytes);
}

void HandoffFolder::withdraw(std::string_view step) const {
  const auto bytes = read_file_if_exists(file(step), kMaxHandoffBytes);
  if (!bytes) return;
  keep_attempt(step, *bytes);
  for (const std::string_view ending : kEndings) fs::remove(dir_ / (std::string(step) + std::string(ending)));
}

void HandoffFolder::move_into(const fs::path& folder, const std::string& name) const {
  // A name that a handoff lists may come from anyone.
  if (stays_inside(name)) move_file(Inside{dir_, name}, inside(dir_, folder / name));
}

void HandoffFolder::move_deployment(const Handoff& handoff) const {
  const fs::path folder = dir_ / handoff.release.id;
  for (const Artifact& artifact : handoff.artifacts) move_into(folder, artifact.name);
  for (int number = 1; fs::exists(dir_ / attempt_name(handoff.step, number)); ++number) {
    move_into(folder, attempt_name(handoff.step, number));
  }
  // The handoff goes last of its step: it names the rest.
  for (auto ending = kEndings.rbegin(); ending != kEndings.rend(); ++ending) {
    move_into(folder, handoff.step + std::string(*ending));
  }
}

void HandoffFolder::move_shared(const std::string& id) const {
  for (const std::string_view name : kShared) move_into(dir_ / id, std::string(name));
}

void HandoffFolder::move_others_away(const std::vector<Handoff>& handoffs, const std::string& id) const {
  std::vector<Handoff> others;
  std::ranges::copy_if(handoffs, std::back_inserter(others),
                       [&](const Handoff& handoff) { return handoff.release.id != id; });
  // Where a file of `id` stands, what is shared is its own already.
  if (!others.empty() && others.size() == handoffs.size()) move_shared(others.front().release.id);
  for (const Handoff& handoff : others) move_deployment(handoff);
}

}  // namespace baton
