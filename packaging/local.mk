# What makes jaild a service of a host: units for systemd, the module for
# SELinux, and the packages of Debian, and of Fedora and RHEL.  packaging/README.md says what is what.
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

# The package of Debian, from a tarball as it is released.  `make check` does
# not build it.
EXTRA_DIST += packaging/build-deb packaging/debian/source/format \
	packaging/debian/changelog packaging/debian/control \
	packaging/debian/copyright packaging/debian/jaild.docs \
	packaging/debian/jaild.lintian-overrides \
	packaging/debian/jaild.pam-config packaging/debian/jaild.postinst \
	packaging/debian/jaild.postrm packaging/debian/jaild.prerm \
	packaging/debian/jaild.triggers \
	packaging/debian/rules
dist_check_SCRIPTS += tests/check-deb tests/check-package

.PHONY: deb check-deb
deb: dist
	'$(srcdir)/packaging/build-deb' $(distdir).tar.xz deb
	'$(srcdir)/tests/check-package' deb/jaild_*.deb

check-deb: deb
	'$(srcdir)/tests/check-deb' $(distdir).tar.xz deb

# The policy module, by the Makefile that every policy brings along for
# modules.  Only hosts with SELinux need it, so `make` does not build it.
SELINUX_DEVEL = /usr/share/selinux/devel/Makefile
SELINUX_TYPE = targeted
selinux_sources = packaging/selinux/jaild.fc packaging/selinux/jaild.if \
	packaging/selinux/jaild.te
EXTRA_DIST += $(selinux_sources)
dist_check_SCRIPTS += tests/check-selinux
EXTRA_DIST += tests/selinux-rules.py
TESTS += tests/check-selinux

.PHONY: selinux install-selinux
selinux:
	@test -e $(SELINUX_DEVEL) || { echo '$(SELINUX_DEVEL) is missing:' \
	  'install selinux-policy-dev (Debian, Ubuntu) or' \
	  'selinux-policy-devel (Fedora, RHEL)' >&2; exit 1; }
	$(MKDIR_P) selinux
	set -e; for file in $(selinux_sources); do \
	  cp "$(srcdir)/$$file" selinux/; done
	$(MAKE) -C selinux -f $(SELINUX_DEVEL) NAME=$(SELINUX_TYPE) jaild.pp

selinux_shared = '$(DESTDIR)$(datadir)/selinux'
install-selinux: selinux
	$(MKDIR_P) $(selinux_shared)/packages/$(SELINUX_TYPE) \
	  $(selinux_shared)/devel/include/distributed
	$(INSTALL_DATA) selinux/jaild.pp \
	  $(selinux_shared)/packages/$(SELINUX_TYPE)/jaild.pp
	$(INSTALL_DATA) '$(srcdir)/packaging/selinux/jaild.if' \
	  $(selinux_shared)/devel/include/distributed/jaild.if

# The packages of Fedora and RHEL, in the same way.
EXTRA_DIST += packaging/build-rpm packaging/rpm/jaild.spec \
	packaging/rpm/macros.stand-in \
	packaging/rpm/rpmlint.toml
dist_check_SCRIPTS += tests/check-rpm tests/check-rpm-package

.PHONY: rpm check-rpm
rpm: dist
	'$(srcdir)/packaging/build-rpm' $(distdir).tar.xz rpm $(RPM_OPTIONS)
	'$(srcdir)/tests/check-rpm-package' rpm

check-rpm: rpm
	'$(srcdir)/tests/check-rpm' $(distdir).tar.xz rpm

distclean-local: distclean-packages
.PHONY: distclean-packages
distclean-packages:
	rm -rf deb rpm selinux
