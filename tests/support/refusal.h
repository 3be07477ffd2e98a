// What an act is refused with, for tests that read it.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/core/error.h"

namespace baton::test {

/// The error that `act` ends with; nothing when it ends well.
template <typename Failure = Error, typename Act>
std::optional<Failure> refused(const Act& act) {
  try {
    static_cast<void>(act());
  } catch (const Failure& failure) {
    return failure;
  }
  return std::nullopt;
}

/// The error that `act` ends with. When it ends well, the test has failed and is over.
template <typename Failure = Error, typename Act>
Failure error_of(const Act& act) {
  const auto failure = refused<Failure>(act);
  if (failure) return *failure;
  ADD_FAILURE() << "nothing was refused";
  throw std::logic_error("nothing was refused");
}

/// The words that `act` is refused with, under that code; "taken" when it ends well.
template <typename Act>
std::string refusal(ExitCode code, const Act& act) {
  const auto error = refused(act);
  if (!error) return "taken";
  EXPECT_EQ(error->code(), code) << error->what();
  return error->what();
}

/// Likewise, with the hint behind them: "words | hint".
template <typename Act>
std::string refusal_and_hint(ExitCode code, const Act& act) {
  const auto error = refused(act);
  if (!error) return "taken";
  EXPECT_EQ(error->code(), code) << error->what();
  return std::string(error->what()) + " | " + error->hint();
}

/// Whether `part` stands in `text`; a test that expected otherwise shows both.
inline testing::AssertionResult says(std::string_view text, std::string_view part) {
  const bool is_there = text.find(part) != std::string_view::npos;
  return (is_there ? testing::AssertionSuccess() : testing::AssertionFailure())
         << "'" << text << (is_there ? "' says '" : "' does not say '") << part << "'";
}

}  // namespace baton::test
