/* The names of capabilities(7); their numbers are the kernel's. */
#ifndef LANG_CAPABILITY_H
#define LANG_CAPABILITY_H

#include <stdbool.h>

/* "CAP_NET_ADMIN" -> 12; false when there is none such. */
bool capability_find(const char *name, unsigned *ret);

/* "?" for a number without a name. */
const char *capability_name(unsigned number);

/* By number, NULL-terminated. */
extern const char *const capability_words[];

#endif
