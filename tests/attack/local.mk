# What tries to get out; the live case "attacks" runs it in every tier.  At
# low addresses, since its pointers go through the kernel's 32-bit entry too.
check_PROGRAMS += tests/attack/probe
tests_attack_probe_SOURCES = tests/attack/probe.c tests/attack/probe.h \
	tests/attack/attacks.c
tests_attack_probe_CFLAGS = $(AM_CFLAGS) -fno-pie
if SANITIZE
# A sanitizer's run time cannot be linked statically.
tests_attack_probe_LDFLAGS = $(AM_LDFLAGS) -no-pie
else
tests_attack_probe_LDFLAGS = $(AM_LDFLAGS) -all-static
endif
