// The state that a killed run left: taken as it was written, refused when this tool cannot have written it.
#include "tools/migrate/progress.h"

#include <gtest/gtest.h>

namespace baton::migrate {
namespace {

Progress progress() {
  Progress progress{.backup = Backup{.path = "b.dump", .sha256 = "ab", .size = 1234, .rung = "read"}};
  progress.applied.push_back({.version = "1", .file = "1_a.sql", .sha256 = "cd", .duration = Duration(56)});
  return progress;
}

Json state() { return to_json(progress(), "dbmate", "app.db"); }

/// With another text in place of a number that `state` holds.
Json state_with(const std::string& number, const std::string& text) {
  std::string all = to_text(state());
  const auto at = all.find('"' + number + '"');
  EXPECT_NE(at, std::string::npos) << all;
  return parse_json(all.replace(at + 1, number.size(), text), "state");
}

TEST(ProgressTest, ComesBackAsItWasWritten) {
  const auto saved = saved_progress(state());
  EXPECT_EQ(saved.applied.at(0).duration, Duration(56));
  EXPECT_EQ(saved.backup.value().size, 1234);
}

TEST(ProgressTest, TakesWholeNumbersOnly) {
  for (const auto* number : {"56", "1234"}) {
    for (const auto* text : {"12x", " 12", "+12", "", "1.5", "0x1f", "9223372036854775808"}) {
      try {
        saved_progress(state_with(number, text));
        ADD_FAILURE() << text;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::handoff);
        EXPECT_EQ(std::string(error.what()),
                  std::string("the state of the earlier run cannot be read: '") + text + "' is no whole number");
      }
    }
  }
}

}  // namespace
}  // namespace baton::migrate
