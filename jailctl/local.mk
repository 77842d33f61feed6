# The administrator's tool.
sbin_PROGRAMS += jailctl/jailctl
jailctl_jailctl_SOURCES = \
	jailctl/arguments.c \
	jailctl/check.c \
	jailctl/control.c jailctl/control.h \
	jailctl/explain.c \
	jailctl/jail_table.c jailctl/jail_table.h \
	jailctl/jailctl.h \
	jailctl/list.c \
	jailctl/main.c \
	jailctl/reload.c \
	jailctl/settings.c \
	jailctl/show.c \
	jailctl/stop.c \
	jailctl/table.c jailctl/table.h
jailctl_jailctl_CPPFLAGS = $(AM_CPPFLAGS) \
	-DJAILD_SECUREDIR='"$(securedir)"'
jailctl_jailctl_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(CAP_CFLAGS) \
	$(LIBCONFIG_CFLAGS) $(PIE_CFLAGS)
jailctl_jailctl_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
jailctl_jailctl_LDADD = libbuild.la libconfigfile.la libjailenter.la \
	liblang.la libcommon.la $(JANSSON_LIBS) $(PAM_LIBS) $(AUDIT_LIBS)

TESTS += tests/test-jailctl
dist_check_SCRIPTS += tests/test-jailctl tests/jailctl-fake-jaild
