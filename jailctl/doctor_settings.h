/* Settings of the kernel that the doctor looks at and lockdown changes. */
#ifndef JAILCTL_DOCTOR_SETTINGS_H
#define JAILCTL_DOCTOR_SETTINGS_H

#include "jailctl/doctor.h"

struct setting {
	enum finding finding;
	const char *name;	/* as sysctl(8) writes it */
	bool (*open)(const char *value);
	const char *closed;	/* the value that closes the finding */
	const char *text;	/* what an open value means */
};

#define SETTINGS_MAX 8
extern const struct setting settings[SETTINGS_MAX]; /* to the first NULL */

/* Reads the value of a setting, without the newline; "" when the kernel does
 * not have it. */
#define SETTING_VALUE_MAX 256
void setting_read(const char *name, char ret_value[SETTING_VALUE_MAX]);
/* 0 or -errno. */
int setting_write(const char *name, const char *value);

#endif
