// Debian's docker-registry on loopback, filled over HTTP.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/digest.h"
#include "common/core/json.h"
#include "common/io/files.h"
#include "common/io/http/client.h"
#include "tests/support/background.h"

namespace baton::registry {

inline constexpr std::string_view kImageType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";

/// A layer as it is pushed, and what it unpacks to.
struct PushedLayer {
  std::string bytes;
  std::string diff_id;  ///< empty: of the bytes as they are
  std::string type = "application/vnd.oci.image.layer.v1.tar+gzip";
};

class RegistryServer {
 public:
  explicit RegistryServer(bool wants_login) : port_(test::free_port()) {
    const fs::path& folder = folder_.path();
    std::string config =
        "version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: " + (folder / "data").string() +
        "}}\nhttp: {addr: '" + host() + "'}\n";
    if (wants_login) {
      write_file(folder / "htpasswd", "ci:$2b$05$abcdefghijklmnopqrstuuQbLfdQZSxZ9gjhA5V9o8Tyc6aQRO0Qi\n");
      config += "auth: {htpasswd: {realm: test, path: " + (folder / "htpasswd").string() + "}}\n";
    }
    write_file(folder / "config.yml", config);
    server_ = std::make_unique<test::Background>(
        std::vector<std::string>{"docker-registry", "serve", (folder / "config.yml").string()}, folder / "log");
    test::wait_for_port(port_);
  }

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Stores an image with one layer of `layer` and a small configuration; its digest.
  std::string push_image(const std::string& tag, const std::string& layer, const std::string& os) {
    const std::string config = R"({"architecture":"amd64","os":")" + os + R"("})";
    const Json manifest =
        Json::object({{"schemaVersion", 2},
                      {"mediaType", kImageType},
                      {"config", push_blob(config, "application/vnd.oci.image.config.v1+json")},
                      {"layers", Json::array({push_blob(layer, "application/vnd.oci.image.layer.v1.tar")})}});
    return push_manifest(tag, to_text(manifest), kImageType);
  }

  /// Stores an image of these layers; `config` is completed with their diff_ids. The manifest's digest.
  std::string push_layers(const std::string& tag, const std::vector<PushedLayer>& layers, Json config,
                          const Json& annotations = Json::object()) {
    auto& diff_ids = config["rootfs"]["diff_ids"];
    Json parts = Json::array();
    for (const auto& layer : layers) {
      diff_ids.push_back(layer.diff_id.empty() ? "sha256:" + sha256_hex(layer.bytes) : layer.diff_id);
      parts.push_back(push_blob(layer.bytes, layer.type));
    }
    const Json manifest =
        Json::object({{"schemaVersion", 2},
                      {"mediaType", kImageType},
                      {"config", push_blob(to_text(config), "application/vnd.oci.image.config.v1+json")},
                      {"layers", std::move(parts)},
                      {"annotations", annotations}});
    return push_manifest(tag, to_text(manifest), kImageType);
  }

  /// Other bytes in the place of a blob's, as a broken store has them.
  void alter_blob(const std::string& digest, const std::string& bytes) const {
    const auto hex = digest.substr(7);
    write_file(folder_.path() / "data/docker/registry/v2/blobs/sha256" / hex.substr(0, 2) / hex / "data", bytes);
  }

  std::string push_manifest(const std::string& tag, const std::string& bytes, std::string_view type) {
    const HttpResponse answer = send({.method = "PUT",
                                      .url = "http://" + host() + "/v2/team/app/manifests/" + tag,
                                      .headers = {{"Content-Type", std::string(type)}},
                                      .body = bytes});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return "sha256:" + sha256_hex(bytes);
  }

  static std::string basic() { return "Basic " + to_base64("ci:opensesame"); }

 private:
  HttpResponse send(HttpRequest request) {
    request.headers.emplace_back("Authorization", basic());
    return http_.send(request);
  }

  Json push_blob(const std::string& bytes, std::string_view type) {
    const std::string digest = "sha256:" + sha256_hex(bytes);
    const HttpResponse begun = send({.method = "POST", .url = "http://" + host() + "/v2/team/app/blobs/uploads/"});
    const HttpResponse done = send({.method = "PUT",
                                    .url = begun.header("Location") + "&digest=" + digest,
                                    .headers = {{"Content-Type", "application/octet-stream"}},
                                    .body = bytes});
    EXPECT_EQ(done.status, 201) << done.body;
    return Json::object({{"mediaType", type}, {"digest", digest}, {"size", bytes.size()}});
  }

  TempFolder folder_;
  int port_;
  std::unique_ptr<test::Background> server_;
  SystemClock clock_;
  HttpClient http_{{}, Environment{}, clock_};
};

}  // namespace baton::registry
