// What the checkout says of itself. Absence is an answer; nothing here fails because there is no repository.
#pragma once

#include <optional>
#include <string>

#include "common/io/process.h"

namespace baton::git {

struct Checkout {
  std::string commit;
  std::optional<std::string> exact_tag;
};
/// Nothing when `folder` is in no repository, has no commit, or git is not installed.
std::optional<Checkout> look(const std::filesystem::path& folder, std::stop_token stop = {});

}  // namespace baton::git
