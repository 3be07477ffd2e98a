// Points as series of numbers, and back.
#include "common/judge/points_file.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "common/judge/own_query.h"
#include "common/judge/state_values.h"

namespace baton::judge {
namespace {

constexpr std::string_view kEdge = "le ";  // "le 0.25"
constexpr auto kJudgedBy = "judged_by";
constexpr auto kMemory = "memory";
constexpr auto kAsked = "metrics";

Error not_ours(const std::string& what) {
  return {ExitCode::unknown, "the file of points holds " + what, "Take the file as baton-watch wrote it."};
}

Json to_json(const std::map<std::string, std::string>& texts) {
  Json json = Json::object();
  for (const auto& [name, text] : texts) json[name] = text;
  return json;
}

std::map<std::string, std::string> texts_by_name(const Json& json) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, text] : json.members_or_none()) texts.emplace(name, text.string());
  return texts;
}

Json to_json(const JudgedBy& by) {
  return Json::object({{"app", by.app},
                       {"version", by.version},
                       {"deployment", by.deployment},
                       {"since", to_rfc3339(by.since)},
                       {"step", to_text(by.step)},
                       {"baseline", to_json(by.baseline)},
                       {"not_applicable", to_json(by.not_applicable)},
                       {"keys", to_json(by.keys)}});
}

JudgedBy judged_by_from(const Json& json) {
  const auto step = parse_duration(json["step"].string());
  if (!step || *step <= Duration{0}) throw not_ours("no step that points can be apart");
  return {.app = json["app"].string(),
          .version = json["version"].string(),
          .deployment = json["deployment"].string(),
          .since = time_from(json["since"]),
          .step = *step,
          .baseline = baseline_from_json(json["baseline"]),
          .not_applicable = texts_by_name(json["not_applicable"]),
          .keys = texts_by_name(json["keys"])};
}

/// The numbers that a point has of one metric besides a histogram's.
struct Part {
  std::string_view name;
  void (*put)(Point&, const Metric&, double value);
};

Reading& reading_in(Point& point, const Metric& metric) {
  const auto known = std::ranges::find(point.readings, &metric, &Reading::metric);
  return known != point.readings.end() ? *known : point.readings.emplace_back(Reading{.metric = &metric});
}

Counts& counts_in(Point& point) { return point.counts ? *point.counts : point.counts.emplace(); }

constexpr std::array kParts = {
    Part{"requests", [](Point& point, const Metric&, double value) { counts_in(point).requests = value; }},
    Part{"errors", [](Point& point, const Metric&, double value) { counts_in(point).errors = value; }},
    Part{"value", [](Point& point, const Metric& metric, double value) { reading_in(point, metric).value = value; }},
    Part{"mean of pods",
         [](Point& point, const Metric& metric, double value) { reading_in(point, metric).value = value; }},
    Part{"higher half of pods",
         [](Point& point, const Metric& metric, double value) { reading_in(point, metric).upper_half = value; }},
    Part{"pods", [](Point& point, const Metric& metric,
                    double value) { reading_in(point, metric).pods = static_cast<std::size_t>(value); }},
    Part{"yesterday",
         [](Point& point, const Metric& metric, double value) { point.yesterday.emplace_back(&metric, value); }},
};

}  // namespace

/// The file's numbers of a point's series.
class PointsFile::Numbers {
 public:
  Numbers(database::SeriesFile& file, const Criteria& criteria)
      : file_(file),
        step_(criteria.config.watch().step),
        terms_(terms_for(criteria.config, {}, criteria.baseline, PodNames::left_open)) {}

  void add(std::vector<database::Sample>& samples, const Point& point) {
    const auto put = [&](const Metric& metric, std::string_view part, double value) {
      samples.push_back({.series = of(metric, part), .time = point.time, .value = value});
    };
    if (point.counts) {
      put(kErrorRate, "requests", point.counts->requests);
      put(kErrorRate, "errors", point.counts->errors);
    }
    for (const auto& reading : point.readings) {
      const Metric& metric = *reading.metric;
      for (const auto& [edge, count] : reading.histogram.edges())
        samples.push_back({.series = of_edge(metric, edge), .time = point.time, .value = count});
      if (!reading.value || !reading.histogram.edges().empty()) continue;
      put(metric, metric.fold == Fold::by_pod ? "mean of pods" : "value", *reading.value);
      if (metric.fold != Fold::by_pod) continue;
      put(metric, "higher half of pods", reading.upper_half);
      put(metric, "pods", static_cast<double>(reading.pods));
    }
    for (const auto& [metric, value] : point.yesterday) put(*metric, "yesterday", value);
  }

 private:
  int of(const Metric& metric, std::string_view part) {
    const auto [known, is_new] = parts_.try_emplace({&metric, part}, 0);
    if (is_new) known->second = number_of(metric, std::string(part));
    return known->second;
  }
  int of_edge(const Metric& metric, double edge) {
    const auto [known, is_new] = edges_.try_emplace({&metric, edge}, 0);
    if (is_new) known->second = number_of(metric, std::string(kEdge) + edge_text(edge));
    return known->second;
  }
  int number_of(const Metric& metric, const std::string& part) {
    return file_.number({.metric = std::string(metric.id), .part = part, .query = query(metric, part), .step = step_});
  }
  std::string query(const Metric& metric, std::string_view part) const {
    if (part == "requests") return requests_query(terms_);
    if (part == "errors") return errors_query(terms_);
    return part == "yesterday" ? query_of(metric, terms_.of_all()) : reading_of(metric, terms_);
  }

  database::SeriesFile& file_;
  Duration step_;
  QueryTerms terms_;
  std::map<std::pair<const Metric*, std::string_view>, int> parts_ = {};
  std::map<std::pair<const Metric*, double>, int> edges_ = {};
};

PointsFile::PointsFile(const Inside& file) : file_(file, database::Access::write) {}

PointsFile::~PointsFile() = default;

void PointsFile::add(std::span<const Point> points, const Criteria& criteria, const JudgedBy& by,
                     const Memory& memory) {
  if (points.empty()) return;
  if (!numbers_) numbers_ = std::make_unique<Numbers>(file_, criteria);
  std::vector<database::Sample> samples;
  for (const auto& point : points) numbers_->add(samples, point);
  file_.replace_from(points.front().time, std::move(samples),
                     {{kJudgedBy, to_text(to_json(by))},
                      {kMemory, to_text(to_json(memory))},
                      {kAsked, to_text(json_list(points.front().readings,
                                                 [](const Reading& reading) { return Json(reading.metric->id); }))}});
}

namespace {

Json note_of(database::SeriesFile& file, const std::string& name) {
  const auto text = file.note(name);
  if (!text) throw not_ours("nothing of what the points were judged by");
  return parse_json(*text, name);
}

/// Where the numbers of one series belong.
struct Place {
  const Metric* metric = nullptr;
  const Part* part = nullptr;  ///< null: a histogram's edge
  double edge = 0;
};

Place place_of(const database::SeriesName& series) {
  const Place place{.metric = find_metric(series.metric)};
  if (place.metric == nullptr) throw not_ours("a metric of another version: '" + printable(series.metric, 40) + "'");
  const auto part = std::ranges::find(kParts, series.part, &Part::name);
  if (part != kParts.end()) return {.metric = place.metric, .part = &*part};
  const auto edge = series.part.starts_with(kEdge) ? parse_edge(series.part.substr(kEdge.size())) : std::nullopt;
  if (!edge) throw not_ours("numbers that this version cannot place: '" + printable(series.part, 40) + "'");
  return {.metric = place.metric, .part = nullptr, .edge = *edge};
}

/// One a step from the first to the last that was judged, with a reading of every metric that was asked for.
std::vector<Point> empty_points(const JudgedBy& by, const std::vector<std::string>& asked, const Memory& memory) {
  constexpr std::int64_t kMost = 10'000'000;  // sixteen weeks of seconds
  const auto until = memory.judged_until.value_or(by.since - by.step);
  const auto count = (until - by.since) / by.step + 1;
  if (count < 0 || count > kMost) throw not_ours("a stretch that no watch lasts");
  Point empty{.time = by.since};
  for (const Metric* metric : metrics()) {
    if (std::ranges::find(asked, metric->id) != asked.end()) empty.readings.push_back({.metric = metric});
  }
  std::vector<Point> points(static_cast<std::size_t>(count), empty);
  for (std::size_t at = 0; at < points.size(); ++at) points[at].time += static_cast<Duration::rep>(at) * by.step;
  return points;
}

/// Puts the file's numbers back where they were.
class Filling {
 public:
  Filling(std::vector<Point>& points, const JudgedBy& by) : points_(points), by_(by), edges_(points.size()) {}

  void take(const database::SeriesName& series, Time time, double value) {
    const auto at = static_cast<std::size_t>((time - by_.since) / by_.step);
    if (time < by_.since || at >= points_.size() || points_[at].time != time)
      throw not_ours("numbers between its points");
    const auto [known, is_new] = places_.try_emplace(&series);
    if (is_new) known->second = place_of(series);
    const auto& [metric, part, edge] = known->second;
    if (part != nullptr) return part->put(points_[at], *metric, value);
    edges_[at][metric].emplace_back(edge, value);
  }

  void finish() {
    for (std::size_t at = 0; at < points_.size(); ++at) {
      for (auto& [metric, edges] : edges_[at]) {
        std::ranges::sort(edges);
        reading_in(points_[at], *metric) = reading_of_histogram(*metric, Histogram(std::move(edges)));
      }
    }
  }

 private:
  std::vector<Point>& points_;
  const JudgedBy& by_;
  std::map<const database::SeriesName*, Place> places_ = {};
  std::vector<std::map<const Metric*, std::vector<Histogram::Edge>>> edges_;
};

RecordedPoints recorded_in(database::SeriesFile& file) {
  RecordedPoints recorded{.by = judged_by_from(note_of(file, kJudgedBy)),
                          .memory = memory_from_json(note_of(file, kMemory))};
  recorded.points = empty_points(recorded.by, texts_from(note_of(file, kAsked)), recorded.memory);
  Filling filling(recorded.points, recorded.by);
  file.each([&](const auto& series, Time time, double value) { filling.take(series, time, value); });
  filling.finish();
  return recorded;
}

}  // namespace

RecordedPoints read_points(const Inside& file) {
  database::SeriesFile series(file, database::Access::read);
  try {
    return recorded_in(series);
  } catch (const Error& error) {
    // What a handoff's state would be refused for says nothing of handoffs here.
    if (error.code() != ExitCode::handoff) throw;
    throw not_ours(std::string("what cannot be read: ") + error.what());
  }
}

}  // namespace baton::judge
