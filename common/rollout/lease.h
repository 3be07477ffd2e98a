// The Lease `baton-<app>`: one deployment changes things at a time, and the cluster remembers what it did.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Another deployment is changing things: come back when its Lease is over at the latest.
class LeaseBusy : public Error {
 public:
  LeaseBusy(const std::string& message, std::string hint, Time expires)
      : Error(ExitCode::again, message, std::move(hint)), expires_(expires) {}
  Time expires() const { return expires_; }

 private:
  Time expires_;
};

enum class Claim {
  wait,       ///< waits while the same deployment holds it; LeaseBusy while another one does
  take_over,  ///< a person's rollback: whoever holds it loses it
};

/// What the cluster remembers of one deployment.
struct LedgerEntry {
  std::string id;
  std::string version = {};
  std::string digest = {};
  Json steps = Json::object();  ///< step → its end state: {"switch": "rolled-back"}
  /// Step → the digests that its carried handoff may have, the latest first (`carrier.h`); none: nothing is carried.
  Json handoffs = Json::object();
  std::optional<Time> proved_at = {};
};

/// What the Lease says, held or not.
struct LeaseRecord {
  std::string holder = {};  ///< empty: nobody
  std::optional<Time> expires = {};
  std::optional<Move> move = {};
  std::vector<LedgerEntry> ledger = {};   ///< oldest first
  std::vector<std::string> refused = {};  ///< digests that were rolled back
};
LeaseRecord read_lease(Context& context);

/// Held while the object lives and renewed every 10 s by a thread of its own; every write tests that it is still ours.
class Lease {
 public:
  static Lease acquire(Context& context, Claim claim);
  ~Lease();
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) = delete;

  /// Throws Error{again} and says who took it over, or that it could not be renewed in time: write nothing more.
  void check() const;
  /// Before every write, and after what it changes was read: asks the cluster, too. A write that names what was read
  /// then fails where somebody takes it over in between, for he writes to the same object first.
  void confirm() const;
  /// Copies the move, before the Service carries it. Nothing: forgets it.
  void record(const std::optional<Move>& move);
  /// Adds to or changes this deployment's entry in the ledger.
  void remember(const LedgerEntry& entry);
  /// A digest that was rolled back: refused from now on.
  void refuse(const std::string& digest);
  /// A digest that may be tried again.
  void allow(const std::string& digest);

 private:
  struct State;
  explicit Lease(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// "baton-myapp"
std::string lease_name(const Context& context);
std::string lease_name(std::string_view app);

}  // namespace baton::rollout
