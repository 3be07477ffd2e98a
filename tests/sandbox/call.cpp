// Paths of the Kubernetes API.
#include "tests/sandbox/call.h"

#include "common/core/text.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

/// Takes path segments from the front.
class Segments {
 public:
  explicit Segments(const std::string& path) : pieces_(split(path.substr(1), '/')) {}
  bool is_empty() const { return at_ >= pieces_.size(); }
  std::size_t left() const { return pieces_.size() - at_; }
  std::string next() { return is_empty() ? std::string() : percent_decode(pieces_[at_++]); }
  const std::string& peek() const { return pieces_[at_]; }
  std::string remainder() {
    std::string rest;
    while (!is_empty()) rest += "/" + pieces_[at_++];
    return rest;
  }

 private:
  std::vector<std::string> pieces_;
  std::size_t at_ = 0;
};

}  // namespace

Call call_from(const Question& question) {
  if (!question.path.starts_with('/')) throw not_served();
  Segments segments(question.path);
  const auto root = segments.next();
  if (root != "api" && root != "apis") throw not_served();
  const auto group = root == "apis" ? segments.next() : "";
  const auto version = segments.next();
  std::string ns;
  // "/namespaces/x" is the Namespace itself, "/namespaces/x/status" its subresource, anything longer lies inside it.
  if (segments.left() >= 3 && segments.peek() == "namespaces") {
    segments.next();
    ns = segments.next();
  }
  auto plural = segments.next();
  if (group.empty() && (plural == "status" || plural == "finalize") && segments.is_empty())
    return {
        .question = question, .kind = kind_named("Namespace"), .ns = "", .name = ns, .subresource = plural, .rest = ""};
  const auto* kind = find_kind(group, version, plural);
  if (kind == nullptr || (!ns.empty() && !kind->is_namespaced)) throw not_served();
  auto name = segments.next();
  auto subresource = segments.next();
  return {.question = question,
          .kind = *kind,
          .ns = std::move(ns),
          .name = std::move(name),
          .subresource = std::move(subresource),
          .rest = segments.remainder()};
}

Answer answer_with(const Json& json, int status) { return {.status = status, .body = to_text(json) + "\n"}; }

}  // namespace baton::sandbox
