// PostgreSQL's own programs, pointed at a database.
#pragma once

#include <map>
#include <string>

#include "common/clients/database/address.h"

namespace baton::database {

/// How PostgreSQL's own programs reach the same database.
struct ProgramConnection {
  std::string text;                                ///< for --dbname; no password in it
  std::map<std::string, std::string> environment;  ///< the password, if there is one
  /// What libpq takes neither from the environment nor should be seen in a list of processes: the text of a service
  /// file for PGSERVICEFILE, which `text` names. Empty: none is needed.
  std::string service_file = {};
};
ProgramConnection program_connection(const Address& address);

}  // namespace baton::database
