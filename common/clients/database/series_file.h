// Time series and what was made of them, kept in one SQLite file.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/time.h"
#include "common/io/files.h"

namespace Poco::Data {
class Session;
}

namespace baton::database {

/// What the values of a series are, and how they were asked for. Texts here and below hold no NUL.
struct SeriesName {
  std::string metric;
  std::string part;  ///< which series of its metric: "requests", a histogram's edge, "mean"
  std::string query;
  Duration step{};
  auto operator<=>(const SeriesName&) const = default;
};

struct Sample {
  int series = 0;  ///< as SeriesFile::number() says
  Time time;
  double value = 0;
};

using Notes = std::map<std::string, std::string>;  ///< JSON documents by name

enum class Access { read, write };

/// Any program that reads SQLite shows it: the view `samples` has everything. A killed writer leaves it as it was
/// before or after a write, at most with a journal beside it: read with that, it is as it was; the next write removes
/// it.
class SeriesFile {
 public:
  /// To write, a missing file is made, for its owner only. `patience`: how long another program's lock is waited for.
  /// Throws Error{unknown} when what is there is no such file, damaged or of a later version, or when there is nothing
  /// to read; Error{error} when there is nothing to write to.
  SeriesFile(const Inside& file, Access access, Duration patience = std::chrono::seconds(5));
  ~SeriesFile();

  /// Holds for this object. A new series is kept with the next samples that are. Throws Error{error}.
  int number(const SeriesName& series);
  /// Whole or not at all: `samples` in place of every one at or after `from`, and `notes` in place of those so named.
  /// Samples are finite, none is before `from` and none there twice. Throws Error{error}.
  void replace_from(Time from, std::vector<Sample> samples, const Notes& notes);
  /// All, by time, then by number; bit for bit what was written. `visit` does not write to the file. Throws
  /// Error{unknown}.
  void each(const std::function<void(const SeriesName& series, Time time, double value)>& visit);
  /// Nothing when there is none of that name. Throws Error{unknown}.
  std::optional<std::string> note(std::string name);

 private:
  void read_series();
  void keep_series();

  fs::path path_;
  std::unique_ptr<Poco::Data::Session> session_;
  std::vector<SeriesName> series_;  ///< by number
  std::map<SeriesName, int> numbers_;
  std::size_t kept_ = 0;  ///< how many of them the file has
};

}  // namespace baton::database
