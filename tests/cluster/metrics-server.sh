#!/bin/bash
# Builds metrics-server, once, and prints the executable: autoscalers of a real cluster scale nothing without it.
#   metrics-server.sh [VERSION]      about three minutes on two cores
exec "$(dirname "${BASH_SOURCE[0]}")/go-program.sh" metrics-server sigs.k8s.io/metrics-server "${1:-v0.9.0}" cmd/metrics-server
