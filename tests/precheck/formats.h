// Formats of reports by their ids, and one whole report of each.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

#include "common/io/files.h"
#include "tests/support/places.h"
#include "tools/precheck/report_format.h"

namespace baton::precheck {

inline const Format& format_named(std::string_view id) {
  for (const auto* format : formats()) {
    if (format->id == id) return *format;
  }
  throw std::out_of_range("no format " + std::string(id));
}

inline ReadReport read_report_text(const Format& format, const std::string& text, std::string_view name) {
  std::istringstream bytes(text);
  return format.read(bytes, name);
}

inline Reading read_text(const Format& format, const std::string& text, std::string_view name) {
  return read_report_text(format, text, name).reading;
}

/// A whole report; the seed of the fuzz target.
inline std::string sample_of(const Format& format) {
  return read_file(test::source_folder() / "tests/fuzz/corpus/report" / format.id);
}

}  // namespace baton::precheck
