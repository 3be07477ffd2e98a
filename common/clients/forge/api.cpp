// Questions to a forge's REST API.
#include "common/clients/forge/api.h"

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/secrets.h"
#include "common/core/text.h"

namespace baton::forge {
namespace {

constexpr std::size_t kPage = 100;
constexpr int kMaxPages = 20;
constexpr std::size_t kMaxAnswer = 16U << 20U;

/// GitHub says 403 of a used-up limit, too.
bool is_limited(const HttpResponse& answer) {
  if (answer.status == 429) return true;
  return answer.status == 403 &&
         (answer.header("X-RateLimit-Remaining") == "0" || !answer.header("Retry-After").empty());
}

std::string message_of(const HttpResponse& answer) {
  try {
    const auto body = parse_json(answer.body, "answer");
    for (const auto* member : {"message", "error"}) {
      if (const auto* text = body.find(member); text != nullptr && text->is_string()) return text->string();
    }
  } catch (const Error&) {
    // then it is shown as it is
  }
  return std::string(trim(answer.body));
}

}  // namespace

const Json& whole_page(const Json& page) { return page; }

Api::Api(HttpClient http, std::string title, std::string base, Headers headers, std::string hint)
    : http_(std::move(http)),
      title_(std::move(title)),
      base_(std::move(base)),
      headers_(std::move(headers)),
      hint_(std::move(hint)) {
  while (base_.ends_with('/')) base_.pop_back();
}

HttpResponse Api::send(const std::string& path, std::stop_token stop) {
  auto answer = http_.send({.url = base_ + path, .headers = headers_, .max_body = kMaxAnswer, .redirects = 3}, stop);
  if (is_limited(answer)) {
    throw Error(ExitCode::unknown, title_ + " answers no more for now: its rate limit is used up",
                "Run it again later, or give the job a token with a limit of its own.");
  }
  return answer;
}

Json Api::parsed(const HttpResponse& answer, const std::string& path) const {
  if (!answer.is_success()) {
    throw Error(ExitCode::unknown,
                fmt::format("{} refused '{}': status {}: '{}'", title_, printable(path.substr(0, path.find('?')), 200),
                            answer.status, printable(message_of(answer), 200)),
                hint_);
  }
  return parse_json(answer.body, fmt::format("answer of {}", title_), {.bytes = kMaxAnswer});
}

Json Api::ask(const std::string& path, std::stop_token stop) { return parsed(send(path, std::move(stop)), path); }

std::optional<Json> Api::ask_if_shown(const std::string& path, std::stop_token stop) {
  const auto answer = send(path, std::move(stop));
  if (answer.status == 401 || answer.status == 403 || answer.status == 404) return std::nullopt;
  return parsed(answer, path);
}

void Api::visit(const std::string& path, const std::function<const Json&(const Json&)>& list,
                const std::function<void(const Json&)>& take, std::stop_token stop) {
  const auto* const mark = path.find('?') == std::string::npos ? "?" : "&";
  for (int page = 1; page <= kMaxPages; ++page) {
    const auto answer = ask(fmt::format("{}{}per_page={}&page={}", path, mark, kPage, page), stop);
    const auto& items = list(answer).items();
    for (const auto& item : items) take(item);
    if (items.size() < kPage) return;
  }
  throw Error(ExitCode::unknown,
              fmt::format("{} has more than {} entries of '{}'", title_, kMaxPages * static_cast<int>(kPage),
                          printable(path.substr(0, path.find('?')), 200)),
              "Say in precheck.not_applicable who looked instead.");
}

}  // namespace baton::forge
