// Files packed by gzip and zstd, however many streams lie one behind another.
#pragma once

#include "tools/precheck/secrets/unpack/sink.h"

namespace baton::precheck::secrets {

/// What is inside has the file's own place: "a.gz" holds one file.
std::unique_ptr<Sink> make_packed_sink(Unpacking& of, const std::string& place, const std::string& path, int depth);

}  // namespace baton::precheck::secrets
