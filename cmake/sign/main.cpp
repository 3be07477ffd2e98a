// baton-sign STATEMENT: prints a sigstore bundle of an in-toto statement, signed with the key that SIGNING_KEY holds or
// names. Handoffs and releases are signed by the same code.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "common/core/error.h"
#include "common/handoff/signature.h"
#include "common/io/files.h"

namespace baton {
namespace {

SigningKey signing_key() {
  const char* given = std::getenv("SIGNING_KEY");
  const std::string key = given == nullptr ? "" : given;
  if (key.empty())
    throw Error(ExitCode::usage, "SIGNING_KEY is empty", "Set it to a PKCS#8 key in PEM, or to its file.");
  return SigningKey(key.find("-----BEGIN") != std::string::npos ? key : read_file(key, 1U << 16U));
}

}  // namespace
}  // namespace baton

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: SIGNING_KEY=… baton-sign STATEMENT\n";
    return static_cast<int>(baton::ExitCode::usage);
  }
  try {
    std::cout << baton::signing_key().sign_bundle(baton::read_file(argv[1])) << std::flush;
    return std::cout ? 0 : static_cast<int>(baton::ExitCode::error);
  } catch (const baton::Error& trouble) {
    std::cerr << "baton-sign: error: " << trouble.what() << '\n';
    if (!trouble.hint().empty()) std::cerr << "baton-sign: hint: " << trouble.hint() << '\n';
    return static_cast<int>(trouble.code());
  } catch (const std::exception& trouble) {
    std::cerr << "baton-sign: " << trouble.what() << '\n';
    return static_cast<int>(baton::ExitCode::error);
  }
}
