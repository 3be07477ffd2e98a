// The next colour's Deployment: made from a template, pinned to a digest, sized so that traffic never meets a smaller
// fleet.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/core/json.h"
#include "common/rollout/selector.h"
#include "common/rollout/workload.h"

namespace baton::rollout {

inline constexpr std::string_view kIdAnnotation = "baton/id";
inline constexpr std::string_view kVersionAnnotation = "baton/version";

/// What the template is changed into.
struct NextColour {
  std::string name;  ///< "myapp-green"
  std::string colour;
  std::string label;      ///< the key that tells the colours apart
  std::string image;      ///< "repository@sha256:…"
  std::string container;  ///< empty: each one, init containers too, whose image is of `repository`
  std::string repository;
  std::string id;
  std::string version;
  int live_replicas = 0;  ///< size of the live colour: the least the next one gets (decisions 28)
  Labels selector;        ///< the Service's, once it names this colour: every pod must match it
};

/// What the Deployment of a colour that is made of `model` selects.
Labels selector_made_of(const Json& model, const std::string& label, const std::string& colour);

/// The Deployment to write. Throws Error{usage} when the template has no such container, or when its pods would not
/// match the Service's selector.
Json next_deployment(const Json& model, const NextColour& next);

/// A Deployment whose named containers, init containers too, run `image`.
Json with_images(Json deployment, const std::map<std::string, std::string>& containers, const std::string& image);

/// "registry.example.com/shop" of "registry.example.com/shop:v1" and "registry.example.com/shop@sha256:…".
std::string repository_of(std::string_view image);
/// The deployment id that brought it up or adopted it; empty: none of ours.
std::string id_of(const Json& deployment);

}  // namespace baton::rollout
