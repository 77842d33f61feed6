# Entering a jail, without PAM: for the module and for `jailctl exec`.
noinst_LTLIBRARIES += libjailenter.la
libjailenter_la_SOURCES = \
	pam_module/jail_audit.c pam_module/jail_audit.h \
	pam_module/jail_enter.c pam_module/jail_enter.h \
	pam_module/jail_entry.c \
	pam_module/jail_session.c pam_module/jail_session.h \
	pam_module/jaild_client.c pam_module/jaild_client.h \
	pam_module/nss_freeze.c
libjailenter_la_CFLAGS = $(AM_CFLAGS)
libjailenter_la_LIBADD = libcommon.la $(AUDIT_LIBS)

secure_LTLIBRARIES += pam_module/pam_jail.la
pam_module_pam_jail_la_SOURCES = \
	pam_module/arguments.c pam_module/arguments.h \
	pam_module/caller.c pam_module/caller.h \
	pam_module/pam_jail.c
pam_module_pam_jail_la_LIBADD = libjailenter.la $(PAM_LIBS)
pam_module_pam_jail_la_LDFLAGS = $(AM_LDFLAGS) $(PACKED_LDFLAGS) \
	$(MODULE_LDFLAGS) -module -avoid-version -shared \
	-Wl,--version-script=$(srcdir)/pam_module/pam_jail.map
EXTRA_pam_module_pam_jail_la_DEPENDENCIES = pam_module/pam_jail.map
EXTRA_DIST += pam_module/pam_jail.map

# PAM loads the module by its path; nobody links with it.
install-data-hook: forget-module-la
uninstall-hook: uninstall-module
.PHONY: forget-module-la uninstall-module
forget-module-la:
	rm -f '$(DESTDIR)$(securedir)/pam_jail.la'
uninstall-module:
	rm -f '$(DESTDIR)$(securedir)/pam_jail.so'

TESTS += tests/check-module-links
dist_check_SCRIPTS += tests/check-module-links

check_PROGRAMS += tests/unit/test_pam_jail
TESTS += tests/unit/test_pam_jail
tests_unit_test_pam_jail_SOURCES = tests/unit/test_pam_jail.c \
	tests/unit/pam_trial_jail.c tests/unit/pam_trial_jail.h
tests_unit_test_pam_jail_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_pam_jail_LDADD = libcommon.la $(CMOCKA_LIBS) $(PAM_LIBS)

check_PROGRAMS += tests/unit/test_arguments
TESTS += tests/unit/test_arguments
tests_unit_test_arguments_SOURCES = tests/unit/test_arguments.c \
	pam_module/arguments.c pam_module/arguments.h
tests_unit_test_arguments_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_arguments_LDADD = $(CMOCKA_LIBS)
