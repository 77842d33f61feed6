# The administrator's tool.
sbin_PROGRAMS += jailctl/jailctl
jailctl_jailctl_SOURCES = \
	jailctl/arguments.c \
	jailctl/check.c \
	jailctl/control.c jailctl/control.h \
	jailctl/exec.c jailctl/exec.h \
	jailctl/exec_child.c \
	jailctl/exec_pipes.c \
	jailctl/exec_relay.c \
	jailctl/exec_session.c \
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

# The PAM stack of `jailctl exec`.  A file that is there is the
# administrator's: it is not overwritten, and removed only unchanged.
EXTRA_DIST += config/jailctl.pam
jailctl_pam = '$(DESTDIR)$(sysconfdir)/pam.d/jailctl'

.PHONY: install-jailctl-pam uninstall-jailctl-pam
install-data-local: install-jailctl-pam
install-jailctl-pam:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/pam.d'
	if test -e $(jailctl_pam) || test -L $(jailctl_pam); then \
	  echo keeping $(jailctl_pam); \
	else \
	  $(INSTALL_DATA) '$(srcdir)/config/jailctl.pam' $(jailctl_pam); \
	fi

uninstall-local: uninstall-jailctl-pam
uninstall-jailctl-pam:
	if cmp -s '$(srcdir)/config/jailctl.pam' $(jailctl_pam); then \
	  rm -f $(jailctl_pam); \
	fi
	-rmdir '$(DESTDIR)$(sysconfdir)/pam.d' 2>/dev/null
