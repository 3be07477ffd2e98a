// Bytes made small and whole again, in the form that gunzip reads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baton {

std::string gzip(std::string_view bytes);
/// Throws Error{unknown} on anything but one whole stream, and on one that holds more than `max` bytes.
std::string gunzip(std::string_view packed, std::size_t max);

}  // namespace baton
