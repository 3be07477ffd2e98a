// Gives Poco libpq's settings one by one, and asks libpq itself what went wrong.
#include "common/clients/database/postgresql/read_session.h"

#include <Poco/Data/PostgreSQL/Connector.h>
#include <Poco/Data/PostgreSQL/SessionHandle.h>
#include <Poco/Data/PostgreSQL/Utility.h>
#include <libpq-fe.h>

#include <cstdlib>
#include <mutex>
#include <optional>

#include "common/clients/database/postgresql/failure.h"
#include "common/clients/database/postgresql/settings.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::database {
namespace {

using Poco::Data::PostgreSQL::Connector;
using Poco::Data::PostgreSQL::Utility;

constexpr std::string_view kPocoPrefix = "Connection Error: ";

/// Variables of this process, put back as they were. No other thread may read the environment meanwhile; those of a
/// tool that looks at its database wait for signals.
class Variables {
 public:
  Variables() = default;
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;
  ~Variables() {
    for (const auto& [name, before] : before_) {
      if (before) {
        ::setenv(name.c_str(), before->c_str(), /*replace=*/1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
  }

  void set(const std::string& name, const std::string& value) {
    const char* before = std::getenv(name.c_str());
    before_.emplace_back(name, before == nullptr ? std::nullopt : std::optional<std::string>(before));
    ::setenv(name.c_str(), value.c_str(), /*replace=*/1);
  }

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

/// Poco takes a connection text apart at its blanks, also at those inside quotes. A value with a blank goes past it,
/// by the variable that libpq has for it, for as long as the connecting takes.
std::string text_for_poco(const Settings& settings, Variables& variables) {
  std::vector<std::string> pieces;
  for (const auto& [keyword, value] : settings.all()) {
    if (value.find(' ') == std::string::npos) {
      pieces.push_back(setting_text(keyword, value));
      continue;
    }
    const auto variable = Settings::variable_of(keyword);
    if (variable.empty()) {
      throw Error(ExitCode::usage, "the database URL's '" + keyword + "' holds a blank, which cannot be handed on",
                  "Choose a value without a blank.");
    }
    variables.set(variable, value);
  }
  return join(pieces, " ");
}

Poco::Data::Session open(const Address& address, Duration timeout) {
  static std::once_flag registered;
  std::call_once(registered, Connector::registerConnector);
  static std::mutex one_at_a_time;  // the variables are the whole process's
  const std::lock_guard lock(one_at_a_time);
  Variables variables;
  const std::string text = text_for_poco(connection_settings(address, timeout), variables);
  try {
    return {Connector::KEY, text};
  } catch (const Poco::Exception& fault) {
    std::string_view message = fault.message();
    if (message.starts_with(kPocoPrefix)) message.remove_prefix(kPocoPrefix.size());
    throw unreachable_server(address, message);
  }
}

/// What stands behind `label` in a message of several lines, else nothing.
std::string line_of(std::string_view message, std::string_view label) {
  const auto at = message.find(label);
  return at == std::string_view::npos ? std::string() : first_line(message.substr(at + label.size()));
}

/// Of Poco's text, "postgresql_stmt_prepare error: ERROR:  42501: permission denied for …": the verbose message of
/// libpq is the only place where it leaves the code in.
StatementError failure(Poco::Data::Session& session, const Poco::Exception& fault) {
  const PGconn* connection = *Utility::handle(session);
  if (PQstatus(connection) == CONNECTION_BAD) return lost_connection(PQerrorMessage(connection));
  const std::string& message = fault.message();
  constexpr std::size_t kStateLength = 5;
  const auto severity_end = message.find(":  ");
  const auto state = severity_end == std::string::npos ? message.size() : severity_end + 3;
  if (message.substr(std::min(state + kStateLength, message.size())).find(": ") != 0) return {"", printable(message)};
  std::string text = first_line(std::string_view(message).substr(state + kStateLength + 2));
  if (const auto detail = line_of(message, "\nDETAIL:  "); !detail.empty()) text += " (" + detail + ")";
  if (const auto advice = line_of(message, "\nHINT:  "); !advice.empty()) text += "; the server advises: " + advice;
  return {message.substr(state, kStateLength), printable(text)};
}

void ignore_notice(void*, const PGresult*) {}

}  // namespace

ReadSession read_postgresql(const Address& address, Duration timeout) {
  ReadSession reading{.session = open(address, timeout), .failure = failure};
  PGconn* connection = *Utility::handle(reading.session);
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  // Poco leaves notices to libpq, which writes them to stderr as they are.
  PQsetNoticeReceiver(connection, ignore_notice, nullptr);
  try {
    // One transaction, as Poco needs several exchanges for a statement and a pooler may part them otherwise.
    reading.session.begin();
    reading.session << "set transaction read only", Poco::Data::Keywords::now;
  } catch (const Poco::Exception& fault) {
    throw failure(reading.session, fault);
  }
  return reading;
}

}  // namespace baton::database
