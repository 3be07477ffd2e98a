// The files of a zip, as they come.
#pragma once

#include "tools/precheck/secrets/unpack/sink.h"

namespace baton::precheck::secrets {

/// A file inside is named "place!path".
std::unique_ptr<Sink> make_zip_sink(Unpacking& of, const std::string& place, int depth);

}  // namespace baton::precheck::secrets
