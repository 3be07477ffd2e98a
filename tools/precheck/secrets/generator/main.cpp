// A build's own program: compiles rules.txt for the engines, generator RULES.TXT OUT.CPP
// What it writes holds the text itself and, where the engine of this build needs one, its database, compressed.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/core/gzip.h"
#include "tools/precheck/secrets/rules/anchor.h"
#ifdef BATON_VECTORSCAN
#include <hs/hs.h>
#endif

namespace {

using namespace baton;
using namespace baton::precheck::secrets;

#ifdef BATON_VECTORSCAN
/// For any x86-64 of these twenty years: the executables run elsewhere.
std::string compile(const std::vector<Anchor>& anchors) {
  std::vector<std::string> texts;
  std::vector<const char*> patterns;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const auto& anchor : anchors) texts.push_back(anchor_pattern(anchor));
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    patterns.push_back(texts[i].c_str());
    flags.push_back(HS_FLAG_DOTALL | (anchors[i].is_caseless ? unsigned{HS_FLAG_CASELESS} : 0U));
    ids.push_back(static_cast<unsigned>(i));
  }
  const hs_platform_info_t generic{};
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(patterns.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()), HS_MODE_BLOCK,
                       &generic, &database, &error) != HS_SUCCESS) {
    const auto at = error->expression < 0 ? 0 : static_cast<std::size_t>(error->expression);
    throw std::runtime_error(texts.at(at) + ": " + error->message);
  }
  char* bytes = nullptr;
  std::size_t size = 0;
  const bool is_made = hs_serialize_database(database, &bytes, &size) == HS_SUCCESS;
  hs_free_database(database);
  if (!is_made) throw std::runtime_error("the database cannot be written down");
  std::string text(bytes, size);
  std::free(bytes);
  return text;
}
#else
std::string compile(const std::vector<Anchor>&) { return {}; }
#endif

void write_bytes(std::ostream& out, std::string_view name, std::string_view bytes) {
  out << "const unsigned char " << name << "_bytes[] = {";
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out << (i % 32 == 0 ? "\n" : "") << static_cast<unsigned>(static_cast<unsigned char>(bytes[i])) << ',';
  out << "0};\nstd::string_view " << name << "() { return {reinterpret_cast<const char*>(" << name << "_bytes), "
      << bytes.size() << "}; }\n";
}

void generate(const char* from, const char* to) {
  std::ifstream file(from, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto anchors = anchors_of(parse_rules(text));
  std::ofstream out(to, std::ios::binary);
  out << "#include \"tools/precheck/secrets/compiled.h\"\nnamespace baton::precheck::secrets {\n";
  const auto database = compile(anchors);
  write_bytes(out, "packed_rules", gzip(text));
  write_bytes(out, "packed_database", database.empty() ? database : gzip(database));
  write_bytes(out, "database_fingerprint", fingerprint_of(anchors));
  out << "}\n";
  out.close();
  if (!out) throw std::runtime_error(std::string("cannot write ") + to);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::runtime_error("usage: generator RULES.TXT OUT.CPP");
    generate(argv[1], argv[2]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "secret rules: %s\n", error.what());
    return 1;
  }
}
