// Who is on call, and until when: PagerDuty, Opsgenie, or any JSON document that names a person.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/io/http/client.h"

namespace baton::on_call {

struct Schedule {
  std::string kind;          ///< "pagerduty", "opsgenie" or "url"
  std::string url = {};      ///< empty: the service's own address; of "url" the document's
  std::string token = {};    ///< secret
  Headers headers = {};      ///< sent besides
  std::string name = {};     ///< the schedule's id, of Opsgenie also its name
  std::string pointer = {};  ///< of "url": where in the document the person's name stands
};

/// Somebody's turn. An open end is no end.
struct Turn {
  std::string person;
  std::optional<Time> from = {};
  std::optional<Time> until = {};
};

/// The turns that touch this stretch of time. Of "url" the person of this moment, whose turn has no ends that anybody
/// knows. Throws Error{unknown} when the service cannot be asked, says no, or answers with something else or only a
/// part; Error{usage} on a kind that is none.
std::vector<Turn> turns(HttpClient& http, const Schedule& schedule, Time from, Time until, std::stop_token stop = {});

/// From when on nobody is on call, within the stretch; nothing: somebody always is.
std::optional<Time> first_gap(const std::vector<Turn>& turns, Time from, Time until);

/// As the services' documentation describes their answers; `name` goes into messages.
std::vector<Turn> parse_pagerduty(const Json& answer, std::string_view name);
std::vector<Turn> parse_opsgenie(const Json& answer, std::string_view name);

}  // namespace baton::on_call
