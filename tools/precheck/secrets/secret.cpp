// One entry a value, so that a secret copied into a hundred files is one finding.
#include "tools/precheck/secrets/secret.h"

#include <algorithm>
#include <tuple>

#include "common/core/digest.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kMax = 1000;
constexpr int kRounds = 20000;

}  // namespace

std::string secret_hash(std::string_view app, std::string_view value) {
  return stretched_hex(value, "baton-secret-1:" + std::string(app), kRounds);
}

std::vector<Secret> Secrets::all() const {
  auto sorted = all_;
  std::ranges::sort(sorted, [](const Secret& a, const Secret& b) {
    return std::tie(a.severity, a.place, a.rule) < std::tie(b.severity, b.place, b.rule);
  });
  return sorted;
}

void Secrets::add(const Rule& rule, Severity severity, std::string_view value, const std::string& place) {
  const auto key = sha256_hex(value);
  const std::scoped_lock lock(mutex_);
  if (const auto known = known_.find(key); known != known_.end()) {
    auto& secret = all_[known->second];
    ++secret.places;
    if (severity < secret.severity || (severity == secret.severity && place < secret.place)) {
      secret.severity = severity;
      secret.place = place;
    }
    return;
  }
  if (all_.size() == kMax) {
    ++left_out_;
    return;
  }
  known_.emplace(key, all_.size());
  all_.push_back({.rule = rule.id,
                  .title = rule.title,
                  .severity = severity,
                  .sureness = rule.sureness,
                  .place = place,
                  .length = value.size(),
                  .hash = secret_hash(app_, value)});
}

}  // namespace baton::precheck::secrets
