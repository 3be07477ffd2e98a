#!/bin/bash
# Builds Argo Rollouts' controller, once, and prints the executable; its CRDs lie beside it in …-crds. A peer of benchmarks.
#   argo-rollouts.sh [VERSION]      about five minutes on two cores
exec "$(dirname "${BASH_SOURCE[0]}")/go-program.sh" argo-rollouts github.com/argoproj/argo-rollouts "${1:-v1.9.0}" \
  cmd/rollouts-controller manifests/crds
