// `notify:` who hears of it.
#pragma once

#include <string>
#include <vector>

namespace baton {

struct NotifyTarget {
  std::string kind;  ///< "slack" or "webhook"
  std::string url;
};

struct NotifyConfig {
  std::vector<NotifyTarget> to = {};
  std::vector<NotifyTarget> incident = {};
};

namespace config {
struct Key;
/// The keys of the section.
void add_notify(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
