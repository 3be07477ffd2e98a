// Where this build and its sources lie. Known to one file alone: the compiler cache serves the others to every
// checkout.
#pragma once

#include <filesystem>

namespace baton::test {

std::filesystem::path build_folder();
std::filesystem::path source_folder();

}  // namespace baton::test
