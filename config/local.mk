# Settings of the daemon, and what is installed to /etc/jaild.
noinst_LTLIBRARIES += libconfigfile.la
libconfigfile_la_SOURCES = config/config.c config/config.h \
	config/setting.c config/setting.h
libconfigfile_la_CFLAGS = $(AM_CFLAGS) $(LIBCONFIG_CFLAGS)
libconfigfile_la_LIBADD = libcommon.la $(LIBCONFIG_LIBS)

check_PROGRAMS += tests/unit/test_config
TESTS += tests/unit/test_config
tests_unit_test_config_SOURCES = tests/unit/test_config.c
tests_unit_test_config_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_LDADD = libconfigfile.la $(CMOCKA_LIBS)

# A file that is there is the administrator's: it is not overwritten, and
# only one that was never changed is removed.  The shipped files name the
# usual places; what is installed names those of this build.
config_files = config/jaild.conf config/policy.jail config/etc-keep.conf
EXTRA_DIST += $(config_files)
config_installed = sed \
	-e 's|"/etc/jaild/|"$(pkgsysconfdir)/|' \
	-e 's|"/var/lib/jaild"|"$(localstatedir)/lib/jaild"|'

.PHONY: install-config-files uninstall-config-files
install-data-local: install-config-files
install-config-files:
	$(MKDIR_P) '$(DESTDIR)$(pkgsysconfdir)/policy.d'
	set -e; for file in $(config_files); do \
	  to='$(DESTDIR)$(pkgsysconfdir)'/$${file##*/}; \
	  if test -e "$$to" || test -L "$$to"; then echo "keeping $$to"; continue; fi; \
	  $(config_installed) "$(srcdir)/$$file" >"$$to"; \
	  chmod 644 "$$to"; \
	done

uninstall-local: uninstall-config-files
uninstall-config-files:
	for file in $(config_files); do \
	  at='$(DESTDIR)$(pkgsysconfdir)'/$${file##*/}; \
	  $(config_installed) "$(srcdir)/$$file" | \
	    cmp -s - "$$at" && rm -f "$$at"; \
	done; rmdir '$(DESTDIR)$(pkgsysconfdir)/policy.d' \
	  '$(DESTDIR)$(pkgsysconfdir)' 2>/dev/null || :

# Policies to start from: examples, which change with the package.
dist_pkgdata_DATA = \
	config/library/auditor.jail \
	config/library/batch.jail \
	config/library/chroot.jail \
	config/library/ci.jail \
	config/library/coder.jail \
	config/library/gpu.jail \
	config/library/quiet.jail
teamsdir = $(pkgdatadir)/teams
dist_teams_DATA = \
	config/library/teams/operations.jail \
	config/library/teams/policy.jail \
	config/library/teams/research.jail \
	config/library/teams/web.jail
TESTS += tests/check-library
dist_check_SCRIPTS += tests/check-library

check_PROGRAMS += tests/unit/test_shipped
TESTS += tests/unit/test_shipped
tests_unit_test_shipped_SOURCES = tests/unit/test_shipped.c
tests_unit_test_shipped_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_shipped_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)
