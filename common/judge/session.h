// A colour judged look by look.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "common/core/finding.h"
#include "common/judge/criteria.h"
#include "common/judge/memory.h"

namespace baton::judge {

enum class State {
  healthy,
  warning,       ///< a warning rule is true and sustained
  critical,      ///< a critical rule holds in the newest data
  inconclusive,  ///< the store answers, but too few requests came to judge
  blind,         ///< the store cannot be asked or answers partly, or a critical rule has neither baseline nor series:
                 ///< never a reason to roll back
};

struct Look {
  State state = State::blind;
  /// One a rule, worst first. A query of many pods leaves {{pods}} open: Memory::pods.
  std::vector<Finding> findings;
  std::vector<std::string> breached;     ///< ids of the critical rules that hold now
  std::vector<std::string> warned = {};  ///< of the others that do
  Time judged_until{};                   ///< everything before it has been judged
  double requests = 0;                   ///< of this colour since the session's start
  std::optional<Time> onset = {};        ///< first sample of the breach that holds now
  std::string reason = {};               ///< one line: what was seen, against which limit; or why blind or inconclusive
};

/// Judges a colour from `from` on, look by look; late or doubled looks change nothing, because each reads the whole
/// range since the last one that anything was seen of. Its memory goes through handoffs.
class Session {
 public:
  Session(Criteria criteria, Scope scope, Time from, const Json& memory = {});
  /// Called after each look with the points that it judged, ascending. Where the store has got what it missed they
  /// begin again with the first one, and go before all that came earlier.
  void record_to(std::function<void(std::span<const Point>)> record) { record_ = std::move(record); }
  /// What it judges by, with what it found by itself.
  const Criteria& criteria() const { return criteria_; }
  /// From the next look on the colour's own metrics, but for its errors, are held against what its control shows
  /// meanwhile, as far as that has seen enough requests. Whether it has.
  bool compare_with(const Baseline& control);
  /// Adds to the pods whose series are read: what one that is gone had counted is still asked for.
  void include_pods(const std::vector<std::string>& pods);
  /// Everything up to `until` less metrics.lag. Never throws for a store that is away: that is State::blind.
  Look look(prometheus::Client& store, Time until, std::stop_token stop = {});
  Json memory() const { return to_json(memory_); }  ///< judged_until, sustained conditions, gaps, past breaches, totals
  /// Share of [from, until] that was judged, 0 … 100; SOP asks for the whole window, finalize for 95.
  double coverage(Time until) const;
  /// Ids of the error rate's and the latency's warning rules that were true at every sample since `since`, three at
  /// least (decisions 29): what CPU and memory warn of takes no release back.
  std::vector<std::string> warnings_throughout(Time since) const;
  /// Why the colour as a whole failed more requests than the critical limit allows, whatever a single look could tell;
  /// empty: it did not, or too little was counted to say.
  std::string critical_share() const;
  /// What was seen so far, for reports: figures by metric, breaches that are over, gaps.
  const Memory& seen() const { return memory_; }

 private:
  Time first_unjudged() const;
  const Config& config() const { return criteria_.config; }
  /// Whose series count this colour's requests and how often they are scraped, where the baseline does not say. Throws
  /// Error{unknown} where none do, or too rarely.
  void find_source(prometheus::Client& store, Time at, const std::stop_token& stop);
  void find_scrape_interval(prometheus::Client& store, Time at, const std::stop_token& stop);
  /// Why nobody can see what is new up to `until`; nothing: it was judged.
  std::optional<std::string> read_news(prometheus::Client& store, Time until, const std::stop_token& stop);
  /// What is new in the store up to `until`, judged. Throws Error{unknown} when it cannot be asked, or answers partly.
  void read(prometheus::Client& store, Time until, const std::stop_token& stop);
  /// All of it again, where there are gaps that may have been filled since: a store may get late what it missed.
  void read_again(prometheus::Client& store, Time until, const std::stop_token& stop);
  /// So much is read at once: a day of many pods is more than anybody wants to keep, and more than a store answers.
  Duration piece() const;
  void read_piece(prometheus::Client& store, Stretch stretch, Time last, const std::stop_token& stop);
  /// How many of the points are judged: all up to the newest that was seen; what is missing up to `last` may be late.
  std::size_t come(std::span<const Point> points, Time last) const;
  /// A look at what was judged, as of `until`: whether what is missing since is late, or nobody can tell.
  Look concluded(Time until) const;
  /// The newest point that was seen; before the first one where there was none.
  Time last_seen() const;

  Criteria criteria_;
  Scope scope_;
  Time from_;
  Memory memory_;
  std::optional<Time> looked_ = {};    ///< up to when it was asked last
  std::optional<Time> advanced_ = {};  ///< likewise, of the last look that found more than the one before
  std::function<void(std::span<const Point>)> record_ = {};
  std::vector<Point> judged_ = {};  ///< by this look, where somebody records them
  Time whole_read_ = from_;         ///< the end of the look that read all of it last
};

}  // namespace baton::judge
