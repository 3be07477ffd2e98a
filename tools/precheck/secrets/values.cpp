// Stand-ins are told by words, by few or counting letters, and by what other programs fill in later.
#include "tools/precheck/secrets/values.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <string>

#include "common/core/digest.h"
#include "common/core/text.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::array<std::string_view, 20> kStandIns = {
    "example",  "sample",  "dummy", "fake",     "changeme", "change_me", "change-me", "placeholder", "your_", "your-",
    "yourpass", "yourkey", "xxxx",  "redacted", "insert_",  "replace",   "notreal",   "not-a-",      "****",  "...."};
constexpr std::array<std::string_view, 5> kRuns = {"0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz",
                                                   "qwertyuiop", "asdfghjkl"};
constexpr std::size_t kRun = 6;
/// In a longer one any word may stand by chance.
constexpr std::size_t kWordsLookedFor = 200;

/// SHA-256 of values that documentation everywhere has, and that no word gives away.
constexpr std::array<std::string_view, 5> kKnownSamples = {
    "7f75367e7881255134e1375e723d1dea8ad5f6a4fdb79d938df1f1754a830606",  // the token that jwt.io shows
    "2cafc0970149a84f3b9e62eaf169f36f59907a3b3e31f7b82e68c69cd27f7326",  // the test key of Stripe's documentation
    "cf4d418ed3de92d71f767db5391d5a2dacd40e1ce49e75d1137e2ecf4982d844",  // the user and password of RFC 7617's Basic
    "3002888f967a7086ab52fcc9e8bbc3e46724c349828ce6c8625b850a7036e876",  // the bootstrap token of Kubernetes' pages
    "ca7459e2b26776de081b9a07e40227fd6cff232a1e3233ff6b6aa6d036ca9981"   // the client of RFC 6749
};

constexpr std::array<std::string_view, 17> kReferences = {
    "$",    "{{",        "%(",       "<",      "vault:", "op://",      "arn:aws:",  "process.env", "os.environ",
    "env.", "secret://", "secrets.", "!vault", "ENC[",   "@Microsoft", "projects/", "sops:"};

bool has_run(std::string_view text) {
  return std::ranges::any_of(kRuns, [&](std::string_view run) {
    for (std::size_t at = 0; at + kRun <= run.size(); ++at) {
      if (text.find(run.substr(at, kRun)) != std::string_view::npos) return true;
    }
    return false;
  });
}

/// Whether half of it or more is one letter, repeated.
bool is_mostly_one_letter(std::string_view text) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    run = i > 0 && text[i] == text[i - 1] ? run + 1 : 1;
    if (run * 2 >= text.size()) return true;
  }
  return false;
}

std::size_t distinct(std::string_view text) {
  std::bitset<256> seen;
  for (const char byte : text) seen.set(static_cast<unsigned char>(byte));
  return seen.count();
}

}  // namespace

double entropy(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::size_t, 256> counts{};
  for (const char byte : text) ++counts.at(static_cast<unsigned char>(byte));
  double bits = 0;
  for (const auto count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool is_placeholder(std::string_view value) {
  constexpr std::size_t kFew = 4;
  if (distinct(value) <= kFew || is_mostly_one_letter(value) || is_reference(value)) return true;
  const auto text = to_lower(value.substr(0, kWordsLookedFor));
  if (value.size() <= kWordsLookedFor && has_run(text)) return true;
  const auto stands_in = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (value.size() <= kWordsLookedFor && std::ranges::any_of(kStandIns, stands_in)) return true;
  return std::ranges::find(kKnownSamples, sha256_hex(value)) != kKnownSamples.end();
}

bool is_reference(std::string_view value) {
  const bool leads_away = std::ranges::any_of(kReferences, [&](auto begin) { return value.starts_with(begin); });
  const bool has_default = value.starts_with("${") && value.find(":-") != std::string_view::npos;
  const bool is_windows_variable = value.size() > 2 && value.front() == '%' && value.back() == '%';
  return (leads_away && !has_default) || is_windows_variable || value.find("{{") != std::string_view::npos ||
         value.find("${") == 0;
}

}  // namespace baton::precheck::secrets
