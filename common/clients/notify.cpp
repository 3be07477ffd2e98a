// Sends messages, and says why one did not arrive without betraying where it was sent.
#include "common/clients/notify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"

namespace baton::notify {
namespace {

std::string slack_text(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
}

Json slack_body(const Message& message) {
  return Json::object({{"text", fmt::format("*{}*\n{}", slack_text(message.subject), slack_text(message.text))}});
}

Json webhook_body(const Message& message) {
  return Json::object({{"event", message.event},
                       {"subject", message.subject},
                       {"text", message.text},
                       {"facts", message.facts},
                       {"key", message.key}});
}

struct Format {
  std::string_view kind;
  Json (*body)(const Message&);
};
constexpr std::array kFormats{Format{"slack", slack_body}, Format{"webhook", webhook_body}};

bool is_http_url(const std::string& url) {
  try {
    parse_url(url);
    return true;
  } catch (const Error&) {
    return false;
  }
}

constexpr std::size_t kShortestSecret = 6;  // below, it stands in other words too

/// The names of folders and the values of a query.
std::vector<std::string> pieces_of(std::string path_and_query) {
  std::ranges::replace_if(
      path_and_query, [](char c) { return std::string_view("?&=#").find(c) != std::string_view::npos; }, '/');
  return split(path_and_query, '/');
}

/// A webhook's path is its password.
std::string without_secret(std::string text, const std::string& url) {
  const Url parts = parse_url(url);
  const std::string shown = fmt::format("{}://{}/***", parts.scheme, parts.host);
  text = replace_all(replace_all(text, url, shown), redact(url), shown);
  if (parts.path_and_query.size() > 1) text = replace_all(text, parts.path_and_query, "/***");
  // Who echoes a part of it, betrays that part.
  for (const std::string& piece : pieces_of(parts.path_and_query)) {
    if (piece.size() < kShortestSecret) continue;
    text = replace_all(replace_all(text, piece, "***"), percent_decode(piece), "***");
  }
  return text;
}

}  // namespace

std::optional<std::string> send(HttpClient& http, const Channel& channel, const Message& message,
                                std::stop_token stop) {
  const auto format = std::ranges::find(kFormats, channel.kind, &Format::kind);
  if (format == kFormats.end()) return fmt::format("there is no channel of the kind '{}'", channel.kind);
  if (!is_http_url(channel.url)) return fmt::format("the URL of the {} channel is no http or https URL", channel.kind);
  // A message that arrives twice is better than one that never does; the receiver can tell by the key.
  const HttpRequest request{.method = "POST",
                            .url = channel.url,
                            .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", message.key}},
                            .body = to_text(format->body(message)),
                            .max_body = 1U << 16U,
                            .retry = true};
  try {
    const HttpResponse answer = http.send(request, stop);
    if (answer.is_success()) return std::nullopt;
    return fmt::format("{} answered {}: '{}'", channel.kind, answer.status,
                       printable(without_secret(answer.body, channel.url), 200));
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    return fmt::format("{}: {}", channel.kind, without_secret(error.what(), channel.url));
  }
}

}  // namespace baton::notify
