/* In PCRE's place, which is 430 kB of an executable. Nothing of ours uses a regular expression; Poco itself does in one
   place that we reach: it counts the placeholders of a statement for PostgreSQL. That expression is matched here, and any
   other is refused as PCRE refuses a faulty one, so that Poco throws. */
#include <pcre.h>
#include <stddef.h>
#include <string.h>

static const char placeholder[] = "[$][0-9]+";

static void keep(void *expression) { (void)expression; }
void (*pcre_free)(void *) = keep;

pcre *pcre_compile(const char *pattern, int options, const char **error, int *offset, const unsigned char *tables) {
  (void)tables;
  if (options == 0 && strcmp(pattern, placeholder) == 0) return (pcre *)placeholder;
  *error = "regular expressions are not part of this build";
  *offset = 0;
  return NULL;
}

/* Nothing to find out about an expression, which is no error. */
pcre_extra *pcre_study(const pcre *expression, int options, const char **error) {
  (void)expression;
  (void)options;
  *error = NULL;
  return NULL;
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* 1: the expression as a whole, which has no groups, was found from found[0] to before found[1]. */
int pcre_exec(const pcre *expression, const pcre_extra *studied, const char *text, int size, int from, int options,
              int *found, int room) {
  (void)expression;
  (void)studied;
  (void)options;
  if (room < 2) return 0;
  for (int at = from; at + 1 < size; ++at) {
    if (text[at] != '$' || !is_digit(text[at + 1])) continue;
    int end = at + 2;
    while (end < size && is_digit(text[end])) ++end;
    found[0] = at;
    found[1] = end;
    return 1;
  }
  return PCRE_ERROR_NOMATCH;
}
