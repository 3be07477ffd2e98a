// The engine's port: says where a text stands by which a rule may be found. Two implementations; both say the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "tools/precheck/secrets/rules/anchor.h"

namespace baton::precheck::secrets {

struct Candidate {
  std::uint32_t anchor = 0;
  std::uint32_t at = 0;  ///< where the anchor's text begins

  bool operator==(const Candidate&) const = default;
};

/// Safe from one thread at a time. What it reports may be no secret; what it leaves out is none.
class Engine {
 public:
  Engine() = default;
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  /// Replaces `found` by what stands in `block` (less than 4 GiB), in no order.
  virtual void find(std::string_view block, std::vector<Candidate>& found) = 0;
  virtual std::string_view name() const = 0;
};

/// The fastest that this processor and this build have.
std::unique_ptr<Engine> make_engine(const std::vector<Anchor>& anchors);

}  // namespace baton::precheck::secrets
