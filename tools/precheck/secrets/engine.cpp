// Chooses the engine.
#include "tools/precheck/secrets/engine.h"

#include "tools/precheck/secrets/plain_engine.h"
#include "tools/precheck/secrets/vector_engine.h"

namespace baton::precheck::secrets {

std::unique_ptr<Engine> make_engine(const std::vector<Anchor>& anchors) {
  if (auto engine = make_vector_engine(anchors)) return engine;
  return make_plain_engine(anchors);
}

}  // namespace baton::precheck::secrets
