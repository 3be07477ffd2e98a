// `metrics:` the store that is judged by.
#pragma once

#include <string>
#include <vector>

#include "common/config/endpoint.h"
#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

struct MetricsConfig {
  Endpoint prometheus = {};
  std::string selector = R"(namespace="{{namespace}}",pod=~"{{pods}}")";
  Duration lag = 0s;
};

namespace config {
struct Key;
/// The keys of the section.
void add_metrics(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
