// Trust stores by what they were read from.
#include "common/io/tls_trust.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>

#include <map>
#include <mutex>
#include <string>

#include "common/core/error.h"

namespace baton {
namespace {

// Far more than a step has clusters and hosts: beyond it somebody makes certificates as he goes.
constexpr std::size_t kMostStores = 64;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

/// What changes when a file is written anew or another is put in its place; all zero of what is no file.
struct FileState {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  time_t seconds = 0;
  long nanoseconds = 0;
  bool operator==(const FileState&) const = default;
};

FileState state_of(const std::string& file) {
  struct stat found {};
  if (file.empty() || ::stat(file.c_str(), &found) != 0) return {};
  return {.device = found.st_dev,
          .inode = found.st_ino,
          .size = found.st_size,
          .seconds = found.st_mtim.tv_sec,
          .nanoseconds = found.st_mtim.tv_nsec};
}

[[noreturn]] void unusable(const std::string& what, const std::string& hint) {
  ERR_clear_error();
  throw Error(ExitCode::usage, what, hint);
}

void add_pem(X509_STORE* store, const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  int count = 0;
  while (const Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free}) {
    X509_STORE_add_cert(store, certificate.get());
    ++count;
  }
  ERR_clear_error();
  if (count == 0) unusable("the CA data holds no PEM certificate", "Correct certificate-authority-data.");
}

void add_file(X509_STORE* store, const std::string& file) {
  // Without any bundle every handshake is refused, with its reason; a run that needs no TLS goes on.
  if (file.empty()) return;
  if (X509_STORE_load_file(store, file.c_str()) != 1)
    unusable("cannot read CA certificates from '" + file + "'", "Name a PEM file that exists.");
}

struct Known {
  FileState state;
  TrustStore store;
};

}  // namespace

TrustStore trust_of(const TlsSettings& settings) {
  static std::mutex mutex;
  // Never destroyed: OpenSSL cleans up after itself before that.
  static auto& all = *new std::map<std::string, Known>;
  const bool is_text = !settings.ca_pem.empty();
  const std::string file = settings.ca_file.empty() ? system_ca_file() : settings.ca_file;
  // A path holds no line end where a PEM does.
  const std::string& source = is_text ? settings.ca_pem : file;
  const FileState state = is_text ? FileState{} : state_of(file);
  // Those who come while it is read wait for it: reading it once more would take them longer.
  const std::lock_guard lock(mutex);
  if (const auto found = all.find(source); found != all.end() && found->second.state == state)
    return found->second.store;
  TrustStore store(X509_STORE_new(), X509_STORE_free);
  is_text ? add_pem(store.get(), settings.ca_pem) : add_file(store.get(), file);
  if (all.size() >= kMostStores) all.clear();
  all[source] = {.state = state, .store = store};
  return store;
}

}  // namespace baton
