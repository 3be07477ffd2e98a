// What a colour was judged on, kept in a file: evidence that anybody can read, and that can be judged again.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/clients/database/series_file.h"
#include "common/judge/criteria.h"
#include "common/judge/memory.h"

namespace baton::judge {

/// Whom the points are of, and what they were judged by.
struct JudgedBy {
  std::string app = {};
  std::string version = {};
  std::string deployment = {};
  Time since{};     ///< the first point
  Duration step{};  ///< from one to the next
  Baseline baseline = {};
  std::map<std::string, std::string> not_applicable = {};
  std::map<std::string, std::string> keys = {};  ///< the configuration's that rules look at, in YAML's flow form
};

class PointsFile {
 public:
  /// Throws as SeriesFile, which writes it.
  explicit PointsFile(const Inside& file);
  ~PointsFile();
  /// Takes the points that came, in place of every one from the first on, and what is remembered of all. Throws
  /// Error{error} when they cannot be written; the file is then as it was.
  void add(std::span<const Point> points, const Criteria& criteria, const JudgedBy& by, const Memory& memory);

 private:
  class Numbers;

  database::SeriesFile file_;
  std::unique_ptr<Numbers> numbers_;
};

/// What PointsFile wrote.
struct RecordedPoints {
  JudgedBy by;
  std::vector<Point> points;  ///< one a step, also where nothing was seen
  Memory memory;              ///< after the last one
};
/// Throws Error{unknown} on what is no such file, or holds what PointsFile does not write.
RecordedPoints read_points(const Inside& file);

}  // namespace baton::judge
