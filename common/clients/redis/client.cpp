// Commands, and what their refusals mean.
#include "common/clients/redis/client.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/secrets.h"
#include "common/core/text.h"

namespace baton::redis {
namespace {

constexpr std::string_view kPlain = "redis://";
constexpr std::string_view kSecured = "rediss://";
constexpr int kPort = 6379;

[[noreturn]] void bad(std::string_view url, std::string_view what) {
  throw Error(ExitCode::usage, fmt::format("bad URL '{}': {}", printable(redact(url), 200), what),
              "Write it as redis://[user:password@]host:6379/0, or rediss:// for TLS.");
}

bool has_port(std::string_view authority) {
  const auto host = authority.substr(authority.rfind('@') + 1);
  const auto bracket = host.rfind(']');
  return host.find(':', bracket == std::string_view::npos ? 0 : bracket) != std::string_view::npos;
}

int database_in(std::string_view path, std::string_view url) {
  path = path.substr(0, path.find('?'));
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return 0;
  int number = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  if (error != std::errc{} || end != path.data() + path.size() || number < 0) bad(url, "the database is no number");
  return number;
}

struct Known {
  std::string_view word;
  Trouble trouble;
  std::string_view means;
  std::string_view hint;
};

constexpr std::array kKnown = {
    Known{"NOAUTH", Trouble::no_password, "it wants a password, and none is given",
          "Put the password into precheck.infrastructure.redis: redis://:${REDIS_PASSWORD}@host:6379."},
    Known{"WRONGPASS", Trouble::wrong_password, "it refuses the user or the password",
          "Correct user and password in precheck.infrastructure.redis."},
    Known{"LOADING", Trouble::loading, "it is still reading its data set from disk",
          "Wait until it has loaded its data, and run baton-precheck again."},
    Known{"MASTERDOWN", Trouble::master_down, "it is a replica that has lost its master, and serves nothing stale",
          "Bring the master back, or promote a replica."},
    Known{"NOPERM", Trouble::not_permitted, "its ACL does not let the user do that",
          "Allow the user +ping and +info, or name another one."},
};

Refused refusal(const std::string& shown, std::string_view command, const std::string& said) {
  const auto words = printable(said, 200);
  for (const auto& known : kKnown) {
    if (!said.starts_with(known.word)) continue;
    return {known.trouble, fmt::format("'{}' answered {} with {}: {}", shown, command, known.word, known.means),
            std::string(known.hint)};
  }
  // Of the password some say it in no word of its own: version 5, and servers that have none.
  if (command == "AUTH" && to_lower(said).find("password") != std::string::npos) {
    return {Trouble::wrong_password, fmt::format("'{}' refused the password: {}", shown, words),
            "Correct user and password in precheck.infrastructure.redis."};
  }
  return {Trouble::refused, fmt::format("'{}' answered {} with '{}'", shown, command, words),
          "Look into the Redis server's log."};
}

std::vector<std::string> auth_words(const Address& address) {
  if (address.user.empty()) return {"AUTH", address.password};
  return {"AUTH", address.user, address.password};
}

ConnectionSettings connection_for(const ClientSettings& settings) {
  return {.host = settings.address.host,
          .port = settings.address.port,
          .is_tls = settings.address.is_tls,
          .tls = settings.tls,
          .deadline = settings.deadline,
          .shown = settings.address.shown,
          .origin = settings.origin};
}

}  // namespace

Address parse_address(std::string_view url) {
  const bool is_tls = starts_with_icase(url, kSecured);
  if (!is_tls && !starts_with_icase(url, kPlain)) bad(url, "it is neither redis nor rediss");
  const auto rest = url.substr(is_tls ? kSecured.size() : kPlain.size());
  Url parts;
  try {
    parts = parse_url("http://" + std::string(rest));
  } catch (const Error& error) {
    const std::string_view said = error.what();
    bad(url, said.substr(said.rfind(": ") + 2));
  }
  Address address{.host = parts.host, .port = parts.port, .is_tls = is_tls};
  if (!has_port(rest.substr(0, rest.find_first_of("/?#")))) address.port = kPort;
  const auto colon = std::min(parts.user_info.find(':'), parts.user_info.size());
  address.user = percent_decode(parts.user_info.substr(0, colon));
  if (colon < parts.user_info.size()) address.password = percent_decode(parts.user_info.substr(colon + 1));
  keep_secret(address.password);
  address.database = database_in(parts.path_and_query, url);
  address.shown = redact(url);
  return address;
}

Client::Client(const ClientSettings& settings, std::stop_token stop)
    : shown_(settings.address.shown), connection_(connection_for(settings), std::move(stop)) {
  const auto& address = settings.address;
  if (!address.password.empty()) demand(auth_words(address));
  if (address.database != 0) demand({"SELECT", std::to_string(address.database)});
}

void Client::ping() {
  const auto reply = demand({"PING"});
  if (reply.is_text("PONG")) return;
  throw Refused(Trouble::refused,
                fmt::format("'{}' answered PING with '{}' and not with PONG", shown_, printable(reply.text, 100)),
                "Check that the port is a Redis server's.");
}

Info Client::info() { return parse_info(demand({"INFO"}).text); }

Reply Client::demand(const std::vector<std::string>& words) {
  auto reply = ask(words);
  if (reply.is_error()) throw refusal(shown_, words.front(), reply.text);
  return reply;
}

Reply Client::ask(const std::vector<std::string>& words) {
  connection_.send(command_text(words));
  while (true) {
    if (auto parsed = parse_reply(pending_)) {
      pending_.erase(0, parsed->length);
      return std::move(parsed->reply);
    }
    const auto more = connection_.receive();
    if (more.empty()) {
      throw Error(ExitCode::unknown, fmt::format("'{}' closed the connection before it answered {}", shown_, words[0]),
                  "Look into the Redis server's log; perhaps it expects TLS (rediss://) or has too many clients.");
    }
    pending_ += more;
  }
}

}  // namespace baton::redis
