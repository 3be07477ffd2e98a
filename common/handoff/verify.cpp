// The offline walk over one deployment's files.
#include "common/handoff/verify.h"

#include <algorithm>
#include <map>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/handoff/handoff.h"

namespace baton {
namespace {

constexpr std::string_view kLastStep = kSteps[std::size(kSteps) - 1];

struct Link {
  std::string name;
  std::string sha256;
  Handoff handoff;
};

class Walk {
 public:
  explicit Walk(const VerifyRequest& request) : request_(request) {}

  Verification run() {
    for (const std::string_view step : kSteps) take(std::string(step));
    for (const auto& [name, sha256] : artifacts_) check_artifact(name, sha256);
    check_missing();
    for (const auto& name : request_.names) check_covered(name);
    return conclude();
  }

 private:
  void add(const std::string& name, bool is_good, std::string_view says) {
    result_.lines.push_back({name, is_good, std::string(says)});
  }

  /// `question` answers what is good about the file, or throws what is not.
  void ask(const std::string& name, const std::function<std::string()>& question) {
    try {
      const std::string says = question();
      add(name, /*is_good=*/true, says);
    } catch (const Error& error) {
      add(name, /*is_good=*/false, error.what());
    }
  }

  void take(const std::string& step) {
    const std::string name = step + ".json";
    std::optional<std::string> bytes;
    try {
      bytes = request_.read(name);
    } catch (const Error& error) {
      return add(name, /*is_good=*/false, error.what());
    }
    if (!bytes) return;
    ask(name, [&] {
      Link link{.name = name, .sha256 = sha256_hex(*bytes), .handoff = parse_handoff(*bytes, name)};
      if (link.handoff.step != step) throw Error(ExitCode::handoff, "it is " + link.handoff.step + "'s");
      const std::string place = chain_place(link);
      const std::string signer = signer_of(step, *bytes);
      for (const Artifact& artifact : link.handoff.artifacts) artifacts_[artifact.name] = artifact.sha256;
      for (const Evidence& item : link.handoff.evidence) evidence_[item.name] = item.sha256;
      if (link.handoff.verdict == Verdict::again && link.handoff.findings.empty())
        throw Error(ExitCode::handoff, "it was only begun: its verdict is 'again', and it found nothing");
      links_.push_back(std::move(link));
      return place + signer;
    });
  }

  std::string chain_place(const Link& link) const {
    const Handoff& handoff = link.handoff;
    if (handoff.previous_step.empty()) {
      const bool may_begin = handoff.step == kSteps[0] || handoff.standalone;
      if (!may_begin || !links_.empty()) throw Error(ExitCode::handoff, "it names no step before it");
      return "begins the chain";
    }
    const auto before = std::ranges::find(links_, handoff.previous_sha256, &Link::sha256);
    if (before == links_.end()) {
      throw Error(ExitCode::handoff, "the " + handoff.previous_step + " that it read is not here, or was altered");
    }
    if (before != links_.end() - 1) throw Error(ExitCode::handoff, "it skips " + links_.back().handoff.step);
    const Release& mine = handoff.release;
    const Release& theirs = before->handoff.release;
    if (before->handoff.step != handoff.previous_step || mine.id != theirs.id || mine.app != theirs.app ||
        mine.version != theirs.version || mine.environment != theirs.environment) {
      throw Error(ExitCode::handoff, "it is of another deployment than " + before->name);
    }
    return "follows " + before->name;
  }

  std::string signer_of(const std::string& step, const std::string& bytes) const {
    if (request_.trust.empty()) return "";
    const auto bundle = request_.read(step + ".sigstore.json");
    if (!bundle) throw Error(ExitCode::handoff, "it is not signed, and trusted keys are given");
    return ", signed by " + verify_bundle(*bundle, bytes, request_.trust, step);
  }

  void check_artifact(const std::string& name, const std::string& sha256) {
    ask(name, [&]() -> std::string {
      const auto bytes = request_.read(name);
      if (!bytes) throw Error(ExitCode::handoff, "it is missing");
      if (sha256_hex(*bytes) != sha256) throw Error(ExitCode::handoff, "it is not as its step wrote it");
      return "as its step wrote it";
    });
  }

  /// A release that went on after a step has the next one's file too; where it stopped, nothing more is owed.
  void check_missing() {
    if (links_.empty() || links_.back().handoff.step != kLastStep) return;
    const bool has_stopped = std::ranges::any_of(links_, [](const Link& link) {
      const Verdict verdict = link.handoff.verdict;
      return link.handoff.step != kLastStep && verdict != Verdict::proceed && verdict != Verdict::caution;
    });
    if (has_stopped) return;
    for (const std::string_view step : {"precheck", "switch", "watch"}) {
      const bool is_there = std::ranges::any_of(links_, [&](const Link& link) { return link.handoff.step == step; });
      if (!is_there) add(std::string(step) + ".json", /*is_good=*/false, "it is missing");
    }
  }

  /// A step's handoff, its bundle, or an earlier attempt of it, which nothing has to cover.
  static bool is_of_a_step(const std::string& name) {
    return std::ranges::any_of(kSteps, [&](const std::string_view step) {
      if (!name.starts_with(step)) return false;
      const std::string_view rest = std::string_view(name).substr(step.size());
      if (rest == ".json" || rest == ".sigstore.json") return true;
      const bool is_numbered = rest.starts_with('.') && rest.ends_with(".json") && rest.size() > 6;
      return is_numbered && rest.substr(1, rest.size() - 6).find_first_not_of("0123456789") == std::string_view::npos;
    });
  }

  std::string_view signature_note() const {
    return request_.trust.empty() ? "a signature: no trusted key is configured to hold it against"
                                  : "a signature: the line of what it signs says whose";
  }

  /// What Baton keeps for itself, and reads nothing of a release's record from.
  static bool is_a_note(const std::string& name) {
    if (name == "notified.txt" || name == ".baton-id") return true;
    return name.starts_with('.') && (name.ends_with(".lock") || name.ends_with(".tmp"));
  }

  void check_covered(const std::string& name) {
    if (std::ranges::find(result_.lines, name, &VerifyLine::name) != result_.lines.end()) return;
    if (name.ends_with(".sigstore.json") && is_of_a_step(name)) return add(name, /*is_good=*/true, signature_note());
    if (is_of_a_step(name) || is_a_note(name))
      return add(name, /*is_good=*/true, "Baton's own: no handoff covers it, and no answer rests on it");
    const auto evidence = evidence_.find(name);
    if (evidence != evidence_.end()) return check_artifact(name, evidence->second);
    add(name, /*is_good=*/false, "no handoff covers it: anybody may have written it");
  }

  Verification conclude() {
    const auto bad = std::ranges::find(result_.lines, false, &VerifyLine::is_good);
    result_.is_good = bad == result_.lines.end() && !links_.empty();
    if (result_.is_good) {
      result_.says = "yes: " + count_text(static_cast<long long>(links_.size()), "handoff") + " and " +
                     count_text(static_cast<long long>(artifacts_.size()), "artifact") + " are whole and in order";
      if (request_.trust.empty()) result_.says += "; signatures were not asked for: no trusted key is configured";
    } else {
      const bool is_empty = links_.empty() && std::ranges::none_of(result_.lines, is_of_a_step, &VerifyLine::name);
      result_.says = is_empty ? "no: there is no handoff here" : "no: " + bad->name + ": " + bad->says;
    }
    return std::move(result_);
  }

  const VerifyRequest& request_;
  std::vector<Link> links_;
  std::map<std::string, std::string> artifacts_;  ///< the last writer's digest
  std::map<std::string, std::string> evidence_;   ///< likewise
  Verification result_;
};

}  // namespace

Verification verify_folder(const VerifyRequest& request) { return Walk(request).run(); }

}  // namespace baton
