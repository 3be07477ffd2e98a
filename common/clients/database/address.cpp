// Where a database is: reads the schemes that dbmate and libpq know.
#include "common/clients/database/address.h"

#include <array>
#include <filesystem>

#include "common/clients/database/postgresql/settings.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/io/url.h"

namespace baton::database {
namespace {

/// As dbmate reads it: "sqlite:a.db" is relative; "sqlite:/a.db", "sqlite://a.db" and "sqlite:///a.db" are absolute.
std::string sqlite_path(std::string_view rest) {
  const auto slashes = rest.find_first_not_of('/');
  if (slashes != std::string_view::npos && slashes > 1) rest.remove_prefix(slashes - 1);
  return percent_decode(rest);
}

Address parse_sqlite(std::string_view url) {
  const auto rest = url.substr(url.find(':') + 1);
  const auto quoted = "the database URL '" + printable(url) + "'";
  if (rest.find('?') != std::string_view::npos) {
    throw Error(ExitCode::usage, quoted + " has parameters, which are not taken for SQLite",
                "Leave out what follows the '?'.");
  }
  const std::string path = sqlite_path(rest);
  if (path.empty() || path == ":memory:" || path.find('\0') != std::string::npos) {
    throw Error(ExitCode::usage, quoted + " names no file", "Write it as sqlite:path/to/app.db.");
  }
  std::error_code failed;
  const auto absolute = std::filesystem::weakly_canonical(std::filesystem::absolute(path), failed);
  return {.engine = Engine::sqlite,
          .url = std::string(url),
          .identity = failed ? std::filesystem::absolute(path).lexically_normal().string() : absolute.string(),
          .path = path,
          .name = std::filesystem::path(path).filename().string()};
}

Address parse_postgresql(std::string_view url) {
  const auto settings = Settings::parse(url);
  const auto either = [&](std::string_view keyword, const std::string& fallback) {
    const std::string value = settings.value_or_default(keyword);
    return value.empty() ? fallback : value;
  };
  const std::string host = either("host", either("hostaddr", "localhost"));
  const std::string name = either("dbname", settings.value_or_default("user"));
  return {.engine = Engine::postgresql,
          .url = std::string(url),
          .identity = "postgresql://" + (host.starts_with('/') ? percent_encode(host) : host) + ":" +
                      either("port", "5432") + "/" + name,
          .path = {},
          .name = name};
}

Address refuse_mysql(std::string_view url) {
  throw Error(ExitCode::usage, "database '" + redact(url) + "' is MySQL or MariaDB, which this version does not speak",
              "Use a postgresql:// or sqlite: URL.");
}

struct Scheme {
  std::string_view prefix;
  Address (*parse)(std::string_view url);
};
constexpr std::array kSchemes = {
    Scheme{"sqlite:", parse_sqlite},
    Scheme{"sqlite3:", parse_sqlite},
    Scheme{"postgresql://", parse_postgresql},
    Scheme{"postgres://", parse_postgresql},
    Scheme{"mysql:", refuse_mysql},
    Scheme{"mariadb:", refuse_mysql},
};

}  // namespace

Address parse_address(std::string_view url, std::string origin) {
  for (const auto& scheme : kSchemes) {
    if (!url.starts_with(scheme.prefix)) continue;
    Address address = scheme.parse(url);
    address.origin = std::move(origin);
    return address;
  }
  // Not shown: without a scheme it is not known where in it a password stands.
  throw Error(ExitCode::usage, "the database URL" + in_brackets(origin) + " has none of the known schemes",
              "Use postgresql://user:password@host:5432/name or sqlite:path/to/app.db.");
}

}  // namespace baton::database
