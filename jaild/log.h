/* What jaild says of itself: to syslog, and to standard error with -f. */
#ifndef JAILD_LOG_H
#define JAILD_LOG_H

#include <stdbool.h>

#include "config/config.h"

/* Once, at start and after a reload. */
void log_open(bool foreground, enum log_level level);

__attribute__((format(printf, 2, 3)))
void log_line(enum log_level level, const char *format, ...);

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_note(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
