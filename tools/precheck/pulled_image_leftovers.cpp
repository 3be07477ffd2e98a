// What builds leave behind, by its path.
#include <algorithm>
#include <array>

#include "tools/precheck/pulled_image.h"

namespace baton::precheck {
namespace {

constexpr std::array<std::string_view, 11> kCompilers{"gcc",   "g++",   "cc1",   "clang", "clang++", "rustc",
                                                      "cargo", "javac", "cmake", "make",  "ghc"};
constexpr std::array<std::string_view, 8> kNodeTools{"jest",   "mocha",   "eslint",     "nodemon",
                                                     "vitest", "webpack", "typescript", "prettier"};

struct Part {
  std::string_view inside;  ///< a part of "/path"
  std::string_view kind;
};
// A folder's own entry ends with a slash, what lies in it goes on behind one.
constexpr std::array kParts{
    Part{"/.git/", "a git repository"},
    Part{"/.svn/", "a Subversion repository"},
    Part{"/node_modules/.cache/", "caches of build tools"},
    Part{"/.pytest_cache/", "caches of build tools"},
    Part{"/.mypy_cache/", "caches of build tools"},
    Part{"/.gradle/caches/", "caches of build tools"},
    Part{"/.m2/repository/", "caches of build tools"},
    Part{"/.cargo/registry/", "caches of build tools"},
    Part{"/.cache/pip/", "caches of package managers"},
    Part{"/.npm/_cacache/", "caches of package managers"},
    Part{"/usr/local/go/pkg/tool/", "compilers"},
};

bool is_python_of_the_system(std::string_view path) {
  return path.find("/lib/python") != std::string_view::npos || path.find("/site-packages/") != std::string_view::npos ||
         path.find("/dist-packages/") != std::string_view::npos || path.starts_with("/usr/");
}

/// "gcc", "gcc-12", "x86_64-linux-gnu-g++-12", in a folder called bin or gcc's own.
bool is_compiler(std::string_view path) {
  const auto slash = path.rfind('/');
  const auto folder = path.substr(0, slash);
  if (!folder.ends_with("/bin") && folder.find("/lib/gcc/") == std::string_view::npos) return false;
  auto name = path.substr(slash + 1);
  if (const auto triple = name.find("-linux-gnu-"); triple != std::string_view::npos) name = name.substr(triple + 11);
  if (const auto digits = name.find_last_not_of("0123456789."); digits != std::string_view::npos && name[digits] == '-')
    name = name.substr(0, digits);
  return std::ranges::find(kCompilers, name) != kCompilers.end();
}

bool is_package_list(std::string_view path) {
  if (path.ends_with('/') || path.ends_with("/lock")) return false;
  return path.starts_with("/var/lib/apt/lists/") || path.starts_with("/var/cache/apk/") ||
         (path.starts_with("/var/cache/apt/") && path.ends_with(".deb"));
}

bool is_node_tool(std::string_view path) {
  constexpr std::string_view kModules = "/node_modules/";
  constexpr std::string_view kManifest = "/package.json";
  const auto at = path.find(kModules);
  if (at == std::string_view::npos) return false;
  const auto package = path.substr(at + kModules.size());
  if (!package.ends_with(kManifest)) return false;
  const auto name = package.substr(0, package.size() - kManifest.size());
  return std::ranges::find(kNodeTools, name) != kNodeTools.end();
}

}  // namespace

std::string_view leftover_of(std::string_view name) {
  while (name.starts_with("./") || name.starts_with('/')) name.remove_prefix(name.starts_with('/') ? 1 : 2);
  const auto path = "/" + std::string(name);
  // That a layer takes something away says nothing of what is in it.
  if (path.find("/.wh.") != std::string::npos) return {};
  const auto part =
      std::ranges::find_if(kParts, [&](const Part& p) { return path.find(p.inside) != std::string::npos; });
  if (part != kParts.end()) return part->kind;
  if (is_compiler(path)) return "compilers";
  if (is_package_list(path)) return "caches of package managers";
  if (is_node_tool(path)) return "development packages of Node.js";
  const bool is_bytecode = path.find("/__pycache__/") != std::string::npos && !is_python_of_the_system(path);
  return is_bytecode ? std::string_view("bytecode of a Python run") : std::string_view{};
}

}  // namespace baton::precheck
