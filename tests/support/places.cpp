// The two paths, as CMake knows them.
#include "tests/support/places.h"

namespace baton::test {

std::filesystem::path build_folder() { return BATON_BUILD_DIR; }
std::filesystem::path source_folder() { return BATON_SOURCE_DIR; }

}  // namespace baton::test
