// One thread that sleeps until the first of all alarms.
#include "common/io/alarm.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace baton {

class Alarms {
 public:
  static Alarms& all() {
    static Alarms alarms;
    return alarms;
  }

  void add(Alarm& alarm, Duration at) {
    const std::lock_guard lock(mutex_);
    place(alarm, at);
  }

  void remove(Alarm& alarm) {
    const std::lock_guard lock(mutex_);
    if (alarm.place_) due_.erase(*alarm.place_);
  }

  void bring_forward(Alarm& alarm, Duration at) {
    const std::lock_guard lock(mutex_);
    if (!alarm.place_ || (*alarm.place_)->first <= at) return;
    due_.erase(*alarm.place_);
    place(alarm, at);
  }

 private:
  void place(Alarm& alarm, Duration at) {
    alarm.place_ = due_.emplace(at, &alarm);
    // Who sleeps until an alarm that has gone wakes in vain once; who sleeps beyond this one must not.
    if (at < sleeps_until_) changed_.notify_one();
  }

  void ring_first(Duration now) {
    Alarm& alarm = *due_.begin()->second;
    due_.erase(due_.begin());
    alarm.place_.reset();
    if (const auto again = alarm.ring_(now)) place(alarm, *again);
  }

  void run(const std::stop_token& end) {
    std::unique_lock lock(mutex_);
    while (!end.stop_requested()) {
      const Duration now = clock_.monotonic();
      if (!due_.empty() && due_.begin()->first <= now) {
        ring_first(now);
        continue;
      }
      const Duration longest = now + std::chrono::hours(1);  // condition variables take no infinity
      sleeps_until_ = due_.empty() ? longest : std::min(longest, due_.begin()->first);
      // The clock cuts off the fraction of the last millisecond.
      changed_.wait_for(lock, end, sleeps_until_ - now + Duration(1),
                        [&] { return !due_.empty() && due_.begin()->first < sleeps_until_; });
      sleeps_until_ = Duration::min();
    }
  }

  SystemClock clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<Duration, Alarm*> due_;
  Duration sleeps_until_ = Duration::min();  ///< nobody sleeps: the thread looks by itself
  std::jthread thread_{[this](const std::stop_token& end) { run(end); }};
};

Alarm::Alarm(Duration at, Ring ring) : ring_(std::move(ring)) { Alarms::all().add(*this, at); }
Alarm::~Alarm() { Alarms::all().remove(*this); }
void Alarm::come_by(Duration at) { Alarms::all().bring_forward(*this, at); }

}  // namespace baton
