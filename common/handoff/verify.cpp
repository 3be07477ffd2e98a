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
    return conclude();
  }

 private:
  void add(const std::string& name, bool is_good, const std::string& says) {
    result_.lines.push_back({name, is_good, says});
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

  Verification conclude() {
    const auto bad = std::ranges::find(result_.lines, false, &VerifyLine::is_good);
    result_.is_good = bad == result_.lines.end() && !links_.empty();
    if (result_.is_good) {
      result_.says = "yes: " + count_text(static_cast<long long>(links_.size()), "handoff") + " and " +
                     count_text(static_cast<long long>(artifacts_.size()), "artifact") + " are whole and in order";
    } else {
      result_.says =
          bad == result_.lines.end() ? "no: there is no handoff here" : "no: " + bad->name + ": " + bad->says;
    }
    return std::move(result_);
  }

  const VerifyRequest& request_;
  std::vector<Link> links_;
  std::map<std::string, std::string> artifacts_;  ///< the last writer's digest
  Verification result_;
};

}  // namespace

Verification verify_folder(const VerifyRequest& request) { return Walk(request).run(); }

}  // namespace baton
