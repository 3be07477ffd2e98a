#!/bin/bash
# Proves that the release executables talk TLS with whoever could be talked to: tls.sh BUILD
# Each suite that OpenSSL offers by default, each kind of certificate, each group, client keys in each form; and PostgreSQL's ways of
# logging in. What is not built in is not offered, and what is refused stays refused. Servers are OpenSSL's own and PostgreSQL's.
set -euo pipefail
build=$(cd "$1" && pwd)
work=$(mktemp -d)
chmod 755 "$work"
passed=0 server='' postgres=''
finish() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  [ -z "$postgres" ] || as_owner "$(postgres_program pg_ctl)" -D "$work/db" -m immediate stop > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
say() { echo "tls: $*"; }
fail() { echo "tls: FAILED: $*" >&2; exit 1; }

make_key() { # NAME
  case $1 in
    rsa2048 | rsa4096) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${1#rsa}" ;;
    pss) openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 ;;
    p256 | p384 | p521) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:P-${1#p}" ;;
    ed25519 | ed448) openssl genpkey -algorithm "$1" ;;
  esac > "$work/$1.key" 2> /dev/null
}

make_certificate() { # NAME: of itself
  make_key "$1"
  openssl req -x509 -new -key "$work/$1.key" -days 2 -subj /CN=here -addext subjectAltName=IP:127.0.0.1,DNS:localhost -out "$work/$1.pem"
}

serve() { # KEY OPTION…
  : > "$work/server.log"   # before it starts: the last server's port stands there
  openssl s_server -accept 127.0.0.1:0 -www -key "$work/$1.key" -cert "$work/$1.pem" "${@:2}" >> "$work/server.log" 2>&1 &
  server=$!
  for _ in $(seq 200); do
    port=$(sed -nE 's/^ACCEPT .*:([0-9]+)$/\1/p' "$work/server.log")
    [ -z "$port" ] || return 0
    kill -0 "$server" 2> /dev/null || break
    sleep 0.05
  done
  cat "$work/server.log"
  fail "no server with $*"
}

# The status page of the server is no answer of Kubernetes: who complains of that has read it.
is_reached() { # CA [CLIENT_CERTIFICATE CLIENT_KEY]
  local user='{token: a-proof}'
  [ $# = 1 ] || user="{client-certificate: $work/$2, client-key: $work/$3}"
  cat > "$work/kubeconfig.yaml" << EOF
{apiVersion: v1, kind: Config, current-context: proof, contexts: [{name: proof, context: {cluster: proof, user: proof}}],
 clusters: [{name: proof, cluster: {server: "https://127.0.0.1:$port", certificate-authority: $work/$1.pem}}],
 users: [{name: proof, user: $user}]}
EOF
  (cd "$work" && env -i PATH="$PATH" KUBECONFIG="$work/kubeconfig.yaml" timeout 60 "$build/baton-switch" status --standalone \
    --set app=shop --set image=x/shop --release v1.0.0) > "$work/said" 2>&1 || true
  grep -q 'not JSON' "$work/said"
}

stop() { kill "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true; server=''; }

expect() { # yes|no WHAT CA [CLIENT_CERTIFICATE CLIENT_KEY]
  local found=no
  ! is_reached "${@:3}" || found=yes
  [ "$found" = "$1" ] || { cat "$work/said" "$work/server.log"; fail "$2: reached: $found"; }
  stop
  passed=$((passed + 1))
}

prove_suites() {
  local version suite key
  while read -r version suite key; do
    if [ "$version" = 1_3 ]; then serve "$key" -tls1_3 -ciphersuites "$suite"; else serve "$key" -tls1_2 -cipher "$suite"; fi
    expect yes "$suite" "$key"
  done < <(openssl ciphers -v DEFAULT | awk '$1 ~ /^TLS_/ { print "1_3", $1, "p256"; next }
    $1 ~ /PSK|SRP/ { next } { print "1_2", $1, $4 == "Au=ECDSA" ? "p256" : "rsa2048" }')
  say "each suite of the default list"
}

prove_certificates() {
  local key version
  for key in "${keys[@]}"; do
    for version in 1_2 1_3; do
      serve "$key" "-tls$version"
      expect yes "a certificate of $key over $version" "$key"
    done
  done
  say "certificates of ${keys[*]} over TLS 1.2 and 1.3"
}

prove_groups() {
  local group
  for group in X25519 X448 P-256 P-384 P-521; do
    serve p256 -tls1_3 -groups "$group"
    expect yes "the group $group" p256
  done
  for group in X25519 P-256 P-384 P-521; do
    serve rsa2048 -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -groups "$group"
    expect yes "the group $group over 1.2" rsa2048
  done
  say "each group"
}

prove_client_keys() {
  local key form
  openssl rsa -traditional -in "$work/rsa2048.key" -out "$work/pkcs1.key" 2> /dev/null
  openssl ec -in "$work/p256.key" -out "$work/sec1.key" 2> /dev/null
  while read -r key form; do
    serve p256 -Verify 1 -verify_return_error -CAfile "$work/$key.pem"
    expect yes "a client's certificate of $key with $form" p256 "$key.pem" "$form"
  done < <(printf '%s\n' "rsa2048 rsa2048.key" "rsa2048 pkcs1.key" "p256 p256.key" "p256 sec1.key"
    printf '%s\n' rsa4096 pss p384 p521 ed25519 ed448 | sed 's/.*/& &.key/')
  serve p256 -Verify 1 -verify_return_error -CAfile "$work/rsa2048.pem"
  expect no "a client's certificate that the server does not know" p256 p256.pem p256.key
  serve p256 -Verify 1 -verify_return_error -CAfile "$work/rsa2048.pem"
  expect no "an encrypted key" p256 rsa2048.pem encrypted.key
  grep -q 'without a pass phrase' "$work/said" || { cat "$work/said"; fail "an encrypted key is not named as the reason"; }
  say "client certificates with keys in PKCS#8, PKCS#1 and SEC1"
}

prove_refusals() {
  serve p256
  expect no "a server that nobody vouches for" rsa2048
  grep -q 'certificate is refused' "$work/said" || { cat "$work/said"; fail "the certificate is not named as the reason"; }
  local suite
  for suite in ECDHE-ARIA256-GCM-SHA384 ECDHE-RSA-CAMELLIA256-SHA384 AES256-CCM AECDH-AES256-SHA NULL-SHA256; do
    serve rsa2048 -tls1_2 -cipher "$suite:@SECLEVEL=0"
    expect no "$suite" rsa2048
  done
  serve rsa2048 -tls1_1 -cipher DEFAULT:@SECLEVEL=0
  expect no "TLS 1.1" rsa2048
  say "strangers, TLS 1.1 and suites outside of the default list are refused"
}

postgres_program() { echo "/usr/lib/postgresql/15/bin/$1"; }
as_owner() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }

start_postgres() {
  local owner; owner=$(as_owner id -un)
  mkdir "$work/db" "$work/tls" "$work/migrations"
  cp "$work"/rsa2048.{key,pem} "$work/tls"
  [ "$(id -u)" != 0 ] || chown -R postgres "$work/db" "$work/tls"
  chmod 600 "$work/tls/rsa2048.key"
  as_owner "$(postgres_program initdb)" -D "$work/db" -U owner -A trust > /dev/null
  printf '%s\n' 'local all all trust' 'hostssl all scram 127.0.0.1/32 scram-sha-256' 'hostssl all md5 127.0.0.1/32 md5' \
    'hostssl all here 127.0.0.1/32 cert' > "$work/db/pg_hba.conf"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  as_owner "$(postgres_program pg_ctl)" -D "$work/db" -w -l "$work/db/log" -o "-p $port -c listen_addresses=127.0.0.1 -k $work/db \
    -c ssl=on -c ssl_cert_file=$work/tls/rsa2048.pem -c ssl_key_file=$work/tls/rsa2048.key -c ssl_ca_file=$work/tls/rsa2048.pem" start > /dev/null
  postgres=$owner
  psql -q -h "$work/db" -p "$port" -U owner postgres << 'EOF'
create user here;
create user scram password 'right';
set password_encryption = md5;
create user md5 password 'right';
EOF
  printf -- '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n' > "$work/migrations/20250101120000_proof.sql"
}

logs_in() { # USER PASSWORD CA [PARAMETERS]: migrate reads which migrations there are
  (cd "$work" && env -i PATH="$PATH" timeout 60 "$build/baton-migrate" status --standalone --set app=shop --set image=x/shop --release v1.0.0 \
    --set database.migrations="$work/migrations" \
    --set "database.url=postgresql://$1:$2@127.0.0.1:$port/postgres?sslmode=verify-full&sslrootcert=$work/$3.pem${4:-}") > "$work/said" 2>&1 || true
  grep -q '^Pending: 1$' "$work/said"
}

prove_postgres() {
  local user
  start_postgres
  for user in scram md5; do
    logs_in "$user" right rsa2048 || { cat "$work/said"; fail "$user does not log in"; }
    ! logs_in "$user" wrong rsa2048 || { cat "$work/said"; fail "$user logs in with a wrong password"; }
    grep -q 'authentication' "$work/said" || { cat "$work/said"; fail "a wrong password is not named as the reason"; }
    passed=$((passed + 2))
  done
  chmod 600 "$work"/{rsa2048,encrypted}.key
  for user in "&sslkey=$work/rsa2048.key" "&sslkey=$work/encrypted.key&sslpassword=x"; do
    logs_in here '' rsa2048 "&sslcert=$work/rsa2048.pem$user" || { cat "$work/said"; fail "a client's certificate with $user does not log in"; }
    passed=$((passed + 1))
  done
  ! logs_in scram right p256 || { cat "$work/said"; fail "a database that nobody vouches for is talked to"; }
  passed=$((passed + 1))
  say "PostgreSQL over TLS with SCRAM, MD5 and a client's certificate"
}

keys=(rsa2048 rsa4096 pss p256 p384 p521 ed25519 ed448)
for name in "${keys[@]}"; do make_certificate "$name"; done
openssl pkey -aes256 -passout pass:x -in "$work/rsa2048.key" -out "$work/encrypted.key"
prove_suites
prove_certificates
prove_groups
prove_client_keys
prove_refusals
prove_postgres
say "$passed passed"
