// Exit codes: the contract's numbers, names and precedence.
#include "common/core/error.h"

#include <gtest/gtest.h>

#include <array>

namespace baton {
namespace {

TEST(ErrorTest, CodesHaveTheContractsNumbersAndNames) {
  const std::pair<int, const char*> expected[] = {
      {0, "proceed"}, {1, "error"},   {2, "usage"},  {3, "stop"},       {4, "rolled-back"}, {5, "rollback-failed"},
      {6, "unknown"}, {7, "handoff"}, {75, "again"}, {124, "deadline"}, {130, "signal"},    {143, "signal"},
  };
  for (const auto& [number, name] : expected) EXPECT_EQ(exit_name(static_cast<ExitCode>(number)), name) << number;
}

TEST(ErrorTest, EveryCodeWinsOverAllBehindItInTheContractsOrder) {
  const std::array order = {
      ExitCode::rollback_failed, ExitCode::error,      ExitCode::handoff,  ExitCode::rolled_back, ExitCode::stop,
      ExitCode::unknown,         ExitCode::terminated, ExitCode::deadline, ExitCode::again,       ExitCode::proceed};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i; j < order.size(); ++j) {
      EXPECT_EQ(weightiest({order[j], order[i]}), order[i])
          << static_cast<int>(order[i]) << " and " << static_cast<int>(order[j]);
    }
  }
}

TEST(ErrorTest, UsageStandsAlone) {
  EXPECT_EQ(weightiest({ExitCode::rollback_failed, ExitCode::usage}), ExitCode::usage);
}

TEST(ErrorTest, NothingAtAllProceeds) { EXPECT_EQ(weightiest({}), ExitCode::proceed); }

TEST(ErrorTest, CarriesCodeMessageAndHint) {
  const Error error(ExitCode::stop, "nothing is ready", "Wait.");
  EXPECT_EQ(error.code(), ExitCode::stop);
  EXPECT_STREQ(error.what(), "nothing is ready");
  EXPECT_EQ(error.hint(), "Wait.");
}

}  // namespace
}  // namespace baton
