// Layers through hash, decompressor and archive reader.
#include "tools/precheck/pulled_image.h"

#include "common/core/digest.h"
#include "common/core/printable.h"
#include "common/io/unpack/tar.h"

namespace baton::precheck {
namespace {

/// Everything that reads a layer's bytes, in one.
class LayerReader {
 public:
  explicit LayerReader(const std::string& name)
      : tar_(name, {.begin = [this](const TarEntry& entry) { take(entry); }}),
        decoder_(name, [this](std::string_view bytes) {
          unpacked_.update(bytes);
          tar_.feed(bytes);
        }) {}

  /// What is damaged inside matters only when the digest of the whole is right: until then it is kept.
  void feed(std::string_view packed) {
    attempt([&] { decoder_.feed(packed); });
  }
  /// Throws what was kept.
  Layer finish() {
    attempt([&] {
      decoder_.finish();
      tar_.finish();
    });
    if (damage_) throw Error(*damage_);
    layer_.diff_id = "sha256:" + unpacked_.finish_hex();
    return std::move(layer_);
  }

 private:
  template <typename Act>
  void attempt(Act act) {
    if (damage_) return;
    try {
      act();
    } catch (const Error& error) {
      damage_ = error;
    }
  }

  void take(const TarEntry& entry) {
    layer_.content_bytes += entry.size;
    if (const auto kind = leftover_of(entry.name); !kind.empty())
      layer_.leftovers.try_emplace(std::string(kind), printable(entry.name, 200));
  }

  Layer layer_ = {};
  Sha256 unpacked_ = {};
  std::optional<Error> damage_ = {};
  TarReader tar_;
  Decoder decoder_;
};

class Puller {
 public:
  Puller(registry::Client& client, const registry::Reference& reference, const std::stop_token& stop)
      : client_(client), reference_(reference), stop_(stop) {}

  void pull(const ImageParts& parts) {
    for (const auto& layer : parts.image.layers) {
      if (!pulled_.layers.contains(layer.digest)) pull(layer);
    }
    compare(parts);
  }
  PulledImage finish() { return std::move(pulled_); }

 private:
  void pull(const registry::Descriptor& part) {
    if (part.is_foreign()) {
      fail(Error(ExitCode::unknown,
                 "the layer " + part.digest + " is not in the registry: it names somebody else's URL",
                 "Push the image with its base layers."));
      return;
    }
    try {
      LayerReader reader("layer " + part.digest);
      client_.blob(
          reference_, part,
          [&](std::string_view piece) {
            pulled_.pulled_bytes += static_cast<std::int64_t>(piece.size());
            reader.feed(piece);
          },
          stop_);
      pulled_.layers[part.digest] = reader.finish();
    } catch (const registry::WrongBytes& wrong) {
      pulled_.altered.emplace_back(wrong.what());
    } catch (const Error& error) {
      if (error.code() == ExitCode::interrupted) throw;
      fail(error);
    }
  }

  /// Whoever unpacks the layers refuses those that are not what the configuration says.
  void compare(const ImageParts& parts) {
    const auto& said = parts.config.diff_ids;
    const auto& layers = parts.image.layers;
    if (said.size() != layers.size()) {
      pulled_.altered.push_back("the configuration of " + parts.platform() + " names " + std::to_string(said.size()) +
                                " layers, its manifest " + std::to_string(layers.size()));
      return;
    }
    for (std::size_t at = 0; at < layers.size(); ++at) {
      const auto found = pulled_.layers.find(layers[at].digest);
      if (found != pulled_.layers.end() && found->second.diff_id != said[at]) {
        pulled_.altered.push_back("the layer " + layers[at].digest + " unpacks to " + found->second.diff_id +
                                  ", but the configuration names " + printable(said[at], 100));
      }
    }
  }

  void fail(const Error& error) {
    if (!pulled_.failure) pulled_.failure = error;
  }

  registry::Client& client_;
  const registry::Reference& reference_;
  const std::stop_token& stop_;
  PulledImage pulled_ = {};
};

}  // namespace

std::string ImageParts::platform() const { return image.platform.empty() ? config.platform : image.platform; }

std::vector<ImageParts> find_parts(registry::Client& client, const registry::Reference& reference,
                                   const std::stop_token& stop) {
  std::vector<ImageParts> all;
  for (auto& image : client.images(reference, stop)) {
    auto config = client.config(reference, image, stop);
    all.push_back({.image = std::move(image), .config = std::move(config)});
  }
  return all;
}

std::optional<std::int64_t> PulledImage::content_bytes(const ImageParts& parts) const {
  std::int64_t sum = 0;
  for (const auto& layer : parts.image.layers) {
    const auto found = layers.find(layer.digest);
    if (found == layers.end()) return std::nullopt;
    sum += found->second.content_bytes;
  }
  return sum;
}

PulledImage pull_image(registry::Client& client, const registry::Reference& reference,
                       const std::vector<ImageParts>& parts, const std::stop_token& stop) {
  Puller puller(client, reference, stop);
  for (const auto& one : parts) puller.pull(one);
  return puller.finish();
}

}  // namespace baton::precheck
