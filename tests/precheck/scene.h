// What tests of checks share: how to run them, and the worlds they look at.
#pragma once

#include <algorithm>
#include <string>

#include "tests/support/env_scene.h"
#include "tools/precheck/runner.h"

namespace baton::precheck {

/// Throws std::out_of_range where no check of that id was run.
inline Finding finding_of(const Checked& checked, std::string_view id) {
  for (const auto& finding : checked.findings()) {
    if (finding.id == id) return finding;
  }
  throw std::out_of_range("no finding " + std::string(id));
}

inline Checked run_in(test::EnvScene& scene, const Options& options = {}) { return run_checks(options, scene.env); }
/// What one check finds.
inline Finding look_at(test::EnvScene& scene, const std::string& check) {
  return finding_of(run_in(scene, {.only = {check}}), check);
}

/// A kubeconfig of a cluster at `url`.
class KubeconfigOf {
 public:
  explicit KubeconfigOf(const std::string& url) {
    write_file(folder_.path() / "config", "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: '" +
                                              url +
                                              "'}}]\nusers: [{name: u, user: {token: t}}]\n"
                                              "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
                                              "current-context: x\n");
  }
  void use_in(test::EnvScene& scene) const {
    scene.environment = Environment({{"KUBECONFIG", (folder_.path() / "config").string()}});
  }

 private:
  TempFolder folder_;
};

/// A file written now; the scene's clock may be turned to when that was.
class WrittenFile {
 public:
  WrittenFile(const std::string& name, const std::string& text) : path_(folder_.path() / name) {
    write_file(path_, text);
  }
  std::string path() const { return path_.string(); }
  Time written() const { return modified_at(path_); }
  /// Turns the scene's clock to `age` after the file was written.
  void age_in(test::EnvScene& scene, Duration age = Duration{0}) const {
    scene.clock.advance(written() + age - scene.clock.now());
  }

 private:
  TempFolder folder_;
  fs::path path_;
};

}  // namespace baton::precheck
