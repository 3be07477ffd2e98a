// zstd's streams, one behind another in one file.
#pragma once

#include "tools/precheck/secrets/unpack/sink.h"

namespace baton::precheck::secrets {

/// What is inside has the file's own place: "a.zstd" holds one file.
std::unique_ptr<Sink> make_zstd_sink(Unpacking& of, const std::string& place, const std::string& path, int depth);

}  // namespace baton::precheck::secrets
