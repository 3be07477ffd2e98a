// Reads a handoff strictly: every member of the right type, none more than an outside verifier would take.
#include <algorithm>
#include <filesystem>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/handoff/handoff.h"
#include "common/handoff/handoff_terms.h"

namespace baton {
namespace {

constexpr int kMaxDepth = 64;

/// One object of the file, with its path for messages.
class Reader {
 public:
  Reader(const Json& json, std::string path, std::string_view file) : json_(json), path_(std::move(path)), file_(file) {
    if (!json_.is_object()) refuse("", "is no object");
  }

  [[noreturn]] void refuse(std::string_view member, const std::string& trouble) const {
    std::string path = path_;
    if (!member.empty()) path += (path.empty() ? "" : ".") + std::string(member);
    throw Error(ExitCode::handoff, std::string(file_) + ": '" + path + "' " + trouble,
                "Run the step that wrote it again; a handoff is never edited.");
  }

  const Json& need(std::string_view member) const {
    const Json* found = json_.find(member);
    if (found == nullptr) refuse(member, "is missing");
    return *found;
  }
  const std::string& text(std::string_view member) const {
    const Json& value = need(member);
    if (!value.is_string()) refuse(member, "is no string");
    return value.string();
  }
  std::string filled_text(std::string_view member) const {
    if (text(member).empty()) refuse(member, "is empty");
    return text(member);
  }
  /// Empty when absent.
  std::string optional_text(std::string_view member) const { return json_.find(member) == nullptr ? "" : text(member); }
  std::string text_or_null(std::string_view member) const { return need(member).is_null() ? "" : text(member); }
  bool optional_boolean(std::string_view member) const {
    const Json* found = json_.find(member);
    if (found != nullptr && !found->is_bool()) refuse(member, "is neither true nor false");
    return found != nullptr && found->boolean();
  }
  const Json::Array& list(std::string_view member) const {
    const Json& value = need(member);
    if (!value.is_array()) refuse(member, "is no array");
    return value.items();
  }
  std::vector<std::string> texts(std::string_view member) const {
    std::vector<std::string> all;
    for (const Json& item : list(member)) {
      if (!item.is_string()) refuse(member, "holds something else than strings");
      all.push_back(item.string());
    }
    return all;
  }
  Reader object(std::string_view member) const { return {need(member), inner_path(member), file_}; }
  std::vector<Reader> objects(std::string_view member) const {
    std::vector<Reader> all;
    for (const Json& item : list(member)) all.emplace_back(item, inner_path(member) + "[]", file_);
    return all;
  }
  Time time(std::string_view member) const {
    const auto value = parse_rfc3339(text(member));
    if (!value) refuse(member, "is no RFC 3339 time");
    return *value;
  }
  /// The `sha256` of a digest object; empty when it has none.
  std::string digest(std::string_view member) const {
    const Reader digests = object(member);
    std::string value = digests.optional_text("sha256");
    if (!value.empty() && !is_sha256_hex(value)) digests.refuse("sha256", "is no SHA-256 in hexadecimal");
    return value;
  }
  void allow_only(std::initializer_list<std::string_view> members) const {
    for (const auto& [key, value] : json_.members()) {
      if (std::ranges::find(members, key) == members.end()) refuse(printable(key, 100), "is not known here");
    }
  }
  bool has(std::string_view member) const { return json_.find(member) != nullptr; }
  const Json& json() const { return json_; }

 private:
  std::string inner_path(std::string_view member) const {
    return (path_.empty() ? "" : path_ + ".") + std::string(member);
  }

  const Json& json_;
  std::string path_;
  std::string_view file_;
};

/// It becomes a folder's name and an annotation.
std::string id_of(const Reader& release) {
  std::string id = release.filled_text("id");
  const bool is_plain =
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == std::string::npos;
  if (!is_plain || id.size() > 128 || id.front() == '.') release.refuse("id", "is no deployment id");
  return id;
}

Release read_release(const Reader& reader) {
  return {.app = reader.filled_text("app"),
          .version = reader.filled_text("version"),
          .environment = reader.filled_text("environment"),
          .commit = reader.text("commit"),
          .id = id_of(reader)};
}

Target read_target(const Reader& reader) {
  return {.cluster_uid = reader.optional_text("cluster_uid"),
          .namespace_ = reader.optional_text("namespace"),
          .service = reader.optional_text("service"),
          .database = reader.optional_text("database"),
          .live = reader.optional_text("live")};
}

/// Schema 1.0 had one `target`.
std::vector<Target> read_targets(const Reader& predicate) {
  if (!predicate.has("targets")) return {read_target(predicate.object("target"))};
  std::vector<Target> targets;
  for (const Reader& target : predicate.objects("targets")) targets.push_back(read_target(target));
  return targets;
}

Evidence read_evidence(const Reader& reader) {
  return {.name = reader.text("name"),
          .kind = reader.text("kind"),
          .sha256 = reader.digest("digest"),
          .about = reader.text("about"),
          .produced_at = reader.text("produced_at")};
}

RunInfo read_run(const Reader& reader) {
  return {.ci = reader.text("ci"),
          .pipeline_started_at = reader.text("pipeline_started_at"),
          .repository = reader.text("repository"),
          .id = reader.text("id"),
          .attempt = reader.text("attempt"),
          .actor = reader.text("actor"),
          .url = reader.text("url")};
}

Subject read_subject(const Reader& statement) {
  const std::vector<Reader> subjects = statement.objects("subject");
  if (subjects.size() != 1)
    statement.refuse("subject",
                     "holds " + count_text(static_cast<long long>(subjects.size()), "entry", "entries") + ", not one");
  subjects.front().allow_only({"name", "digest"});
  return {.name = subjects.front().filled_text("name"), .sha256 = subjects.front().digest("digest")};
}

void check_frame(const Reader& statement) {
  statement.allow_only({"_type", "subject", "predicateType", "predicate"});
  if (statement.text("_type") != kStatementType) statement.refuse("_type", "is no in-toto Statement v1");
  if (statement.text("predicateType") != kPredicateType) statement.refuse("predicateType", "is no handoff of ours");
  const std::string& schema = statement.object("predicate").text("schema");
  const auto major = [](std::string_view text) { return text.substr(0, text.find('.')); };
  if (major(schema) != major(kHandoffSchema)) {
    statement.refuse("predicate.schema",
                     "is '" + printable(schema, 40) + "', and this version reads " + std::string(kHandoffSchema));
  }
  if (const std::string path = first_too_large(statement.json()); !path.empty()) {
    statement.refuse(path, "is an integer beyond 2^53");
  }
}

std::string read_step(const Reader& predicate) {
  const std::string& step = predicate.text("step");
  if (step_number(step) == 0) predicate.refuse("step", "is '" + printable(step, 40) + "', which is no step");
  const Json& seq = predicate.need("seq");
  if (!seq.is_integer() || seq.integer() != step_number(step)) predicate.refuse("seq", "is not the number of its step");
  return step;
}

void read_previous_into(Handoff& handoff, const Reader& predicate) {
  const Reader previous = predicate.object("previous");
  handoff.previous_step = previous.text_or_null("step");
  handoff.previous_sha256 = previous.text_or_null("sha256");
  if (previous.has("not_compared")) handoff.not_compared = previous.texts("not_compared");
  const bool has_step = !handoff.previous_step.empty();
  if (has_step != !handoff.previous_sha256.empty())
    predicate.refuse("previous", "names a step without its digest, or a digest without its step");
  if (!has_step) return;
  if (!is_sha256_hex(handoff.previous_sha256)) previous.refuse("sha256", "is no SHA-256 in hexadecimal");
  const int number = step_number(handoff.previous_step);
  if (number == 0 || number >= step_number(handoff.step))
    previous.refuse("step", "does not come before '" + handoff.step + "'");
}

/// It is read and moved by this name, below the handoff's folder.
std::string artifact_name(const Reader& artifact) {
  const std::filesystem::path name = artifact.filled_text("name");
  const bool goes_up = std::ranges::find(name, "..") != name.end();
  if (name.is_absolute() || goes_up || name.native().find('\0') != std::string::npos) {
    artifact.refuse("name", "leads out of the folder");
  }
  return name.string();
}

void read_lists_into(Handoff& handoff, const Reader& predicate) {
  for (const Reader& finding : predicate.objects("findings"))
    handoff.findings.push_back(finding_from_json(finding.json()));
  for (const Reader& evidence : predicate.objects("evidence")) handoff.evidence.push_back(read_evidence(evidence));
  for (const Reader& artifact : predicate.objects("artifacts")) {
    handoff.artifacts.push_back({artifact_name(artifact), artifact.digest("digest")});
  }
  handoff.state = predicate.object("state").json();
}

void read_policy_into(Handoff& handoff, const Reader& predicate) {
  const Reader policy = predicate.object("policy");
  handoff.policy_sha256 = policy.text("sha256");
  handoff.policy_overrides = policy.texts("overrides");
  handoff.standalone = predicate.optional_boolean("standalone");
  predicate.text("sop");
}

Handoff read_statement(const Reader& statement) {
  check_frame(statement);
  const Reader predicate = statement.object("predicate");
  const Reader tool = predicate.object("tool");
  Handoff handoff{.step = read_step(predicate),
                  .subject = read_subject(statement),
                  .release = read_release(predicate.object("release")),
                  .targets = read_targets(predicate),
                  .verdict = verdict_from(predicate.text("verdict")),
                  .observed = predicate.optional_text("observed"),
                  .run = read_run(predicate.object("run")),
                  .tool_name = tool.text("name"),
                  .tool_version = tool.text("version"),
                  .started_at = predicate.time("started_at"),
                  .finished_at = predicate.time("finished_at")};
  if (predicate.has("expires_at")) handoff.expires_at = predicate.time("expires_at");
  read_previous_into(handoff, predicate);
  read_lists_into(handoff, predicate);
  read_policy_into(handoff, predicate);
  return handoff;
}

}  // namespace

Json parse_handoff_json(std::string_view bytes, std::string_view name) {
  try {
    return parse_json(bytes, name, {.bytes = kMaxHandoffBytes, .depth = kMaxDepth});
  } catch (const Error& error) {
    throw Error(ExitCode::handoff, error.what(), "Run the step that wrote it again; a handoff is never edited.");
  }
}

Handoff parse_handoff(std::string_view bytes, std::string_view name) {
  const Json json = parse_handoff_json(bytes, name);
  try {
    return read_statement(Reader(json, "", name));
  } catch (const Error& error) {
    const std::string text = error.what();
    if (text.starts_with(name)) throw;
    throw Error(ExitCode::handoff, std::string(name) + ": " + text, error.hint());
  }
}

}  // namespace baton
