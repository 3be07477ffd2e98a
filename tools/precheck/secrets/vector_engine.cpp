// The home of vectorscan. Of the four copies of its runtime that Debian's archive has, by level of the processor, only
// the one for x86-64-v2 is called, and linked: what chooses among them (their dispatcher) is left out.
#include "tools/precheck/secrets/vector_engine.h"

#ifdef BATON_VECTORSCAN
#include <hs/hs_runtime.h>

#include "common/core/error.h"
#include "common/core/gzip.h"
#include "tools/precheck/secrets/compiled.h"

extern "C" {
hs_error_t corei7_hs_scan(const hs_database_t* database, const char* bytes, unsigned size, unsigned flags,
                          hs_scratch_t* scratch, match_event_handler take, void* context);
hs_error_t corei7_hs_deserialize_database(const char* bytes, std::size_t size, hs_database_t** database);
hs_error_t corei7_hs_free_database(hs_database_t* database);
hs_error_t corei7_dbIsValid(const hs_database_t* database);
// What the parts that all levels share ask the dispatcher for.
hs_error_t dbIsValid(const hs_database_t* database) { return corei7_dbIsValid(database); }
}

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kMaxDatabase = 64U << 20U;

void require(hs_error_t state, const char* what) {
  if (state != HS_SUCCESS)
    throw Error(ExitCode::error, std::string("vectorscan cannot ") + what + ": " + std::to_string(state));
}

class VectorEngine final : public Engine {
 public:
  explicit VectorEngine(const std::vector<Anchor>& anchors) {
    for (const auto& anchor : anchors)
      from_end_.push_back(static_cast<std::uint32_t>(anchor.text.size() + anchor.after_size()));
    const auto bytes = gunzip(packed_database(), kMaxDatabase);
    require(corei7_hs_deserialize_database(bytes.data(), bytes.size(), &database_), "read its database");
    require(hs_alloc_scratch(database_, &scratch_), "make its scratch");
  }
  ~VectorEngine() override {
    hs_free_scratch(scratch_);
    corei7_hs_free_database(database_);
  }
  VectorEngine(const VectorEngine&) = delete;
  VectorEngine& operator=(const VectorEngine&) = delete;

  void find(std::string_view block, std::vector<Candidate>& found) override {
    found.clear();
    Context context{from_end_, found};
    require(corei7_hs_scan(database_, block.data(), static_cast<unsigned>(block.size()), 0, scratch_, take, &context),
            "scan");
  }

  std::string_view name() const override { return "vectorscan"; }

 private:
  struct Context {
    const std::vector<std::uint32_t>& from_end;
    std::vector<Candidate>& found;
  };

  static int take(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
    auto& of = *static_cast<Context*>(context);
    of.found.push_back({id, static_cast<std::uint32_t>(to) - of.from_end[id]});
    return 0;
  }

  std::vector<std::uint32_t> from_end_ = {};
  hs_database_t* database_ = nullptr;
  hs_scratch_t* scratch_ = nullptr;
};

}  // namespace

std::unique_ptr<Engine> make_vector_engine(const std::vector<Anchor>& anchors) {
  if (__builtin_cpu_supports("sse4.2") == 0 || __builtin_cpu_supports("popcnt") == 0) return nullptr;
  if (packed_database().empty() || fingerprint_of(anchors) != database_fingerprint()) return nullptr;
  return std::make_unique<VectorEngine>(anchors);
}

}  // namespace baton::precheck::secrets
#else
namespace baton::precheck::secrets {

std::unique_ptr<Engine> make_vector_engine(const std::vector<Anchor>&) { return nullptr; }

}  // namespace baton::precheck::secrets
#endif
