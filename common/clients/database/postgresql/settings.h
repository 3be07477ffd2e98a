// libpq's connection settings, taken from a URL once and completed where libpq alone would fail.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/clients/database/address.h"
#include "common/core/time.h"

namespace baton::database {

class Settings {
 public:
  /// Throws Error{usage}; the text never holds a piece of the URL. Where user and password end must be certain.
  static Settings parse(std::string_view url);

  /// As given, else what libpq takes from the environment, else empty.
  std::string value_or_default(std::string_view keyword) const;
  std::string value(std::string_view keyword) const;
  void set(std::string_view keyword, std::string value);
  void erase(std::string_view keyword);
  /// The variable from which libpq takes what it is not given; empty where there is none.
  static std::string variable_of(std::string_view keyword);
  /// libpq looks the user and the CA file up in the password file and the home folder; a container may have neither.
  /// Throws Error{usage} when nothing names a user.
  void complete();
  const std::vector<std::pair<std::string, std::string>>& all() const { return values_; }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

/// How every connection of Baton's own is made. `timeout` is for the making only.
Settings connection_settings(const Address& address, Duration timeout);

/// `text` with "***" in place of every secret that the address holds.
std::string without_secrets(std::string_view text, const Address& address);

/// "password='it\\'s'": one setting of a connection text.
std::string setting_text(std::string_view keyword, std::string_view value);

}  // namespace baton::database
