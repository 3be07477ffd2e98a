/* Kerberos and LDAP, which Debian has no static libraries of: every call that libpq makes into them fails here, so that a
   connection that asks for them ends with libpq's own message. */
#include <stddef.h>

/* GSS_S_FAILURE of RFC 2744. */
enum { GSS_FAILURE = 13 << 16 };

void *GSS_C_NT_HOSTBASED_SERVICE = NULL;

#define ABSENT_GSS(name)                    \
  unsigned int name(unsigned int *minor) { \
    if (minor != NULL) *minor = 0;          \
    return GSS_FAILURE;                     \
  }
ABSENT_GSS(gss_acquire_cred)
ABSENT_GSS(gss_delete_sec_context)
ABSENT_GSS(gss_display_name)
ABSENT_GSS(gss_display_status)
ABSENT_GSS(gss_import_name)
ABSENT_GSS(gss_init_sec_context)
ABSENT_GSS(gss_inquire_cred)
ABSENT_GSS(gss_release_buffer)
ABSENT_GSS(gss_release_cred)
ABSENT_GSS(gss_release_name)
ABSENT_GSS(gss_unwrap)
ABSENT_GSS(gss_wrap)
ABSENT_GSS(gss_wrap_size_limit)

#define ABSENT_LDAP_NUMBER(name, value) \
  int name(void) { return value; }
#define ABSENT_LDAP_POINTER(name) \
  void *name(void) { return NULL; }
ABSENT_LDAP_NUMBER(ldap_count_entries, 0)
ABSENT_LDAP_NUMBER(ldap_msgfree, 0)
ABSENT_LDAP_NUMBER(ldap_result, -1)
ABSENT_LDAP_NUMBER(ldap_search_st, -1)
ABSENT_LDAP_NUMBER(ldap_set_option, -1)
ABSENT_LDAP_NUMBER(ldap_simple_bind, -1)
ABSENT_LDAP_NUMBER(ldap_unbind, 0)
ABSENT_LDAP_POINTER(ldap_first_entry)
ABSENT_LDAP_POINTER(ldap_get_values_len)
ABSENT_LDAP_POINTER(ldap_init)
char *ldap_err2string(int error) {
  (void)error;
  return (char *)"LDAP is not part of this build";
}
void ldap_value_free_len(void) {}
