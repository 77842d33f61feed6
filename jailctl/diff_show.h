/* What a file would become. */
#ifndef JAILCTL_DIFF_SHOW_H
#define JAILCTL_DIFF_SHOW_H

/* Shows on standard output, with diff(1), how the file at path changes from
 * one text to another.  0 or -errno. */
int diff_show(const char *path, const char *before, const char *after);

#endif
