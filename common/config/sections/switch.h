// `switch:` how traffic moves and what proves it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

struct SmokeProbe {
  std::string path;
  int status = 200;
  Duration max_time = 5s;
  std::vector<std::pair<std::string, Json>> json = {};  ///< RFC 6901 pointer → expected value
  std::string kind = "health";                          ///< health, api or database: the SOP's three
};

/// How an answer tells which version gave it.
struct Identify {
  std::string header = {};
  std::string json = {};  ///< pointer into the body
  std::string path = {};  ///< empty: the first smoke path, else "/"
};

/// The share of the traffic that the next colour gets, step by step.
struct CanaryConfig {
  std::vector<std::string> steps = {"5%", "25%", "50%", "100%"};  ///< growing, to all of it
  Duration hold = 30min;                                          ///< how long each but the last is judged
  std::string traffic = "replicas";                               ///< or gateway-api: what gives it its share
  std::string route = {};                                         ///< the HTTPRoute; empty: named as the app
  std::vector<std::string> testers = {};  ///< "X-Tester: yes": who gets the next colour at every share
};

struct SwitchConfig {
  std::string strategy = "blue-green";
  bool refuses_gitops = true;  ///< objects that Argo CD or Flux keeps are not touched
  bool keeps_adopted = true;   ///< an adopted Deployment stays labelled after a rollback onto it
  std::string keep = "full";   ///< size of the old colour after the soak, or a number of replicas
  bool renews_old = true;      ///< its pods, one by one after the soak, so that kept connections move
  Duration ready_timeout = 5min;
  Duration soak = 5min;
  Duration soak_max = 15min;
  Duration verify_rollback = 5min;
  std::vector<std::string> public_urls = {};
  std::vector<SmokeProbe> smoke = {};
  int rehearsal = 0;  ///< requests to the new colour over the smoke paths, before any user's
  Identify identify = {};
  CanaryConfig canary = {};
};

/// The replicas that `keep` names; nothing where the old colour stays at its size.
std::optional<int> kept_replicas(const SwitchConfig& config);
/// Name and value of "X-Tester: yes"; "Cookie: tester=yes" names one cookie. Nothing where it is neither.
std::optional<std::pair<std::string, std::string>> tester_in(std::string_view text);
/// 25 of "25%"; 0: it is no whole percentage from 1 to 100.
int percent_in(std::string_view step);

namespace config {
struct Key;
/// The keys of the section.
void add_switch(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
