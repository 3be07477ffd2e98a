// Cobertura XML: lines and their hits.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/files.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/stamp.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

constexpr double kRoundingPoints = 0.5;  ///< rates are written with two digits and more
constexpr std::size_t kMaxPath = 4096;

std::optional<double> number(const XmlAttributes& attributes, std::string_view name) {
  const auto text = attributes.find(name);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(value) || value < 0)
    return std::nullopt;
  return value;
}

[[noreturn]] void broken(std::string_view name, const std::string& what) {
  throw Error(ExitCode::unknown, std::string(name) + ": " + what,
              "Name the Cobertura report, and build it with lines.");
}

bool agree(const LineCount& one, const LineCount& other) {
  return std::abs(one.percent() - other.percent()) <= kRoundingPoints;
}

/// What the root claims.
struct Root {
  std::optional<double> covered = {};
  std::optional<double> valid = {};
  std::optional<double> rate = {};

  bool counts() const { return covered && valid && *covered <= *valid; }
  /// A rate alone is weighed by the lines that are `listed`.
  std::optional<LineCount> claim(const LineCount& listed) const {
    if (covered && valid && *valid > 0) return LineCount{.covered = *covered, .valid = *valid};
    if (rate && *rate <= 1) return LineCount{.covered = *rate * listed.valid, .valid = listed.valid};
    return std::nullopt;
  }
};

/// What one pass over the report gathers.
struct Tally {
  std::string_view name;
  Root root = {};
  std::optional<Time> written = {};
  LineHits lines = {};
  LineCount listed = {};  ///< each line as often as it stands there
  std::string sources = {};
  std::string source = {};  ///< the one that is open
  std::string file = {};    ///< of the class that is open
  bool in_source = false;
  bool in_methods = false;  ///< methods repeat the lines of their class

  void begin(const std::string& element, const XmlAttributes& attributes) {
    if (element != "coverage") broken(name, "not Cobertura: its root is '" + printable(element, 60) + "'");
    if (attributes.find("clover") || attributes.find("generated"))
      broken(name, "it is a Clover report, and Clover is not read in this version");
    root = {.covered = number(attributes, "lines-covered"),
            .valid = number(attributes, "lines-valid"),
            .rate = number(attributes, "line-rate")};
    written = parse_stamp(attributes.find("timestamp").value_or(""));
  }

  /// File names are relative to the sources: two packages may each have an index.js.
  std::string path_of(std::string_view filename) const {
    const auto path = replace_all(filename, "\\", "/");
    const bool is_absolute = path.starts_with('/') || path.substr(0, 3).ends_with(":/");
    return is_absolute ? path : (fs::path(sources) / path).lexically_normal().string();
  }

  void open_class(const XmlAttributes& attributes) {
    const auto filename = attributes.find("filename").value_or("");
    if (filename.size() > kMaxPath) broken(name, "a class has a file name of more than 4096 bytes");
    file = filename.empty() ? std::string{} : path_of(filename);
  }

  void line(const XmlAttributes& attributes) {
    const auto hits = number(attributes, "hits");
    const auto at = number(attributes, "number");
    if (!hits) broken(name, "a line has no number of hits");
    if (!at || *at > LineHits::kMaxLine) broken(name, "a line has no number");
    if (file.empty()) broken(name, "a line belongs to no class with a file name");
    lines.add(file, static_cast<std::uint32_t>(*at), *hits > 0);
    ++listed.valid;
    if (*hits > 0) ++listed.covered;
  }

  void start(const std::string& element, const XmlAttributes& attributes, int depth) {
    if (depth == 1) begin(element, attributes);
    in_source = element == "source";
    if (in_source) source.clear();
    if (element == "class") open_class(attributes);
    in_methods = in_methods || element == "methods";
    if (element == "line" && !in_methods) line(attributes);
  }

  void text(std::string_view piece) {
    if (!in_source) return;
    source += piece;
    if (sources.size() + source.size() > kMaxPath) broken(name, "its sources have more than 4096 bytes");
  }

  void end(const std::string& element) {
    if (element == "class") file.clear();
    in_methods = in_methods && element != "methods";
    if (element != "source") return;
    in_source = false;
    const auto folder = replace_all(trim(source), "\\", "/");
    sources += (sources.empty() || folder.empty() ? "" : ":") + folder;
  }
};

/// Where no lines are listed. A rate alone cannot be weighed.
LineCoverage by_root(const Tally& tally) {
  if (!tally.root.counts()) broken(tally.name, "it counts no lines");
  if (*tally.root.valid == 0) return {};
  return {.root = LineCount{.covered = *tally.root.covered, .valid = *tally.root.valid},
          .unlisted = std::string(tally.name),
          .measured = 1};
}

/// By the lines, each once; where their share and the root's differ, by the lower one. A root that counts every
/// repetition of a line, as of templates, agrees with its lines.
LineCoverage judge(Tally tally) {
  LineCoverage coverage{.lines = std::move(tally.lines), .measured = 1};
  const auto once = coverage.lines.count();
  if (once.valid == 0) return by_root(tally);
  const auto claim = tally.root.claim(tally.listed);
  if (!claim || agree(*claim, once)) return coverage;
  if (claim->valid == tally.listed.valid && agree(*claim, tally.listed)) return coverage;
  coverage.doubts.push_back(
      fmt::format("{} disagrees with itself: {} % by its {}, {} % by its root; the lower one counts", tally.name,
                  number_text(once.percent()), count_text(static_cast<long long>(once.valid), "line"),
                  number_text(claim->percent())));
  if (claim->percent() < once.percent()) coverage.root = claim;
  return coverage;
}

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.name = name};
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { tally.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { tally.end(element); },
             .text = [&](std::string_view piece) { tally.text(piece); }});
  const auto written = tally.written;
  return {.reading = judge(std::move(tally)), .written = written};
}

}  // namespace

extern const Format cobertura{.id = "cobertura",
                              .kind = ReportKind::coverage,
                              .recognises = [](std::string_view head) { return xml_root(head) == "coverage"; },
                              .read = read};

}  // namespace baton::precheck
