// Alertmanager's API v2: which alerts fire.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "common/io/http/client.h"

namespace baton::alertmanager {

struct Alert {
  std::map<std::string, std::string, std::less<>> labels;
  std::string starts_at = {};  ///< RFC 3339, as it stands
  std::string summary = {};

  std::string label(std::string_view name) const;  ///< empty when absent
};

struct Settings {
  std::string url;  ///< of the server, with its path prefix if it has one
  std::string token = {};
  Headers headers = {};
};

/// The alerts that fire, those left out that are silenced or inhibited. Throws Error{unknown} where it is not ready,
/// cannot be asked, or answers something else.
std::vector<Alert> firing_alerts(HttpClient& http, const Settings& settings, std::stop_token stop = {});

/// `name` says in messages who answered. Throws Error{unknown} on anything but a list of alerts.
std::vector<Alert> parse_alerts(const std::string& body, std::string_view name);

}  // namespace baton::alertmanager
