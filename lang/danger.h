/* What no machine should give to an agent: said as a warning. */
#ifndef LANG_DANGER_H
#define LANG_DANGER_H

#include <stdbool.h>

/* Why the host's path, mounted writable or not, undoes the jail, as the end
 * of a sentence that begins with the path; NULL: nothing known. */
const char *danger_of_source(const char *source, bool writable);

/* The same for a device, whose path may be a glob. */
const char *danger_of_device(const char *path);

#endif
