// Certificates made while a test runs, so that none lies in the repository and none expires there.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace baton::test {

struct Identity {
  std::string certificate_pem;
  std::string key_pem;
};

struct Subject {
  std::vector<std::string> names = {"DNS:localhost", "IP:127.0.0.1", "IP:::1"};  ///< as OpenSSL writes them
  int from_days = -1;                                                            ///< validity, counted from today
  int until_days = 30;
  std::string common_name = "test leaf";
};

/// A certificate authority of its own; everything has P-256 keys.
class Authority {
 public:
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  const std::string& certificate_pem() const { return certificate_pem_; }
  /// Good for servers and for clients.
  Identity issue(const Subject& subject = {}) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  std::string certificate_pem_;
};

}  // namespace baton::test
