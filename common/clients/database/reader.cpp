// Either engine's session, asked through Poco::Data.
#include "common/clients/database/reader.h"

#include "common/clients/database/postgresql/read_session.h"
#include "common/clients/database/read_session.h"
#include "common/clients/database/sqlite/read_session.h"

namespace baton::database {
namespace {

ReadSession open(const Address& address, Duration timeout) {
  switch (address.engine) {
    case Engine::sqlite:
      return read_sqlite(address, timeout);
    case Engine::postgresql:
      return read_postgresql(address, timeout);
  }
  throw Error(ExitCode::error, "an address has no engine");
}

}  // namespace

Reader::Reader(const Address& address, Duration timeout)
    : session_(std::make_unique<ReadSession>(open(address, timeout))) {}

Reader::~Reader() = default;

std::vector<std::string> Reader::column(const std::string& sql, std::vector<std::string> parameters) {
  std::vector<std::string> values;
  Poco::Data::Statement statement(session_->session);
  try {
    statement << sql, Poco::Data::Keywords::into(values);
    for (auto& parameter : parameters) statement, Poco::Data::Keywords::use(parameter);
    statement.execute();
  } catch (const Poco::Exception& fault) {
    // While the statement lives: its end is an exchange of its own, after which the engine knows of no failure.
    throw session_->failure(session_->session, fault);
  }
  return values;
}

}  // namespace baton::database
