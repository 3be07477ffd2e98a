// Writes and reads the record of a rehearsal. Numbers are decimal strings, as in handoffs.
#include "common/handoff/rehearsal.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/handoff/handoff_terms.h"

namespace baton {
namespace {

constexpr int kMaxDepth = 16;
constexpr Duration kMaxDuration = std::chrono::days(366);
constexpr std::array kWays = {WayDown::proven, WayDown::none, WayDown::untried, WayDown::failed};  // better ones first

std::string milliseconds(Duration duration) { return std::to_string(duration.count()); }

Json digest(const std::string& sha256) { return Json::object({{"sha256", sha256}}); }

Json to_json(const RehearsedMigration& migration) {
  return Json::object({{"file", migration.file},
                       {"digest", digest(migration.sha256)},
                       {"duration_ms", milliseconds(migration.took)},
                       {"longest_wait_ms", milliseconds(migration.longest_wait)},
                       {"way_down", way_down_name(migration.way_down)}});
}

Json predicate_of(const Rehearsal& rehearsal) {
  return Json::object(
      {{"schema", kRehearsalSchema},
       {"database", Json::object({{"identity", rehearsal.database}, {"server", rehearsal.server}})},
       {"succeeded", rehearsal.succeeded},
       {"trouble", rehearsal.trouble},
       {"duration_ms", milliseconds(rehearsal.took)},
       {"longest_wait_ms", milliseconds(rehearsal.longest_wait)},
       {"way_down", way_down_name(rehearsal.way_down)},
       {"migrations", json_list(rehearsal.migrations, [](const auto& migration) { return to_json(migration); })},
       {"tool", Json::object({{"name", rehearsal.tool_name}, {"version", rehearsal.tool_version}})},
       {"started_at", to_rfc3339(rehearsal.started_at)},
       {"finished_at", to_rfc3339(rehearsal.finished_at)}});
}

/// One object of the file, with its path for messages.
class Member {
 public:
  Member(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json_.is_object()) refuse("", "is no object");
  }

  [[noreturn]] void refuse(std::string_view member, const std::string& trouble) const {
    throw Error(ExitCode::unknown,
                "'" + path_ + (path_.empty() || member.empty() ? "" : ".") + std::string(member) + "' " + trouble);
  }
  const Json& need(std::string_view member) const {
    const auto* found = json_.find(member);
    if (found == nullptr) refuse(member, "is missing");
    return *found;
  }
  const std::string& text(std::string_view member) const {
    if (!need(member).is_string()) refuse(member, "is no string");
    return need(member).string();
  }
  const std::string& filled(std::string_view member) const {
    if (text(member).empty()) refuse(member, "is empty");
    return text(member);
  }
  bool boolean(std::string_view member) const {
    if (!need(member).is_bool()) refuse(member, "is neither true nor false");
    return need(member).boolean();
  }
  Duration duration(std::string_view member) const {
    const auto& digits = text(member);
    Duration::rep count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() || count < 0 ||
        count > kMaxDuration.count())
      refuse(member, "is no number of milliseconds: '" + printable(digits, 40) + "'");
    return Duration(count);
  }
  WayDown way_down() const {
    const auto& word = text("way_down");
    const auto found = std::ranges::find(kWays, word, way_down_name);
    if (found == kWays.end()) refuse("way_down", "is '" + printable(word, 40) + "', which is not known here");
    return *found;
  }
  Time time(std::string_view member) const {
    const auto value = parse_rfc3339(text(member));
    if (!value) refuse(member, "is no RFC 3339 time");
    return *value;
  }
  Member object(std::string_view member) const { return {need(member), inner(member)}; }
  std::vector<Member> objects(std::string_view member) const {
    if (!need(member).is_array()) refuse(member, "is no array");
    std::vector<Member> all;
    for (const auto& item : need(member).items()) all.emplace_back(item, inner(member) + "[]");
    return all;
  }
  std::string sha256(std::string_view member) const {
    const auto digests = object(member);
    if (!is_sha256_hex(digests.text("sha256"))) digests.refuse("sha256", "is no SHA-256 in hexadecimal");
    return digests.text("sha256");
  }

 private:
  std::string inner(std::string_view member) const { return (path_.empty() ? "" : path_ + ".") + std::string(member); }

  const Json& json_;
  std::string path_;
};

void check_frame(const Member& statement, const Member& predicate) {
  if (statement.text("_type") != kStatementType) statement.refuse("_type", "is no in-toto Statement v1");
  if (statement.text("predicateType") != kRehearsalType)
    statement.refuse("predicateType", "is '" + printable(statement.text("predicateType"), 100) + "', not '" +
                                          std::string(kRehearsalType) + "'");
  const std::string_view schema = predicate.text("schema");
  const auto major = [](std::string_view text) { return text.substr(0, text.find('.')); };
  if (major(schema) != major(kRehearsalSchema))
    predicate.refuse("schema",
                     "is '" + printable(schema, 40) + "', and this version reads " + std::string(kRehearsalSchema));
}

RehearsedMigration read_migration(const Member& member) {
  return {.file = member.filled("file"),
          .sha256 = member.sha256("digest"),
          .took = member.duration("duration_ms"),
          .longest_wait = member.duration("longest_wait_ms"),
          .way_down = member.way_down()};
}

auto rank(WayDown way) { return std::ranges::find(kWays, way) - kWays.begin(); }

void check_against_its_parts(const Rehearsal& rehearsal, const Member& predicate) {
  Duration took{0};
  for (const auto& migration : rehearsal.migrations) {
    took += migration.took;
    if (migration.longest_wait > rehearsal.longest_wait)
      predicate.refuse("longest_wait_ms", "is less than what '" + printable(migration.file, 100) + "' says");
    if (rank(migration.way_down) > rank(rehearsal.way_down))
      predicate.refuse("way_down", "is better than what '" + printable(migration.file, 100) + "' says");
  }
  if (took > rehearsal.took) predicate.refuse("duration_ms", "is less than its migrations took");
  if (rehearsal.finished_at < rehearsal.started_at) predicate.refuse("finished_at", "is before 'started_at'");
}

Rehearsal read_statement(const Json& json) {
  const Member statement(json, "");
  const auto predicate = statement.object("predicate");
  check_frame(statement, predicate);
  const auto subjects = statement.objects("subject");
  if (subjects.size() != 1) statement.refuse("subject", "is not about one thing");
  if (subjects.front().filled("name") != "migrations") statement.refuse("subject", "is no migrations");
  const auto database = predicate.object("database");
  const auto tool = predicate.object("tool");
  Rehearsal rehearsal{.files_sha256 = subjects.front().sha256("digest"),
                      .database = database.filled("identity"),
                      .server = database.text("server"),
                      .succeeded = predicate.boolean("succeeded"),
                      .trouble = predicate.text("trouble"),
                      .took = predicate.duration("duration_ms"),
                      .longest_wait = predicate.duration("longest_wait_ms"),
                      .way_down = predicate.way_down(),
                      .tool_name = tool.text("name"),
                      .tool_version = tool.text("version"),
                      .started_at = predicate.time("started_at"),
                      .finished_at = predicate.time("finished_at")};
  for (const auto& member : predicate.objects("migrations")) rehearsal.migrations.push_back(read_migration(member));
  check_against_its_parts(rehearsal, predicate);
  return rehearsal;
}

}  // namespace

std::string_view way_down_name(WayDown way) {
  switch (way) {
    case WayDown::proven:
      return "proven";
    case WayDown::failed:
      return "failed";
    case WayDown::untried:
      return "untried";
    case WayDown::none:
      return "none";
  }
  return "";
}

std::string to_bytes(const Rehearsal& rehearsal) {
  return to_pretty_text(Json::object(
      {{"_type", kStatementType},
       {"subject", Json::array({Json::object({{"name", "migrations"}, {"digest", digest(rehearsal.files_sha256)}})})},
       {"predicateType", kRehearsalType},
       {"predicate", predicate_of(rehearsal)}}));
}

Rehearsal parse_rehearsal(std::string_view bytes, std::string_view name) {
  const std::string hint = "Rehearse the migrations on staging again; the record is never edited.";
  try {
    return read_statement(parse_json(bytes, name, {.bytes = kMaxRehearsalBytes, .depth = kMaxDepth}));
  } catch (const Error& error) {
    const std::string text = error.what();
    throw Error(ExitCode::unknown, text.starts_with(name) ? text : std::string(name) + ": " + text, hint);
  }
}

}  // namespace baton
