// What a file of time series holds: its tables, made and recognised, and what its failures mean.
#pragma once

#include <Poco/Data/Session.h>

#include <filesystem>

#include "common/core/error.h"

namespace baton::database {

/// Nothing was written to it so far.
bool is_blank(Poco::Data::Session& session);
/// In the transaction that is open.
void make_series_tables(Poco::Data::Session& session);
/// Throws Error{unknown} when the file at `path` is no file of series, damaged or of a later version. The whole file is
/// read.
void check_series_tables(Poco::Data::Session& session, const std::filesystem::path& path);

Error damaged_series_file(const std::filesystem::path& path, const std::string& how);
/// Of a read, Error{unknown}. Asked before anything else is asked of the session.
Error unread_series_file(Poco::Data::Session& session, const std::filesystem::path& path, const Poco::Exception& fault);
/// Of a write, Error{error}, but for a file that is damaged.
Error unwritten_series_file(Poco::Data::Session& session, const std::filesystem::path& path,
                            const Poco::Exception& fault);

}  // namespace baton::database
