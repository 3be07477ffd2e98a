// Formats of foreign reports: recognised by what is in the file, never by its name.
#pragma once

#include <cstddef>
#include <istream>
#include <span>
#include <string_view>

#include "tools/precheck/reading.h"

namespace baton::precheck {

/// Scanners may put their whole configuration before what tells their reports apart.
constexpr std::size_t kHeadBytes = 64U << 10U;

struct Format {
  std::string_view id;  ///< kebab-case; the kind of the evidence in handoffs
  ReportKind kind = ReportKind::tests;
  /// By the first bytes, at most kHeadBytes of them.
  bool (*recognises)(std::string_view head) = nullptr;
  /// The whole report, of the format's kind. Throws Error{unknown} "NAME: …" on whatever is not whole and well-formed.
  ReadReport (*read)(std::istream& bytes, std::string_view name) = nullptr;
};

std::span<const Format* const> formats();
/// Throws Error{unknown} "NAME: …" with the formats that are known where it is none of this kind.
const Format& format_of(std::string_view head, ReportKind kind, std::string_view name);

}  // namespace baton::precheck
