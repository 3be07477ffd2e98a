// Poco's session of an SQLite file, and what its failures mean.
#pragma once

#include <Poco/Data/Session.h>

#include "common/clients/database/database.h"

namespace baton::database {

/// Of a file that is there, whatever its name holds; written to where its permissions allow that. Throws StatementError
/// with SQLite's own words.
Poco::Data::Session open_session(const std::string& path);

/// How long a statement waits for another program's lock; not at all before.
void set_patience(Poco::Data::Session& session, Duration patience);

/// Asked before anything else is asked of the session.
StatementError session_failure(Poco::Data::Session& session, const Poco::Exception& fault);

}  // namespace baton::database
