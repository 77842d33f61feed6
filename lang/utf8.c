#include "config.h"

#include "common/cleanup.h"
#include "lang/utf8.h"

/* Characters that take no cell or two of a terminal; all others take one. */
static const struct {
	uint32_t first, last;
	unsigned width;
} widths[] = {
	{ 0x0300, 0x036f, 0 }, { 0x1100, 0x115f, 2 }, { 0x200b, 0x200f, 0 },
	{ 0x202a, 0x202e, 0 }, { 0x2e80, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 },
	{ 0xf900, 0xfaff, 2 }, { 0xfe00, 0xfe0f, 0 }, { 0xfe30, 0xfe6f, 2 },
	{ 0xfeff, 0xfeff, 0 }, { 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 },
	{ 0x1f300, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 },
};

/* First byte & mask == bits: a character of length bytes, least at least. */
static const struct {
	unsigned char mask, bits;
	unsigned length;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

unsigned
utf8_decode(const char *text, size_t length, uint32_t *ret_code)
{
	const unsigned char *bytes = (const unsigned char *)text;
	uint32_t code;
	size_t i = 0;

	if (length == 0)
		return 0;
	while (i < ARRAY_LENGTH(forms) &&
	    (bytes[0] & forms[i].mask) != forms[i].bits)
		i++;
	if (i == ARRAY_LENGTH(forms) || forms[i].length > length)
		return 0;
	code = bytes[0] & (unsigned char)~forms[i].mask;
	for (unsigned k = 1; k < forms[i].length; k++) {
		if ((bytes[k] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[k] & 0x3f);
	}
	if (code < forms[i].least || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return forms[i].length;
}

unsigned
utf8_length(const char *text)
{
	uint32_t code;
	unsigned length = utf8_decode(text, 4, &code);

	return length == 0 ? 1 : length;
}

unsigned
utf8_width(const char *text)
{
	uint32_t code;

	if (utf8_decode(text, 4, &code) == 0)
		return 1;
	for (size_t i = 0; i < ARRAY_LENGTH(widths); i++)
		if (code >= widths[i].first && code <= widths[i].last)
			return widths[i].width;
	return 1;
}
