// libs: baton_clients — kubeconfig files and what credential plugins print.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/clients/kube/exec.h"
#include "common/clients/kube/kubeconfig_file.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] {
    baton::kube::Kubeconfig config = baton::kube::parse_kubeconfig(text, "/nonexistent/config");
    baton::kube::merge(config, config);
    baton::kube::resolve(config, "", "");
  });
  baton::expect_only_errors(
      [&] { baton::kube::parse_exec_credential(text, "client.authentication.k8s.io/v1", "plugin"); });
  return 0;
}
