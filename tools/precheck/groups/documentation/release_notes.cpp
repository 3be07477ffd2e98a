// SOP, "Prerequisites": Release notes written (user-facing changes).
#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/io/glob.h"
#include "tools/precheck/check.h"
#include "tools/precheck/documentation/document.h"
#include "tools/precheck/documentation/version.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMostFiles = 500;

/// The file itself; of a folder every file in it.
std::vector<std::string> files_of(const std::string& path) {
  std::error_code trouble;
  if (!fs::is_directory(path, trouble)) return {path};
  std::vector<std::string> files;
  for (const auto& file : find_files(path, "*")) {
    if (fs::is_regular_file(file, trouble)) files.push_back(file.string());
  }
  if (files.size() > kMostFiles)
    throw Error(ExitCode::unknown, fmt::format("'{}' has more than {} files", printable(path, 200), kMostFiles),
                "Name the release's own file in precheck.documentation.release_notes.");
  return files;
}

/// Lines that say something, in a document that names the release by its name or in its text.
int lines_about(const Document& document, const std::string& release) {
  const auto lines = markdown_lines(document.text);
  const bool is_named = names_version(fs::path(document.name).filename().string(), release) ||
                        std::ranges::any_of(lines, [&](const Line& line) {
                          return names_version(line.heading.level > 0 ? line.heading.text : line.text, release);
                        });
  return is_named ? static_cast<int>(std::ranges::count_if(lines, says_something)) : 0;
}

Observation observe(const Look& look) {
  const auto& path = look.config().precheck().documentation.release_notes;
  const auto& release = look.release().version;
  const auto files = files_of(path);
  for (const auto& file : files) {
    const auto document = read_document(file, "release-notes");
    const auto lines = lines_about(document, release);
    if (lines == 0) continue;
    return {.outcome = Outcome::pass,
            .observed = Measured(lines, "lines"),
            .message = fmt::format("'{}' is about {}", printable(file, 200), printable(release, 60)),
            .evidence = {document.evidence}};
  }
  if (files.empty())
    throw Error(ExitCode::unknown, "'" + printable(path, 200) + "' is empty", "Write the release notes there.");
  return {.outcome = Outcome::warn,
          .observed = Measured(0, "lines"),
          .message = fmt::format("nothing in '{}' is about {}", printable(path, 200), printable(release, 60))};
}

}  // namespace

extern const Check release_notes{
    .id = "release-notes",
    .sop = "Pre",
    .title = "Release notes",
    .expected = [](const Config&) { return Expected(">=", Measured(1, "lines"), "in notes that name the version"); },
    .needs = "precheck.documentation.release_notes",
    .observe = observe};

}  // namespace baton::precheck
