// An open move, in words by its phase.
#include "tools/switch/left_open.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/rollout/by_hand.h"
#include "common/rollout/recorded_move.h"
#include "common/rollout/serving.h"

namespace baton::cutover {
namespace {

constexpr std::string_view kGoOn = "To go on, run the same command again; to go back: ";

struct Left {
  rollout::Phase phase;
  std::string_view state;
  std::string_view next;  ///< the command that takes it back stands behind it
};

constexpr std::array kLeft = {
    Left{rollout::Phase::adopting, "no traffic was switched", kGoOn},
    Left{rollout::Phase::switching, "the switch is not judged to its end, and nobody watches it", kGoOn},
    Left{rollout::Phase::undoing, "its rollback is not finished", "To finish the rollback: "},
};

std::optional<rollout::Move> open_move(World& world) {
  // Told to stop, it may still be asked what it leaves.
  rollout::Context asking = world.context;
  asking.stop = {};
  try {
    auto move = rollout::recorded_move(asking);
    return move && move->id == asking.id ? move : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// What a run finds that lost its Lease is the other one's doing, and its advice would take that back.
Error unless_lost(const rollout::Context& context, const Error& error) {
  if (context.lease == nullptr || error.code() == ExitCode::interrupted) return error;
  try {
    context.lease->confirm();
  } catch (const Error& lost) {
    if (lost.code() == ExitCode::again) return lost;
  }
  return error;
}

}  // namespace

Error left_open(World& world, const Error& found) {
  auto error = unless_lost(world.context, found);
  const auto move = open_move(world);
  if (!move) return error;
  const auto* const left = std::ranges::find(kLeft, move->phase, &Left::phase);
  if (left == kLeft.end()) return error;
  // Why it stopped has its own advice, unless somebody told it to.
  const auto first = error.code() == ExitCode::interrupted || error.hint().empty() ? "" : error.hint() + " ";
  return Error(error.code(), fmt::format("{}, {}: {}", rollout::who_serves(world.context), left->state, error.what()),
               fmt::format("{}{}{}", first, left->next, rollout::rollback_command(world.context)));
}

}  // namespace baton::cutover
