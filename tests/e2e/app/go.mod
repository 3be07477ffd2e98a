module baton.local/e2e

go 1.24
