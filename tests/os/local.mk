# Whole operating systems, each a machine of QEMU's; `make check` does not
# start one.
os_cases = \
	tests/os/cases/last-audit-locked \
	tests/os/cases/last-reboot \
	tests/os/cases/os-other-doors \
	tests/os/cases/os-records \
	tests/os/cases/os-restart \
	tests/os/cases/os-stopped \
	tests/os/cases/os-units \
	tests/os/cases/os-upgrade \
	tests/os/cases/os-user-manager \
	tests/os/cases/os-watchdog
EXTRA_DIST += tests/os/run tests/os/image.sh tests/os/machine.sh \
	tests/os/phases.sh tests/os/inside/host tests/os/inside/lib-os.sh \
	tests/os/inside/look tests/os/inside/figures \
	tests/os/inside/doors-os.sh $(os_cases)

.PHONY: check-os
check-os: dist $(check_PROGRAMS) $(check_LTLIBRARIES)
	'$(srcdir)/tests/os/run' $(distdir).tar.xz . $(OS_CASES)
