/* In the place of OpenSSL's default provider, whose table keeps every algorithm of libcrypto.a alive: what TLS 1.2
   and 1.3 with the default suites, X.509, PostgreSQL's ways of logging in and our own signatures need, and nothing
   else. An algorithm that is missing here is "unsupported" to OpenSSL, and a suite that needs it is not offered. Names
   and properties are OpenSSL's own: it finds an algorithm by each name between colons, and a decoder by its properties.
   What is declared here is inside libcrypto and the same in all of 3.0; a name that is gone does not link. */
#include <openssl/bio.h>
#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <stddef.h>

#if OPENSSL_VERSION_MAJOR != 3 || OPENSSL_VERSION_MINOR != 0
#error "these tables are those of OpenSSL 3.0"
#endif

typedef struct prov_ctx_st PROV_CTX;
PROV_CTX* ossl_prov_ctx_new(void);
void ossl_prov_ctx_free(PROV_CTX* context);
void ossl_prov_ctx_set0_libctx(PROV_CTX* context, OSSL_LIB_CTX* library);
void ossl_prov_ctx_set0_handle(PROV_CTX* context, const OSSL_CORE_HANDLE* handle);
void ossl_prov_ctx_set0_core_bio_method(PROV_CTX* context, BIO_METHOD* method);
BIO_METHOD* ossl_prov_ctx_get0_core_bio_method(PROV_CTX* context);
BIO_METHOD* ossl_bio_prov_init_bio_method(void);
int ossl_prov_bio_from_dispatch(const OSSL_DISPATCH* functions);
int ossl_prov_seeding_from_dispatch(const OSSL_DISPATCH* functions);
OSSL_FUNC_provider_get_capabilities_fn ossl_prov_get_capabilities;

typedef const OSSL_DISPATCH functions[];
#define DEFAULT "provider=default"
#define END \
  { NULL, NULL, NULL, NULL }

extern functions ossl_sha1_functions, ossl_sha224_functions, ossl_sha256_functions, ossl_sha384_functions,
    ossl_sha512_functions, ossl_sha512_224_functions, ossl_sha512_256_functions, ossl_sha3_224_functions,
    ossl_sha3_256_functions, ossl_sha3_384_functions, ossl_sha3_512_functions, ossl_shake_128_functions,
    ossl_shake_256_functions, ossl_md5_functions, ossl_md5_sha1_functions, ossl_nullmd_functions;
static const OSSL_ALGORITHM digests[] = {
    {"SHA1:SHA-1:SSL3-SHA1:1.3.14.3.2.26", DEFAULT, ossl_sha1_functions, NULL},
    {"SHA2-224:SHA-224:SHA224:2.16.840.1.101.3.4.2.4", DEFAULT, ossl_sha224_functions, NULL},
    {"SHA2-256:SHA-256:SHA256:2.16.840.1.101.3.4.2.1", DEFAULT, ossl_sha256_functions, NULL},
    {"SHA2-384:SHA-384:SHA384:2.16.840.1.101.3.4.2.2", DEFAULT, ossl_sha384_functions, NULL},
    {"SHA2-512:SHA-512:SHA512:2.16.840.1.101.3.4.2.3", DEFAULT, ossl_sha512_functions, NULL},
    {"SHA2-512/224:SHA-512/224:SHA512-224:2.16.840.1.101.3.4.2.5", DEFAULT, ossl_sha512_224_functions, NULL},
    {"SHA2-512/256:SHA-512/256:SHA512-256:2.16.840.1.101.3.4.2.6", DEFAULT, ossl_sha512_256_functions, NULL},
    {"SHA3-224:2.16.840.1.101.3.4.2.7", DEFAULT, ossl_sha3_224_functions, NULL},
    {"SHA3-256:2.16.840.1.101.3.4.2.8", DEFAULT, ossl_sha3_256_functions, NULL},
    {"SHA3-384:2.16.840.1.101.3.4.2.9", DEFAULT, ossl_sha3_384_functions, NULL},
    {"SHA3-512:2.16.840.1.101.3.4.2.10", DEFAULT, ossl_sha3_512_functions, NULL},
    {"SHAKE-128:SHAKE128:2.16.840.1.101.3.4.2.11", DEFAULT, ossl_shake_128_functions, NULL},
    {"SHAKE-256:SHAKE256:2.16.840.1.101.3.4.2.12", DEFAULT, ossl_shake_256_functions, NULL}, /* Ed448 */
    {"MD5:SSL3-MD5:1.2.840.113549.2.5", DEFAULT, ossl_md5_functions, NULL},
    {"MD5-SHA1", DEFAULT, ossl_md5_sha1_functions, NULL},
    {"NULL", DEFAULT, ossl_nullmd_functions, NULL},
    END};

extern functions ossl_null_functions, ossl_aes256ecb_functions, ossl_aes192ecb_functions, ossl_aes128ecb_functions,
    ossl_aes256cbc_functions, ossl_aes192cbc_functions, ossl_aes128cbc_functions, ossl_aes256ctr_functions,
    ossl_aes192ctr_functions, ossl_aes128ctr_functions, ossl_aes256gcm_functions, ossl_aes192gcm_functions,
    ossl_aes128gcm_functions, ossl_chacha20_ossl_poly1305_functions;
static const OSSL_ALGORITHM ciphers[] = {
    {"NULL", DEFAULT, ossl_null_functions, NULL},
    {"AES-256-ECB:2.16.840.1.101.3.4.1.41", DEFAULT, ossl_aes256ecb_functions, NULL},
    {"AES-192-ECB:2.16.840.1.101.3.4.1.21", DEFAULT, ossl_aes192ecb_functions, NULL},
    {"AES-128-ECB:2.16.840.1.101.3.4.1.1", DEFAULT, ossl_aes128ecb_functions, NULL},
    {"AES-256-CBC:AES256:2.16.840.1.101.3.4.1.42", DEFAULT, ossl_aes256cbc_functions, NULL},
    {"AES-192-CBC:AES192:2.16.840.1.101.3.4.1.22", DEFAULT, ossl_aes192cbc_functions, NULL},
    {"AES-128-CBC:AES128:2.16.840.1.101.3.4.1.2", DEFAULT, ossl_aes128cbc_functions, NULL},
    {"AES-256-CTR", DEFAULT, ossl_aes256ctr_functions, NULL},
    {"AES-192-CTR", DEFAULT, ossl_aes192ctr_functions, NULL},
    {"AES-128-CTR", DEFAULT, ossl_aes128ctr_functions, NULL},
    {"AES-256-GCM:id-aes256-GCM:2.16.840.1.101.3.4.1.46", DEFAULT, ossl_aes256gcm_functions, NULL},
    {"AES-192-GCM:id-aes192-GCM:2.16.840.1.101.3.4.1.26", DEFAULT, ossl_aes192gcm_functions, NULL},
    {"AES-128-GCM:id-aes128-GCM:2.16.840.1.101.3.4.1.6", DEFAULT, ossl_aes128gcm_functions, NULL},
    {"ChaCha20-Poly1305", DEFAULT, ossl_chacha20_ossl_poly1305_functions, NULL},
    END};

extern functions ossl_hmac_functions;
static const OSSL_ALGORITHM macs[] = {{"HMAC", DEFAULT, ossl_hmac_functions, NULL}, END};

/* PBKDF2: the client key of a database may be encrypted, and its password stand in database.url. */
extern functions ossl_kdf_hkdf_functions, ossl_kdf_tls1_3_kdf_functions, ossl_kdf_pbkdf2_functions,
    ossl_kdf_tls1_prf_functions;
static const OSSL_ALGORITHM kdfs[] = {{"HKDF", DEFAULT, ossl_kdf_hkdf_functions, NULL},
                                      {"TLS13-KDF", DEFAULT, ossl_kdf_tls1_3_kdf_functions, NULL},
                                      {"PBKDF2:1.2.840.113549.1.5.12", DEFAULT, ossl_kdf_pbkdf2_functions, NULL},
                                      {"TLS1-PRF", DEFAULT, ossl_kdf_tls1_prf_functions, NULL},
                                      END};

extern functions ossl_drbg_ctr_functions, ossl_seed_src_functions;
static const OSSL_ALGORITHM rands[] = {
    {"CTR-DRBG", DEFAULT, ossl_drbg_ctr_functions, NULL}, {"SEED-SRC", DEFAULT, ossl_seed_src_functions, NULL}, END};

extern functions ossl_dh_keyexch_functions, ossl_ecdh_keyexch_functions, ossl_x25519_keyexch_functions,
    ossl_x448_keyexch_functions;
static const OSSL_ALGORITHM exchanges[] = {
    {"DH:dhKeyAgreement:1.2.840.113549.1.3.1", DEFAULT, ossl_dh_keyexch_functions, NULL},
    {"ECDH", DEFAULT, ossl_ecdh_keyexch_functions, NULL},
    {"X25519:1.3.101.110", DEFAULT, ossl_x25519_keyexch_functions, NULL},
    {"X448:1.3.101.111", DEFAULT, ossl_x448_keyexch_functions, NULL},
    END};

#define RSA_NAMES "RSA:rsaEncryption:1.2.840.113549.1.1.1"
extern functions ossl_rsa_signature_functions, ossl_ed25519_signature_functions, ossl_ed448_signature_functions,
    ossl_ecdsa_signature_functions, ossl_mac_legacy_hmac_signature_functions;
static const OSSL_ALGORITHM signatures[] = {{RSA_NAMES, DEFAULT, ossl_rsa_signature_functions, NULL},
                                            {"ED25519:1.3.101.112", DEFAULT, ossl_ed25519_signature_functions, NULL},
                                            {"ED448:1.3.101.113", DEFAULT, ossl_ed448_signature_functions, NULL},
                                            {"ECDSA", DEFAULT, ossl_ecdsa_signature_functions, NULL},
                                            {"HMAC", DEFAULT, ossl_mac_legacy_hmac_signature_functions,
                                             NULL}, /* how libssl authenticates a record of a CBC suite */
                                            END};

extern functions ossl_rsa_asym_cipher_functions;
static const OSSL_ALGORITHM asymmetric[] = {{RSA_NAMES, DEFAULT, ossl_rsa_asym_cipher_functions, NULL}, END};

extern functions ossl_dh_keymgmt_functions, ossl_rsa_keymgmt_functions, ossl_rsapss_keymgmt_functions,
    ossl_ec_keymgmt_functions, ossl_x25519_keymgmt_functions, ossl_x448_keymgmt_functions,
    ossl_ed25519_keymgmt_functions, ossl_ed448_keymgmt_functions, ossl_mac_legacy_keymgmt_functions;
static const OSSL_ALGORITHM keys[] = {
    {"DH:dhKeyAgreement:1.2.840.113549.1.3.1", DEFAULT, ossl_dh_keymgmt_functions, NULL},
    {RSA_NAMES, DEFAULT, ossl_rsa_keymgmt_functions, NULL},
    {"RSA-PSS:RSASSA-PSS:1.2.840.113549.1.1.10", DEFAULT, ossl_rsapss_keymgmt_functions, NULL},
    {"EC:id-ecPublicKey:1.2.840.10045.2.1", DEFAULT, ossl_ec_keymgmt_functions, NULL},
    {"X25519:1.3.101.110", DEFAULT, ossl_x25519_keymgmt_functions, NULL},
    {"X448:1.3.101.111", DEFAULT, ossl_x448_keymgmt_functions, NULL},
    {"ED25519:1.3.101.112", DEFAULT, ossl_ed25519_keymgmt_functions, NULL},
    {"ED448:1.3.101.113", DEFAULT, ossl_ed448_keymgmt_functions, NULL},
    {"HMAC", DEFAULT, ossl_mac_legacy_keymgmt_functions, NULL},
    END};

/* PKCS#8, SPKI, and the older forms of RSA's and EC's private keys; each found out from DER, and that from PEM. */
#define DER(structure) "provider=default,fips=yes,input=der,structure=" structure
#define PKCS8 DER("PrivateKeyInfo")
#define SPKI DER("SubjectPublicKeyInfo")
#define OLDER DER("type-specific")
extern functions ossl_PrivateKeyInfo_der_to_ec_decoder_functions, ossl_SubjectPublicKeyInfo_der_to_ec_decoder_functions,
    ossl_type_specific_no_pub_der_to_ec_decoder_functions, ossl_EC_der_to_ec_decoder_functions,
    ossl_PrivateKeyInfo_der_to_ed25519_decoder_functions, ossl_SubjectPublicKeyInfo_der_to_ed25519_decoder_functions,
    ossl_PrivateKeyInfo_der_to_ed448_decoder_functions, ossl_SubjectPublicKeyInfo_der_to_ed448_decoder_functions,
    ossl_PrivateKeyInfo_der_to_rsa_decoder_functions, ossl_SubjectPublicKeyInfo_der_to_rsa_decoder_functions,
    ossl_type_specific_keypair_der_to_rsa_decoder_functions, ossl_RSA_der_to_rsa_decoder_functions,
    ossl_PrivateKeyInfo_der_to_rsapss_decoder_functions, ossl_SubjectPublicKeyInfo_der_to_rsapss_decoder_functions,
    ossl_SubjectPublicKeyInfo_der_to_der_decoder_functions, ossl_EncryptedPrivateKeyInfo_der_to_der_decoder_functions,
    ossl_pem_to_der_decoder_functions;
static const OSSL_ALGORITHM decoders[] = {
    {"EC", PKCS8, ossl_PrivateKeyInfo_der_to_ec_decoder_functions, NULL},
    {"EC", SPKI, ossl_SubjectPublicKeyInfo_der_to_ec_decoder_functions, NULL},
    {"EC", OLDER, ossl_type_specific_no_pub_der_to_ec_decoder_functions, NULL},
    {"EC", DER("ec"), ossl_EC_der_to_ec_decoder_functions, NULL},
    {"ED25519", PKCS8, ossl_PrivateKeyInfo_der_to_ed25519_decoder_functions, NULL},
    {"ED25519", SPKI, ossl_SubjectPublicKeyInfo_der_to_ed25519_decoder_functions, NULL},
    {"ED448", PKCS8, ossl_PrivateKeyInfo_der_to_ed448_decoder_functions, NULL},
    {"ED448", SPKI, ossl_SubjectPublicKeyInfo_der_to_ed448_decoder_functions, NULL},
    {"RSA", PKCS8, ossl_PrivateKeyInfo_der_to_rsa_decoder_functions, NULL},
    {"RSA", SPKI, ossl_SubjectPublicKeyInfo_der_to_rsa_decoder_functions, NULL},
    {"RSA", OLDER, ossl_type_specific_keypair_der_to_rsa_decoder_functions, NULL},
    {"RSA", DER("rsa"), ossl_RSA_der_to_rsa_decoder_functions, NULL},
    {"RSA-PSS", PKCS8, ossl_PrivateKeyInfo_der_to_rsapss_decoder_functions, NULL},
    {"RSA-PSS", SPKI, ossl_SubjectPublicKeyInfo_der_to_rsapss_decoder_functions, NULL},
    {"DER", SPKI, ossl_SubjectPublicKeyInfo_der_to_der_decoder_functions, NULL},
    {"DER", DER("EncryptedPrivateKeyInfo"), ossl_EncryptedPrivateKeyInfo_der_to_der_decoder_functions, NULL},
    {"DER", "provider=default,fips=yes,input=pem", ossl_pem_to_der_decoder_functions, NULL},
    END};

#ifdef BATON_WRITES_KEYS
/* The tests make keys and certificates; the product writes public keys by itself. */
extern functions ossl_ec_to_PrivateKeyInfo_pem_encoder_functions, ossl_ec_to_PrivateKeyInfo_der_encoder_functions,
    ossl_ec_to_EncryptedPrivateKeyInfo_pem_encoder_functions, ossl_ec_to_SubjectPublicKeyInfo_der_encoder_functions;
#define WRITES(form, structure) "provider=default,fips=yes,output=" form ",structure=" structure
static const OSSL_ALGORITHM encoders[] = {
    {"EC", WRITES("pem", "PrivateKeyInfo"), ossl_ec_to_PrivateKeyInfo_pem_encoder_functions, NULL},
    {"EC", WRITES("der", "PrivateKeyInfo"), ossl_ec_to_PrivateKeyInfo_der_encoder_functions, NULL},
    {"EC", WRITES("pem", "EncryptedPrivateKeyInfo"), ossl_ec_to_EncryptedPrivateKeyInfo_pem_encoder_functions, NULL},
    {"EC", WRITES("der", "SubjectPublicKeyInfo"), ossl_ec_to_SubjectPublicKeyInfo_der_encoder_functions, NULL},
    END};
#else
static const OSSL_ALGORITHM encoders[] = {END};
#endif

static const OSSL_ALGORITHM* query(void* provider, int operation, int* no_cache) {
  (void)provider;
  *no_cache = 0;
  switch (operation) {
    case OSSL_OP_DIGEST:
      return digests;
    case OSSL_OP_CIPHER:
      return ciphers;
    case OSSL_OP_MAC:
      return macs;
    case OSSL_OP_KDF:
      return kdfs;
    case OSSL_OP_RAND:
      return rands;
    case OSSL_OP_KEYMGMT:
      return keys;
    case OSSL_OP_KEYEXCH:
      return exchanges;
    case OSSL_OP_SIGNATURE:
      return signatures;
    case OSSL_OP_ASYM_CIPHER:
      return asymmetric;
    case OSSL_OP_DECODER:
      return decoders;
    case OSSL_OP_ENCODER:
      return encoders;
    default:
      return NULL;
  }
}

static void teardown(void* provider) {
  BIO_meth_free(ossl_prov_ctx_get0_core_bio_method(provider));
  ossl_prov_ctx_free(provider);
}

static OSSL_LIB_CTX* library_of(const OSSL_CORE_HANDLE* core, const OSSL_DISPATCH* offered) {
  for (; offered->function_id != 0; ++offered) {
    if (offered->function_id == OSSL_FUNC_CORE_GET_LIBCTX)
      return (OSSL_LIB_CTX*)OSSL_FUNC_core_get_libctx(offered)(core);
  }
  return NULL;
}

OSSL_provider_init_fn ossl_default_provider_init;
int ossl_default_provider_init(const OSSL_CORE_HANDLE* core, const OSSL_DISPATCH* offered, const OSSL_DISPATCH** given,
                               void** provider) {
  static const OSSL_DISPATCH ours[] = {
      {OSSL_FUNC_PROVIDER_TEARDOWN, (void (*)(void))teardown},
      {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
      {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))ossl_prov_get_capabilities},
      {0, NULL}};
  if (!ossl_prov_bio_from_dispatch(offered) || !ossl_prov_seeding_from_dispatch(offered)) return 0;
  PROV_CTX* const made = ossl_prov_ctx_new();
  BIO_METHOD* const method = made == NULL ? NULL : ossl_bio_prov_init_bio_method();
  if (method == NULL) {
    ossl_prov_ctx_free(made);
    return 0;
  }
  ossl_prov_ctx_set0_libctx(made, library_of(core, offered));
  ossl_prov_ctx_set0_handle(made, core);
  ossl_prov_ctx_set0_core_bio_method(made, method);
  *provider = made;
  *given = ours;
  return 1;
}

/* Base: what reads and writes keys, for a configuration that names no other provider. Null: nothing at all. */
OSSL_provider_init_fn ossl_base_provider_init, ossl_null_provider_init;
int ossl_base_provider_init(const OSSL_CORE_HANDLE* core, const OSSL_DISPATCH* offered, const OSSL_DISPATCH** given,
                            void** provider) {
  (void)core, (void)offered, (void)given, (void)provider;
  return 0;
}
int ossl_null_provider_init(const OSSL_CORE_HANDLE* core, const OSSL_DISPATCH* offered, const OSSL_DISPATCH** given,
                            void** provider) {
  return ossl_base_provider_init(core, offered, given, provider);
}
