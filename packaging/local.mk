# What makes jaild a service of a host: units for systemd, and the package of
# Debian.  packaging/README.md says what is what.
EXTRA_DIST += packaging/README.md packaging/systemd/jaild.service.in
CLEANFILES += packaging/systemd/jaild.service

packaging/systemd/jaild.service: packaging/systemd/jaild.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) packaging/systemd && \
	  sed 's|@sbindir[@]|$(sbindir)|' \
	    '$(srcdir)/packaging/systemd/jaild.service.in' >$@.new && \
	  mv $@.new $@

systemd_units = packaging/systemd/jaild-jails.service
systemd_files = packaging/systemd/90-jaild.preset \
	packaging/systemd/sysusers.d/jaild.conf \
	packaging/systemd/tmpfiles.d/jaild.conf
EXTRA_DIST += $(systemd_units) $(systemd_files)
check_DATA = packaging/systemd/jaild.service
if SYSTEMD_UNITS
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
systemdsystempresetdir = $(prefix)/lib/systemd/system-preset
systemdsystemunit_DATA = packaging/systemd/jaild.service $(systemd_units)
systemdsystempreset_DATA = packaging/systemd/90-jaild.preset
sysusers_DATA = packaging/systemd/sysusers.d/jaild.conf
tmpfiles_DATA = packaging/systemd/tmpfiles.d/jaild.conf
endif

dist_check_SCRIPTS += tests/check-units
TESTS += tests/check-units
AM_DISTCHECK_CONFIGURE_FLAGS = \
	--with-systemdsystemunitdir="$$dc_install_base/lib/systemd/system"
