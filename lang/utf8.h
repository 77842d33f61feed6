/* Just enough of UTF-8: is it valid, how long and how wide is a character. */
#ifndef LANG_UTF8_H
#define LANG_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the valid character at the front of length bytes (RFC 3629: the
 * shortest form, no surrogate); 0 when there is none. */
unsigned utf8_decode(const char *text, size_t length, uint32_t *ret_code);

/* Both for text that is known to be valid and not at its end. */
unsigned utf8_length(const char *text);
unsigned utf8_width(const char *text);	/* cells of a terminal: 0, 1 or 2 */

#endif
