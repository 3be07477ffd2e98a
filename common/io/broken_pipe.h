// A peer or program that went away while we wrote to it is an error of that write, not our end.
#pragma once

namespace baton {

/// Ignores SIGPIPE unless somebody handles it: neither Poco nor OpenSSL writes without raising it.
void ignore_broken_pipes();

}  // namespace baton
