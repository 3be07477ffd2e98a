// Taking, renewing and writing the Lease.
#include "common/rollout/lease.h"

#include <fmt/format.h>

#include <mutex>
#include <thread>

#include "common/core/digest.h"
#include "common/io/wait.h"
#include "common/rollout/conflict.h"
#include "common/rollout/intent.h"
#include "common/rollout/lease_record.h"
#include "common/rollout/process_identity.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

Json holder_test(const std::string& holder) {
  return Json::object({{"op", "test"}, {"path", "/spec/holderIdentity"}, {"value", holder}});
}

bool is_free(const Json& lease, const LeaseRecord& record, Time now) {
  if (record.holder.empty() || !record.expires || *record.expires <= now) return true;
  return is_dead(lease["metadata"]["annotations"][kProcessAnnotation].string_or(""));
}

void require_same_deployment(const Context& context, const LeaseRecord& record) {
  if (id_of_holder(record.holder) == context.id) return;
  throw LeaseBusy(fmt::format("deployment '{}' is changing '{}', its lease runs until {}", id_of_holder(record.holder),
                              context.app, to_rfc3339(*record.expires)),
                  "Run again when it is over.", *record.expires);
}

/// False: somebody else was faster, or the API server does not say whether it was carried out. The next look tells.
bool claim_once(Context& context, const Json& seen, const std::string& holder, int& blips) {
  constexpr int kBlips = 4;
  const auto object = claimed(seen, lease_name(context), holder, context.clock.now());
  try {
    if (seen.is_null()) {
      context.kube.create(kube::kLeases, object, context.stop);
    } else {
      context.kube.replace(kube::kLeases, object, context.stop);
    }
    return true;
  } catch (const kube::ApiError& error) {
    const bool is_faster = error.status() == 409;
    if (!is_faster && (!kube::is_blip(error.status()) || ++blips == kBlips)) throw;
    return false;
  }
}

/// Whoever held it may have a write on its way still, which fails on an object that was written to since. The next
/// deployment and a rollback write to all that such a write could harm, but for the colour that traffic goes back to.
void fence_off(Context& context, const LeaseRecord& before) {
  if (before.holder.empty() || !before.move || before.move->rolled) return;
  const auto& name = before.move->previous_deployment;
  try {
    until_not_lost([&] {
      const auto old = context.kube.find(kube::kDeployments, name, context.stop);
      if (!old) return;
      auto operations = guarded(*old);
      add_annotation(operations, *old, kFencedAnnotation, micro_time(context.clock.now()));
      context.kube.json_patch(kube::kDeployments, name, operations, context.stop);
    });
  } catch (const kube::ApiError&) {
    // No rollback waits for the right to write there.
  }
}

}  // namespace

struct Lease::State {
  kube::Client kube;
  Clock& clock;
  std::string name;
  std::string holder;
  mutable std::mutex mutex;
  Duration renewed{0};
  bool is_lost = false;
  std::jthread renewer = {};

  State(Context& context, std::string by)
      : kube(context.kube),
        clock(context.clock),
        name(lease_name(context)),
        holder(std::move(by)),
        renewed(clock.monotonic()) {}

  void renew(std::stop_token stop) {
    const std::scoped_lock lock(mutex);
    const auto begun = clock.monotonic();
    const auto time =
        Json::object({{"op", "replace"}, {"path", "/spec/renewTime"}, {"value", micro_time(clock.now())}});
    try {
      kube.json_patch(kube::kLeases, name, Json::array({holder_test(holder), time}), stop);
      renewed = begun;
    } catch (const kube::ApiError& error) {
      if (is_lost_race(error) || error.status() == 404) is_lost = true;
    } catch (const Error&) {
      // The API server is away: the next try comes in time, and check() counts how long ago the last good one was.
    }
  }

  void keep_renewing(std::stop_token stop) {
    SystemClock wall;
    while (wall.sleep_for(kLeaseRenewal, stop)) renew(stop);
  }

  void annotate(std::string_view key, const std::function<std::string(const Json& lease)>& value) {
    const std::scoped_lock lock(mutex);
    until_not_lost([&] {
      const auto lease = kube.get(kube::kLeases, name);
      require_ours(lease);
      auto operations = guarded(lease);
      add_annotation(operations, lease, key, value(lease));
      kube.json_patch(kube::kLeases, name, operations);
    });
  }

  void require_held() {
    if (!is_lost && clock.monotonic() - renewed <= kLeaseDuration) return;
    throw Error(ExitCode::again, fmt::format("lease '{}' is ours no more: {}", name, why_lost()),
                "Run again: what was begun is resumed or undone.");
  }

  void require_ours(const Json& lease) {
    is_lost |= lease["spec"]["holderIdentity"].string_or("") != holder;
    require_held();
  }

  std::string why_lost() {
    std::optional<Json> lease;
    try {
      lease = kube.find(kube::kLeases, name);
    } catch (const Error&) {
      // Who has it is worth a question, no more.
    }
    const auto record = lease_record(lease.value_or(Json()));
    if (record.holder == holder) return "it could not be renewed in time";
    return taker(record, id_of_holder(holder)) + " took it over";
  }

  void release() {
    const std::scoped_lock lock(mutex);
    try {
      const auto gone = Json::object({{"op", "remove"}, {"path", "/spec/holderIdentity"}});
      kube.json_patch(kube::kLeases, name, Json::array({holder_test(holder), gone}));
    } catch (const Error&) {
      // It runs out by itself, and the next deployment waits for that.
    }
  }
};

Lease::Lease(std::unique_ptr<State> state) : state_(std::move(state)) {
  auto* held = state_.get();
  state_->renewer = std::jthread([held](std::stop_token stop) { held->keep_renewing(stop); });
}
Lease::Lease(Lease&&) noexcept = default;

Lease::~Lease() {
  if (!state_) return;
  state_->renewer.request_stop();
  state_->renewer.join();
  state_->release();
}

Lease Lease::acquire(Context& context, Claim claim) {
  const auto holder = context.id + "/" + random_hex(4);
  Wait wait(context.patience(), fmt::format("the lease '{}'", lease_name(context)), kLeaseDuration);
  for (int blips = 0;;) {
    const auto seen = context.kube.find(kube::kLeases, lease_name(context), context.stop);
    const auto lease = seen.value_or(Json());
    const auto record = lease_record(lease);
    if (record.holder == holder) return Lease(std::make_unique<State>(context, holder));
    if (claim == Claim::take_over || is_free(lease, record, context.clock.now())) {
      if (!claim_once(context, lease, holder, blips)) continue;
      Lease held(std::make_unique<State>(context, holder));
      fence_off(context, record);
      return held;
    }
    require_same_deployment(context, record);
    wait.pause(1s);
  }
}

void Lease::check() const {
  const std::scoped_lock lock(state_->mutex);
  state_->require_held();
}

void Lease::confirm() const {
  const std::scoped_lock lock(state_->mutex);
  state_->require_held();
  state_->require_ours(state_->kube.find(kube::kLeases, state_->name).value_or(Json()));
}

void Lease::record(const std::optional<Move>& move) {
  state_->annotate(kMoveAnnotation, [&](const Json&) { return move ? to_text(to_json(*move)) : std::string(); });
}

void Lease::remember(const LedgerEntry& entry) {
  state_->annotate(kLedgerAnnotation,
                   [&](const Json& lease) { return ledger_with(lease_record(lease).ledger, entry); });
}

void Lease::refuse(const std::string& digest) {
  state_->annotate(kRefusedAnnotation,
                   [&](const Json& lease) { return refused_with(lease_record(lease).refused, digest); });
}

void Lease::allow(const std::string& digest) {
  state_->annotate(kRefusedAnnotation,
                   [&](const Json& lease) { return refused_without(lease_record(lease).refused, digest); });
}

std::string lease_name(const Context& context) { return lease_name(context.app); }

std::string lease_name(std::string_view app) { return "baton-" + std::string(app); }

LeaseRecord read_lease(Context& context) {
  const auto lease = context.kube.find(kube::kLeases, lease_name(context), context.stop);
  return lease ? lease_record(*lease) : LeaseRecord{};
}

}  // namespace baton::rollout
