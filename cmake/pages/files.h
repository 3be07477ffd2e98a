// The files that a tool reads and leaves, for its manual page.
#pragma once

#include <span>
#include <string_view>

namespace pages {

struct FileRow {
  std::string_view step;  ///< whose it is; empty: of all five
  std::string_view name;  ///< as it is by default; words in capitals stand for something else
  std::string_view what;
};
std::span<const FileRow> file_rows();

}  // namespace pages
