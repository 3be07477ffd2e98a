// Makes one question of two ways to ask.
#include "tools/migrate/history.h"

namespace baton::migrate {

Ask over(database::Database& database) {
  return [&database](const std::string& sql, const std::vector<std::string>& parameters) {
    std::vector<std::string> values;
    for (const auto& row : database.query(sql, {parameters.begin(), parameters.end()}).rows) {
      values.push_back(row.at(0).value_or(""));
    }
    return values;
  };
}

Ask over(database::Reader& reader) {
  return [&reader](const std::string& sql, const std::vector<std::string>& parameters) {
    return reader.column(sql, parameters);
  };
}

}  // namespace baton::migrate
