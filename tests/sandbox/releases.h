// The releases that exist, what is wrong with each, and the images they are pulled as.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "common/core/json.h"
#include "tests/sandbox/fault.h"

namespace baton::sandbox {

struct Release {
  Fault fault;
  Time since;  ///< when the fault was set
};

/// Safe to use from several threads.
class Releases {
 public:
  /// Adds a release, or changes what is wrong with it from now on.
  void put(const std::string& version, const Fault& fault, Time now);
  std::optional<Release> find(const std::string& version) const;
  /// Whether `pod` was the first to ask of the pods of that release.
  bool is_first(const std::string& version, const std::string& pod) const;

  /// The bytes of the image's manifest in the repository `name`; nothing for a release that does not exist.
  std::optional<std::string> manifest(const std::string& name, const std::string& version) const;
  std::optional<std::string> manifest_by_digest(const std::string& name, const std::string& digest) const;
  /// The bytes of an image's configuration or layer.
  std::optional<std::string> blob(const std::string& name, const std::string& digest) const;
  /// "registry/myapp@sha256:…" of an image that is there, however it is referred to.
  std::string pinned(const std::string& image, const std::string& version) const;
  /// The version that an image reference stands for: its tag, or the release whose digest it is pinned to. Nothing when
  /// it cannot be pulled: a digest nobody has, or a tag that `registry` ("127.0.0.1:5000") does not have.
  std::optional<std::string> version_of(const std::string& image, const std::string& registry) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Release> releases_;
  mutable std::map<std::string, std::string> first_pods_;
};

}  // namespace baton::sandbox
