// Cluster, namespace, Service.
#include "common/config/sections/kubernetes.h"

#include "common/config/section.h"

namespace baton::config {

void add_kubernetes(std::vector<Key>& all) {
  using Kubernetes = KubernetesConfig;
  const Section section(all, "kubernetes.", [](auto& config) -> auto& { return config.kubernetes(); },
                        {"precheck", "switch", "watch", "finalize"});
  section.key("context", "kubeconfig context; absent: the current one, else in-cluster", &Kubernetes::context);
  section.key("namespace", "Namespace; absent: the context's", &Kubernetes::namespace_);
  section.key("service", "Service whose selector decides who gets traffic; absent: app", &Kubernetes::service);
  section.key("container", "Container that runs the image; absent: the one whose image it is", &Kubernetes::container);
  section.key("manifest",
              "Template of the next colour, with its ConfigMaps and what is applied before it; absent: the live "
              "Deployment",
              &Kubernetes::manifest);
  section.key("services", "More Services of the same pods, flipped as one with service", &Kubernetes::services);
  section.key("workers", "Deployments without a Service that get the release once the switch is proved",
              &Kubernetes::workers);
  section.key("port", "Name or number of the port that smoke tests and the proof ask; absent: the readiness probes'",
              &Kubernetes::port);
  section.key("label", "Label that tells the colours apart", &Kubernetes::label);
}

}  // namespace baton::config
