// Reads postgresql:// URLs through libpq's own parser, and dbmate's search_path beside it.
#include "common/clients/database/postgresql/settings.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <system_error>

#include "common/core/error.h"
#include "common/core/redact.h"
#include "common/core/secrets.h"
#include "common/core/text.h"
#include "common/io/env.h"
#include "common/io/tls.h"
#include "common/io/url.h"

namespace baton::database {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
using Values = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 2> kSecrets = {"password", "sslpassword"};

Values values_of(const PQconninfoOption* option) {
  Values values;
  for (; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values.emplace_back(option->keyword, option->val);
  }
  return values;
}

std::string value_in(const Values& values, std::string_view keyword) {
  const auto found = std::ranges::find(values, keyword, &Values::value_type::first);
  return found == values.end() ? std::string() : found->second;
}

/// What is left of libpq's message before it quotes the URL, which may hold the password.
std::string reason_of(std::string_view message) { return std::string(trim(message.substr(0, message.find(": \"")))); }

struct Url {
  std::string text;
  std::string search_path = {};
};

Url take_search_path(std::string_view url) {
  constexpr std::string_view kKey = "search_path=";
  const auto mark = url.find('?');
  if (mark == std::string_view::npos) return {std::string(url)};
  Url result;
  std::vector<std::string> kept;
  for (const auto& parameter : split(url.substr(mark + 1), '&')) {
    if (parameter.starts_with(kKey)) {
      result.search_path = percent_decode(std::string_view(parameter).substr(kKey.size()));
    } else if (!parameter.empty()) {
      kept.push_back(parameter);
    }
  }
  result.text = std::string(url.substr(0, mark)) + (kept.empty() ? "" : "?" + join(kept, "&"));
  return result;
}

/// A value inside libpq's `options`, where blanks part the words.
std::string as_option(std::string_view value) { return replace_all(replace_all(value, "\\", "\\\\"), " ", "\\ "); }

/// libpq counts in whole seconds and takes nothing under two.
std::string connect_seconds(Duration timeout) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(timeout).count();
  return std::to_string(std::max<long long>(2, seconds));
}

bool has_own_root_certificate() {
  std::error_code ignored;
  return std::filesystem::exists(home_folder(Environment::of_process()) + "/.postgresql/root.crt", ignored);
}

/// Nothing of the URL is shown: what stands around the mistake may be the password.
Error unreadable(const std::string& cause) {
  return {ExitCode::usage, "cannot read the database URL: " + cause,
          "Write it as postgresql://user:password@host:5432/name, with special characters percent-encoded ('@' as %40, "
          "'/' as %2F)."};
}

/// libpq ends the user's part at the first '@' before a '/': with another one behind, or a '/' before, it would take a
/// piece of the password for a host, a port or a database, and say so.
void check_user_part(std::string_view url) {
  const auto scheme = url.find("://");
  const auto rest = url.substr(scheme == std::string_view::npos ? 0 : scheme + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  const bool has_user = rest.substr(0, slash).find('@') != std::string_view::npos;
  const auto last = rest.rfind('@');
  const auto query = std::min(rest.find('?', slash), rest.size());
  if (has_user && (last > rest.find('@') && last < query)) {
    throw unreadable("its user part holds an unescaped '@', or its path does");
  }
  if (!has_user && last != std::string_view::npos) {
    throw unreadable("an '@' stands behind its first '/' or '?', as it does when a password holds one of those");
  }
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whatever the way there: what is handed on as the database's identity is no part of a password.
void check_place(const Settings& settings) {
  for (const auto& port : split(settings.value("port"), ',')) {
    if (!is_port(port)) throw unreadable("its port is no number");
  }
  for (const std::string_view keyword : {"host", "hostaddr"}) {
    if (settings.value(keyword).find('@') != std::string::npos) throw unreadable("its host holds an '@'");
  }
}

}  // namespace

Settings Settings::parse(std::string_view url) {
  if (url.find('\0') != std::string_view::npos) throw Error(ExitCode::usage, "the database URL holds a NUL byte");
  check_user_part(url);
  const Url parts = take_search_path(url);
  char* message = nullptr;
  const Options options(PQconninfoParse(parts.text.c_str(), &message), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> freed(message, &PQfreemem);
  if (!options) throw unreadable(reason_of(message == nullptr ? "" : message));
  Settings settings;
  settings.values_ = values_of(options.get());
  check_place(settings);
  if (!parts.search_path.empty()) {
    const std::string given = settings.value("options");
    settings.set("options", given + (given.empty() ? "" : " ") + "-csearch_path=" + as_option(parts.search_path));
  }
  return settings;
}

std::string Settings::value(std::string_view keyword) const { return value_in(values_, keyword); }

std::string Settings::value_or_default(std::string_view keyword) const {
  std::string given = value(keyword);
  if (!given.empty()) return given;
  const Options defaults(PQconndefaults(), &PQconninfoFree);
  return value_in(values_of(defaults.get()), keyword);
}

void Settings::set(std::string_view keyword, std::string value) {
  erase(keyword);
  values_.emplace_back(keyword, std::move(value));
}

void Settings::erase(std::string_view keyword) {
  std::erase_if(values_, [&](const auto& pair) { return pair.first == keyword; });
}

std::string Settings::variable_of(std::string_view keyword) {
  const Options defaults(PQconndefaults(), &PQconninfoFree);
  for (const auto* option = defaults.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (option->keyword == keyword) return option->envvar == nullptr ? "" : option->envvar;
  }
  return "";
}

void Settings::complete() {
  for (const std::string_view secret : {"password", "sslpassword"}) keep_secret(value(secret));
  const std::string user = value_or_default("user");
  if (user.empty()) {
    throw Error(ExitCode::usage, "the database URL names no user, and this system user has no name",
                "Write the URL as postgresql://user:password@host:5432/name.");
  }
  set("user", user);
  const bool verifies = value_or_default("sslmode").starts_with("verify");
  if (verifies && value_or_default("sslrootcert").empty() && !has_own_root_certificate()) {
    set("sslrootcert", system_ca_file());
  }
}

Settings connection_settings(const Address& address, Duration timeout) {
  auto settings = Settings::parse(address.url);
  settings.complete();
  settings.set("application_name", "baton");
  settings.set("client_encoding", "UTF8");
  settings.set("connect_timeout", connect_seconds(timeout));
  // A server that vanished without a word is noticed within half a minute, also while a statement runs.
  settings.set("keepalives_idle", "15");
  settings.set("keepalives_interval", "5");
  settings.set("keepalives_count", "3");
  settings.set("tcp_user_timeout", "30000");
  return settings;
}

std::string without_secrets(std::string_view text, const Address& address) {
  std::string safe(text);
  if (address.engine != Engine::postgresql) return safe;
  const auto settings = Settings::parse(address.url);
  for (const auto keyword : kSecrets) {
    const std::string value = settings.value(keyword);
    if (!value.empty()) safe = replace_all(replace_all(safe, value, "***"), percent_encode(value), "***");
  }
  return safe;
}

std::string setting_text(std::string_view keyword, std::string_view value) {
  return std::string(keyword) + "='" + replace_all(replace_all(value, "\\", "\\\\"), "'", "\\'") + "'";
}

}  // namespace baton::database
