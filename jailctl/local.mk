# The administrator's tool.
sbin_PROGRAMS += jailctl/jailctl
jailctl_jailctl_SOURCES = \
	jailctl/arguments.c \
	jailctl/check.c \
	jailctl/explain.c \
	jailctl/jailctl.h \
	jailctl/main.c \
	jailctl/settings.c
jailctl_jailctl_CPPFLAGS = $(AM_CPPFLAGS) \
	-DJAILD_SECUREDIR='"$(securedir)"'
jailctl_jailctl_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(CAP_CFLAGS) \
	$(LIBCONFIG_CFLAGS) $(PIE_CFLAGS)
jailctl_jailctl_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
jailctl_jailctl_LDADD = libbuild.la libconfigfile.la libjailenter.la \
	liblang.la libcommon.la $(JANSSON_LIBS) $(PAM_LIBS) $(AUDIT_LIBS)

TESTS += tests/test-jailctl
dist_check_SCRIPTS += tests/test-jailctl
