// The warnings of a watch: written down, told to people, decided on.
#pragma once

#include "common/step/announce.h"
#include "tools/watch/warning.h"
#include "tools/watch/watched.h"

namespace baton::watch {

class Warnings {
 public:
  /// Takes up what the Lease remembers of this deployment.
  explicit Warnings(Watched& watched);

  /// After a look: what began or ended is written on the Lease, then told, to each channel once. Writes and tells
  /// nothing with --dry-run and --observe.
  void follow(const judge::Memory& seen, const judge::Look& look, Time now);
  /// The next moment by which somebody must have decided; nothing where nobody must.
  std::optional<Time> next_deadline(Time now) const;
  /// Nobody decided on one in time, whatever the store still shows of it (decisions 39).
  bool is_undecided(Time now) const;
  const std::vector<Warning>& all() const { return warnings_; }

 private:
  struct Notice {
    std::string_view event;
    Audience audience = Audience::team;
    std::string subject;
    std::string text;
  };

  void write_down();
  std::vector<Notice> notices_of(const Warning& warning, Time now) const;
  Notice began(const Warning& warning) const;
  Notice ended(const Warning& warning, Time now) const;
  Notice undecided(const Warning& warning) const;
  void log_changes(const std::vector<Warning>& before, Time now) const;
  void send(const Warning& warning, const Notice& notice);
  std::string headline(std::string_view word, const Warning& warning) const;
  std::string ways(const Warning& warning) const;

  Watched& watched_;
  Env& env_;
  std::vector<Warning> warnings_ = {};
  std::vector<Warning> written_ = {};  ///< as they stand on the Lease
};

}  // namespace baton::watch
