// Lines are told by the mark of an outcome.
#include "common/cli/colour.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "common/core/finding.h"
#include "common/core/text.h"

namespace baton {
namespace {

std::string_view colour_of(std::string_view line, std::string_view headline) {
  constexpr std::array kColours = {std::pair{Outcome::fail, kRed}, std::pair{Outcome::warn, kYellow},
                                   std::pair{Outcome::unknown, kYellow}};
  for (const auto& [outcome, colour] : kColours) {
    if (line.find(outcome_mark(outcome)) != std::string_view::npos) return colour;
  }
  return line == headline ? kBold : std::string_view{};
}

}  // namespace

bool is_coloured(bool wanted, const Environment& environment, int descriptor) {
  if (!wanted || environment.find("NO_COLOR")) return false;
  return environment.value_or("FORCE_COLOR", "0") != "0" || isatty(descriptor) == 1;
}

std::string coloured(std::string_view text, std::string_view headline) {
  std::vector<std::string> lines = split(text, '\n');
  for (std::string& line : lines) {
    const auto colour = colour_of(line, headline);
    if (!colour.empty()) line = fmt::format("{}{}{}", colour, line, kPlain);
  }
  return join(lines, "\n");
}

}  // namespace baton
