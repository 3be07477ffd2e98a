/* What of libcrypto and libssl nobody here comes to, and what only a table, an initialiser or a switch of OpenSSL's own
   keeps alive. An executable's own objects are linked before the archives that have these, so what stands here is never
   pulled, nor what it alone would need. Each fails as OpenSSL fails; what is called on the way to a connection does
   nothing, and says that it is done. The algorithms themselves are chosen in openssl-provider.c. */
#include <openssl/evp.h>
#include <stddef.h>

#define ABSENT_NUMBER(name, value) \
  int name(void) { return value; }
#define ABSENT_POINTER(name) \
  void* name(void) { return NULL; }
#define ABSENT_ACTION(name) \
  void name(void) {}

/* Names of OpenSSL 1's algorithms: certificates name their digests so. Ciphers are found at the provider. */
void openssl_add_all_ciphers_int(void) {}
void openssl_add_all_digests_int(void) {
  const EVP_MD* (*const kept[])(void) = {EVP_md5,      EVP_md5_sha1, EVP_sha1,       EVP_sha224,     EVP_sha256,
                                         EVP_sha384,   EVP_sha512,   EVP_sha512_224, EVP_sha512_256, EVP_sha3_224,
                                         EVP_sha3_256, EVP_sha3_384, EVP_sha3_512,   EVP_shake128,   EVP_shake256};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; ++i) EVP_add_digest(kept[i]());
}

/* Engines, which 3.0 has providers instead of. */
ABSENT_ACTION(engine_load_afalg_int)
ABSENT_ACTION(engine_load_dynamic_int)
ABSENT_ACTION(engine_load_openssl_int)
ABSENT_ACTION(engine_load_padlock_int)
ABSENT_ACTION(engine_load_rdrand_int)

/* P-256 by the portable code, constant-time too, which libcrypto has besides: without 150 kB of the assembler's table.
   P-224 by the code for any prime, since only a signature can ask for it, and curves over binary fields not at all: no
   TLS client offers them. */
typedef struct ec_method_st EC_METHOD;
typedef struct ec_pre_comp_st EC_PRE_COMP;
const EC_METHOD* EC_GFp_mont_method(void);
#ifdef __x86_64__
const EC_METHOD* EC_GFp_nistp256_method(void);
const EC_METHOD* EC_GFp_nistz256_method(void) { return EC_GFp_nistp256_method(); }
EC_PRE_COMP* EC_nistz256_pre_comp_dup(EC_PRE_COMP* computed) { return computed; }
ABSENT_ACTION(EC_nistz256_pre_comp_free)
#endif
const EC_METHOD* EC_GFp_nistp224_method(void) { return EC_GFp_mont_method(); }
EC_PRE_COMP* EC_nistp224_pre_comp_dup(EC_PRE_COMP* computed) { return computed; }
ABSENT_ACTION(EC_nistp224_pre_comp_free)
ABSENT_POINTER(EC_GF2m_simple_method)
ABSENT_NUMBER(ossl_sm2_key_private_check, 0)

/* What the errors of parts say that are not here. */
ABSENT_NUMBER(ossl_err_load_ASYNC_strings, 1)
ABSENT_NUMBER(ossl_err_load_CMP_strings, 1)
ABSENT_NUMBER(ossl_err_load_CMS_strings, 1)
ABSENT_NUMBER(ossl_err_load_COMP_strings, 1)
ABSENT_NUMBER(ossl_err_load_CRMF_strings, 1)
ABSENT_NUMBER(ossl_err_load_CT_strings, 1)
ABSENT_NUMBER(ossl_err_load_DSA_strings, 1)
ABSENT_NUMBER(ossl_err_load_ESS_strings, 1)
ABSENT_NUMBER(ossl_err_load_HTTP_strings, 1)
ABSENT_NUMBER(ossl_err_load_OCSP_strings, 1)
ABSENT_NUMBER(ossl_err_load_PKCS7_strings, 1)
ABSENT_NUMBER(ossl_err_load_SM2_strings, 1)
ABSENT_NUMBER(ossl_err_load_TS_strings, 1)

/* Certificates and revocation lists by URL. */
ABSENT_POINTER(OSSL_HTTP_get)

/* Stores of keys and certificates by URI; files of certificates are read without. */
ABSENT_ACTION(OSSL_STORE_INFO_free)
ABSENT_POINTER(OSSL_STORE_INFO_get0_CERT)
ABSENT_POINTER(OSSL_STORE_INFO_get0_CRL)
ABSENT_POINTER(OSSL_STORE_INFO_get0_NAME)
ABSENT_NUMBER(OSSL_STORE_INFO_get_type, 0)
ABSENT_POINTER(OSSL_STORE_SEARCH_by_name)
ABSENT_ACTION(OSSL_STORE_SEARCH_free)
ABSENT_NUMBER(OSSL_STORE_close, 1)
ABSENT_NUMBER(OSSL_STORE_eof, 1)
ABSENT_NUMBER(OSSL_STORE_error, 1)
ABSENT_NUMBER(OSSL_STORE_find, 0)
ABSENT_POINTER(OSSL_STORE_load)
ABSENT_POINTER(OSSL_STORE_open)
ABSENT_POINTER(OSSL_STORE_open_ex)
ABSENT_ACTION(ossl_store_cleanup_int)
ABSENT_NUMBER(ossl_store_loader_store_cache_flush, 1)
ABSENT_NUMBER(ossl_store_loader_store_remove_all_provided, 1)

/* PKCS#7 and PKCS#12. A key that is encrypted by PBES2 (AES, PBKDF2) can be read without. */
ABSENT_NUMBER(PKCS12_PBE_keyivgen, 0)
ABSENT_NUMBER(PKCS12_PBE_keyivgen_ex, 0)
ABSENT_ACTION(PKCS12_SAFEBAG_free)
ABSENT_POINTER(PKCS12_add_cert)
ABSENT_ACTION(PKCS12_free)
ABSENT_POINTER(PKCS12_get_friendlyname)
ABSENT_NUMBER(PKCS12_parse, 0)
ABSENT_POINTER(PKCS7_ISSUER_AND_SERIAL_it)
ABSENT_POINTER(PKCS7_it)
ABSENT_POINTER(d2i_PKCS12_bio)
ABSENT_POINTER(d2i_PKCS12_fp)
ABSENT_POINTER(d2i_PKCS7)
ABSENT_NUMBER(i2d_PKCS7, -1)
ABSENT_ACTION(ossl_pkcs7_resolve_libctx)

/* Stapled answers of OCSP, which no context here asks for. */
ABSENT_ACTION(OCSP_BASICRESP_free)
ABSENT_ACTION(OCSP_CERTID_free)
ABSENT_POINTER(OCSP_CRLID_it)
ABSENT_ACTION(OCSP_RESPID_free)
ABSENT_ACTION(OCSP_RESPONSE_free)
ABSENT_POINTER(OCSP_SERVICELOC_it)
ABSENT_POINTER(OCSP_SINGLERESP_get1_ext_d2i)
ABSENT_NUMBER(OCSP_basic_verify, 0)
ABSENT_POINTER(OCSP_cert_to_id)
ABSENT_NUMBER(OCSP_check_validity, 0)
ABSENT_NUMBER(OCSP_resp_count, -1)
ABSENT_NUMBER(OCSP_resp_find_status, 0)
ABSENT_POINTER(OCSP_resp_get0)
ABSENT_POINTER(OCSP_response_get1_basic)
ABSENT_NUMBER(OCSP_response_status, -1)
ABSENT_POINTER(d2i_OCSP_RESPID)
ABSENT_POINTER(d2i_OCSP_RESPONSE)
ABSENT_NUMBER(i2d_OCSP_RESPID, -1)

/* Secure Remote Password: without a user nothing of it is offered, and a context wants to be told that it is ready. */
ABSENT_NUMBER(srp_generate_client_master_secret, 0)
ABSENT_NUMBER(srp_generate_server_master_secret, 0)
ABSENT_NUMBER(srp_verify_server_param, 0)
ABSENT_NUMBER(ssl_ctx_srp_ctx_free_intern, 1)
ABSENT_NUMBER(ssl_ctx_srp_ctx_init_intern, 1)
ABSENT_NUMBER(ssl_srp_calc_a_param_intern, 0)
ABSENT_NUMBER(ssl_srp_ctx_free_intern, 1)
ABSENT_NUMBER(ssl_srp_ctx_init_intern, 1)
ABSENT_NUMBER(ssl_srp_server_param_with_username_intern, 3) /* SSL3_AL_FATAL's caller ends the handshake */
