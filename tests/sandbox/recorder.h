// Writes Events.
#pragma once

#include <string>

#include "tests/sandbox/store.h"

namespace baton::sandbox {

enum class EventType { normal, warning };

class Recorder {
 public:
  Recorder(Store& store, const Clock& clock, std::string component)
      : store_(store), clock_(clock), component_(std::move(component)) {}

  /// The same event of the same object is counted instead of written again.
  void record(const Json& object, EventType type, const std::string& reason, const std::string& message);

 private:
  Store& store_;
  const Clock& clock_;
  std::string component_;
};

}  // namespace baton::sandbox
