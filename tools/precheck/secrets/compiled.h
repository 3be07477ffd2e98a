// What the generator made of rules.txt when this was built.
#pragma once

#include <string_view>
#include <vector>

#include "tools/precheck/secrets/rules/rule.h"

namespace baton::precheck::secrets {

std::string_view packed_rules();          ///< the text, as gzip writes it
std::string_view packed_database();       ///< the engine's database; empty: this build has no such engine
std::string_view database_fingerprint();  ///< of the anchors that it was compiled of

/// The rules, read once.
const std::vector<Rule>& all_rules();

}  // namespace baton::precheck::secrets
