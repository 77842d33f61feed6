#include "config.h"

#include <sys/stat.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "jaild/log.h"

static bool to_stderr;
static enum log_level threshold = LOG_LEVEL_INFO;

static const int priorities[] = {
	[LOG_LEVEL_ERROR] = LOG_ERR,
	[LOG_LEVEL_WARNING] = LOG_WARNING,
	[LOG_LEVEL_INFO] = LOG_INFO,
	[LOG_LEVEL_DEBUG] = LOG_DEBUG,
};

/* Is standard error the journal of systemd, which gets all lines by syslog
 * already?  $JOURNAL_STREAM of systemd.exec(5) says which file that is. */
static bool
stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	return stream != NULL &&
	    sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	    fstat(STDERR_FILENO, &status) == 0 &&
	    status.st_dev == device && status.st_ino == inode;
}

void
log_open(bool foreground, enum log_level level)
{
	to_stderr = foreground && !stderr_is_journal();
	threshold = level;
	openlog("jaild", LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
}

void
log_line(enum log_level level, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	if (level > threshold)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* One line whatever it came from. */
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = *p == '\t' ? ' ' : '?';
	syslog(priorities[level], "%s", text);
	if (to_stderr)
		fprintf(stderr, "jaild: %s\n", text);
}
