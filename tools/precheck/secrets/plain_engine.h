// One automaton over all texts (Aho and Corasick), for every processor.
#pragma once

#include "tools/precheck/secrets/engine.h"

namespace baton::precheck::secrets {

std::unique_ptr<Engine> make_plain_engine(const std::vector<Anchor>& anchors);

}  // namespace baton::precheck::secrets
