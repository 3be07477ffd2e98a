// The error that a statement ends with.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "common/clients/database/database.h"

namespace baton::database {

inline StatementError error_of(Database& database, std::string_view sql) {
  try {
    database.execute(sql);
  } catch (const StatementError& error) {
    return error;
  }
  ADD_FAILURE() << "no error from " << sql;
  return {"", ""};
}

}  // namespace baton::database
