// Tables of names.
#include "tools/precheck/secrets/file_kind.h"

#include <algorithm>
#include <array>

#include "common/core/text.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::array<std::string_view, 16> kLocks = {"package-lock.json",
                                                     "npm-shrinkwrap.json",
                                                     "yarn.lock",
                                                     "pnpm-lock.yaml",
                                                     "bun.lock",
                                                     "cargo.lock",
                                                     "go.sum",
                                                     "poetry.lock",
                                                     "uv.lock",
                                                     "pipfile.lock",
                                                     "composer.lock",
                                                     "gemfile.lock",
                                                     "packages.lock.json",
                                                     "flake.lock",
                                                     ".terraform.lock.hcl",
                                                     "deno.lock"};
constexpr std::array<std::string_view, 5> kSamples = {".example", ".sample", ".template", ".dist", ".tmpl"};
constexpr std::array<std::string_view, 12> kTests = {"test",     "tests",   "testdata", "__tests__",
                                                     "fixtures", "fixture", "examples", "spec",
                                                     "specs",    "mock",    "mocks",    "samples"};
constexpr std::array<std::string_view, 13> kPlain = {".yaml",  ".yml",    ".properties", ".env", ".ini",
                                                     ".conf",  ".cfg",    ".toml",       ".sh",  ".bash",
                                                     ".npmrc", ".tfvars", ".netrc"};

template <typename Range>
bool ends_in_any(std::string_view name, const Range& endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_in_tests(std::string_view path) {
  while (true) {
    const auto cut = path.find('/');
    if (cut == std::string_view::npos)
      return path.find("_test.") != std::string_view::npos || path.find(".test.") != std::string_view::npos;
    if (std::ranges::find(kTests, path.substr(0, cut)) != kTests.end()) return true;
    path.remove_prefix(cut + 1);
  }
}

}  // namespace

FileKind kind_of(std::string_view path) {
  const auto lower = to_lower(path);
  const auto slash = lower.rfind('/');
  const auto name = std::string_view(lower).substr(slash == std::string::npos ? 0 : slash + 1);
  return {.is_lock = std::ranges::find(kLocks, name) != kLocks.end(),
          .is_sample = ends_in_any(name, kSamples) || name.find(".example.") != std::string_view::npos ||
                       name.find(".sample.") != std::string_view::npos,
          .is_test = is_in_tests(lower),
          .is_plain = ends_in_any(name, kPlain) || name.starts_with(".env") || name.starts_with("dockerfile") ||
                      name.find("env.") == 0};
}

}  // namespace baton::precheck::secrets
