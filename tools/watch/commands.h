// What a person can paste into a shell: from any folder, without a file.
#pragma once

#include <string>

#include "tools/watch/watched.h"

namespace baton::watch {

/// "baton-switch rollback shop -n production --reason '…' --by "$USER""; words where Baton switched nothing.
std::string rollback_command(const Watched& watched, const std::string& reason);
/// "baton-watch tick --accept error-rate-warning --by "$USER" --set app=shop -n production".
std::string accept_command(const Watched& watched, const std::string& rule);

}  // namespace baton::watch
