// Pulls and their reviews, comparisons, check runs and statuses.
#include "common/clients/forge/forge_github.h"

#include <algorithm>
#include <array>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::forge {
namespace {

constexpr std::array<std::string_view, 3> kGood{"success", "neutral", "skipped"};
// Who may write: an approval of anybody else does not count for GitHub either.
constexpr std::array<std::string_view, 3> kWriters{"OWNER", "MEMBER", "COLLABORATOR"};

template <typename List>
bool holds(const List& list, std::string_view value) {
  return std::ranges::find(list, value) != list.end();
}

std::string shown(const Json& text) { return printable(text.string_or(""), 200); }

Job::State state_of_check(const Json& check) {
  if (check["status"].string() != "completed") return Job::State::open;
  return holds(kGood, check["conclusion"].string_or("")) ? Job::State::good : Job::State::bad;
}

Job::State state_of_status(const std::string& state) {
  if (state == "success") return Job::State::good;
  return state == "pending" ? Job::State::open : Job::State::bad;
}

/// Only those that are required, and the ones among them that never reported.
std::vector<Job> only(const std::set<std::string>& required, std::vector<Job> all) {
  std::vector<Job> chosen;
  for (const auto& name : required) {
    const auto before = chosen.size();
    std::ranges::copy_if(all, std::back_inserter(chosen), [&](const Job& job) { return job.name == name; });
    if (chosen.size() == before) chosen.push_back({.name = name, .state = Job::State::absent, .word = "absent"});
  }
  return chosen;
}

void add_names(std::set<std::string>& names, const Json& checks, std::string_view member) {
  for (const auto& check : checks.items_or_none())
    names.insert(printable(member.empty() ? check.string() : check[member].string(), 200));
}

}  // namespace

GitHub::GitHub(Api api, const std::string& repository, std::string run)
    : api_(std::move(api)), path_("/repos/" + repository), run_(std::move(run)) {}

/// A comment changes nobody's opinion; a dismissal ends it. What was said of an older head is no approval of this one,
/// and an objection stays until who made it approves.
void Reviews::take(const Json& review) {
  const auto& state = review["state"].string();
  const auto who = shown(review["user"]["login"]);
  if (who.empty() || who == author_ || review["user"]["type"] == Json("Bot")) return;
  if (state == "DISMISSED") last_.erase(who);
  if (state == "CHANGES_REQUESTED") last_[who] = state;
  if (state != "APPROVED") return;
  const bool counts =
      review["commit_id"].string_or("") == head_ && holds(kWriters, review["author_association"].string_or(""));
  if (counts) {
    last_[who] = state;
  } else {
    last_.erase(who);
  }
}

std::vector<std::string> Reviews::those(std::string_view state) const {
  std::vector<std::string> names;
  for (const auto& [name, its_state] : last_) {
    if (its_state == state) names.push_back(name);
  }
  return names;
}

void GitHub::add_reviews(Pull& pull, const Json& json, std::stop_token stop) {
  Reviews reviews(shown(json["user"]["login"]), json["head"]["sha"].string());
  api_.visit(
      path_ + "/pulls/" + std::to_string(json["number"].integer()) + "/reviews", whole_page,
      [&](const Json& review) { reviews.take(review); }, std::move(stop));
  pull.approvers = reviews.approvers();
  pull.objectors = reviews.objectors();
}

std::vector<Pull> GitHub::pulls_of(const std::string& commit, std::stop_token stop) {
  std::vector<Json> found;
  api_.visit(
      path_ + "/commits/" + commit + "/pulls", whole_page, [&](const Json& json) { found.push_back(json); }, stop);
  std::vector<Pull> pulls;
  for (const auto& json : found) {
    Pull pull{.name = "#" + std::to_string(json["number"].integer()),
              .branch = shown(json["base"]["ref"]),
              .is_merged = !json["merged_at"].is_null()};
    add_reviews(pull, json, stop);
    pulls.push_back(std::move(pull));
  }
  // Not of std::ranges: clang 14 cannot read what that returns.
  std::stable_partition(pulls.begin(), pulls.end(), [](const Pull& pull) { return pull.is_merged; });
  return pulls;
}

bool GitHub::is_on_branch(const std::string& commit, const std::string& branch, std::stop_token stop) {
  const auto compared = api_.ask(path_ + "/compare/" + percent_encode(branch) + "..." + commit + "?per_page=1", stop);
  const auto& status = compared["status"].string();
  return status == "identical" || status == "behind";
}

/// Of protection and of rulesets; none: nothing is required, or we are not shown what.
std::set<std::string> GitHub::required(const std::string& branch, std::stop_token stop) {
  std::set<std::string> names;
  const auto place = percent_encode(branch);
  if (const auto protected_branch = api_.ask_if_shown(path_ + "/branches/" + place, stop))
    add_names(names, (*protected_branch)["protection"]["required_status_checks"]["contexts"], "");
  if (const auto rules = api_.ask_if_shown(path_ + "/rules/branches/" + place, stop)) {
    for (const auto& rule : rules->items()) {
      if (rule["type"] == Json("required_status_checks"))
        add_names(names, rule["parameters"]["required_status_checks"], "context");
    }
  }
  return names;
}

Jobs GitHub::jobs_of(const std::string& commit, const std::string& branch, std::stop_token stop) {
  std::vector<Job> all;
  const auto own = "/actions/runs/" + run_ + "/";
  const auto place = path_ + "/commits/" + commit;
  api_.visit(
      place + "/check-runs?filter=latest", [](const Json& page) -> const Json& { return page["check_runs"]; },
      [&](const Json& check) {
        Job job{.name = shown(check["name"]),
                .state = state_of_check(check),
                .word = printable(check["conclusion"].string_or(check["status"].string()), 40)};
        const bool is_own = !run_.empty() && check["details_url"].string_or("").find(own) != std::string::npos;
        if (!is_own || job.state != Job::State::open) all.push_back(std::move(job));
      },
      stop);
  api_.visit(
      place + "/status", [](const Json& page) -> const Json& { return page["statuses"]; },
      [&](const Json& status) {
        const auto& word = status["state"].string();
        all.push_back({.name = shown(status["context"]), .state = state_of_status(word), .word = printable(word, 40)});
      },
      stop);
  const auto names = required(branch, stop);
  if (!names.empty()) all = only(names, std::move(all));
  return {.all = std::move(all), .are_required = !names.empty()};
}

}  // namespace baton::forge
