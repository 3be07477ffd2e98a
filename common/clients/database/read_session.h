// A Poco session of either engine, and what its failures mean.
#pragma once

#include <Poco/Data/Session.h>

#include "common/clients/database/database.h"

namespace baton::database {

struct ReadSession {
  Poco::Data::Session session;
  /// Poco's own texts hold the whole statement and name no code, so the engine is asked for both.
  StatementError (*failure)(Poco::Data::Session& session, const Poco::Exception& fault);
};

}  // namespace baton::database
