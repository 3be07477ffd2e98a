// Secrets of the process, in the forms in which they come back.
#include "common/core/secrets.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

constexpr std::size_t kShortest = 6;

struct Kept {
  std::mutex mutex = {};
  std::vector<std::string> forms = {};  ///< the longest first: one may hold another
};

/// One for all: a server may echo what another one was told. Never destroyed: the last message may come late.
Kept& kept() {
  static auto& all = *new Kept;
  return all;
}

std::string in_json(std::string_view value) {
  const std::string quoted = is_utf8(value) ? to_text(Json(value)) : std::string();
  return quoted.size() < 2 ? std::string(value) : quoted.substr(1, quoted.size() - 2);
}

/// Padding is left away by some.
std::string bare_base64(std::string_view value) {
  std::string text = to_base64(value);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

}  // namespace

void keep_secret(std::string_view value) {
  if (value.size() < kShortest) return;
  Kept& all = kept();
  const std::lock_guard lock(all.mutex);
  for (std::string form : {std::string(value), percent_encode(value), bare_base64(value), in_json(value)}) {
    if (std::ranges::find(all.forms, form) == all.forms.end()) all.forms.push_back(std::move(form));
  }
  std::ranges::stable_sort(all.forms, std::ranges::greater{}, &std::string::size);
}

void keep_authorization(std::string_view value) {
  const auto space = value.find(' ');
  const auto credential = trim(value.substr(space == std::string_view::npos ? 0 : space));
  keep_secret(credential);
  if (!starts_with_icase(value, "basic ")) return;
  try {
    const std::string pair = from_base64(credential);
    keep_secret(pair);
    const auto colon = std::min(pair.find(':'), pair.size());
    // A lone user is a token.
    keep_secret(colon + 1 < pair.size() ? pair.substr(colon + 1) : pair.substr(0, colon));
  } catch (const Error&) {
    // Sent as it was given; it is kept as that.
  }
}

std::string without_secrets(std::string_view text) {
  Kept& all = kept();
  const std::lock_guard lock(all.mutex);
  std::string safe(text);
  for (const std::string& form : all.forms) {
    if (safe.find(form) != std::string::npos) safe = replace_all(safe, form, "***");
  }
  return safe;
}

}  // namespace baton
