// Documents that people write: read whole, as lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/handoff/handoff.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

struct Document {
  std::string name;  ///< as the configuration names it
  std::string text;
  Evidence evidence = {};
};

/// Throws Error{unknown} when it is not there, cannot be read, is larger than 4 MiB or no UTF-8.
Document read_document(const std::string& path, std::string_view kind);

struct Heading {
  int level = 0;  ///< 1 to 6; 0: the line is none
  std::string text = {};
};
struct Line {
  std::string text;
  Heading heading = {};
  bool is_code = false;  ///< between fences
};
/// Of Markdown: headings with # and those underlined, white space at ends and HTML comments taken away.
std::vector<Line> markdown_lines(std::string_view text);
/// A line that says something: no heading, not empty, no rule, no mere "TBD".
bool says_something(const Line& line);

}  // namespace baton::precheck
