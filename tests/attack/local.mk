# What tries to get out; the live case "attacks" runs it in every tier.  At
# low addresses, since its pointers go through the kernel's 32-bit entry too.
check_PROGRAMS += tests/attack/probe
attack_sources = tests/attack/probe.c tests/attack/rows_abi.c \
	tests/attack/rows_file.c tests/attack/rows_kernel.c \
	tests/attack/rows_namespace.c tests/attack/rows_privilege.c \
	tests/attack/rows_process.c tests/attack/rows_socket.c \
	tests/attack/rows_terminal.c tests/attack/rows_tree.c
tests_attack_probe_SOURCES = $(attack_sources) tests/attack/probe.h
tests_attack_probe_CFLAGS = $(AM_CFLAGS) -fno-pie
if SANITIZE
# A sanitizer's run time cannot be linked statically.
tests_attack_probe_LDFLAGS = $(AM_LDFLAGS) -no-pie
else
tests_attack_probe_LDFLAGS = $(AM_LDFLAGS) -all-static
endif

# The same as a program of i386, and of x32, where the compiler makes them;
# -static is without PIE by itself.
PROBE_ABI_CFLAGS = $(AM_CPPFLAGS) -I. -std=gnu11 -O1 -static -fno-pie
attack_headers = tests/attack/probe.h common/cleanup.h
if HAVE_M32
check_SCRIPTS += tests/attack/probe-i386
endif
if HAVE_MX32
check_SCRIPTS += tests/attack/probe-x32
endif
tests/attack/probe-i386: $(attack_sources) $(attack_headers)
	$(AM_V_GEN)cd $(srcdir) && $(CC) -m32 $(PROBE_ABI_CFLAGS) \
	    -I$(abs_builddir) -I. -o $(abs_builddir)/$@ $(attack_sources)
tests/attack/probe-x32: $(attack_sources) $(attack_headers)
	$(AM_V_GEN)cd $(srcdir) && $(CC) -mx32 $(PROBE_ABI_CFLAGS) \
	    -I$(abs_builddir) -I. -o $(abs_builddir)/$@ $(attack_sources)
MOSTLYCLEANFILES += tests/attack/probe-i386 tests/attack/probe-x32

# The pages that show the results.
TESTS += tests/attack/check-table
dist_check_SCRIPTS += tests/attack/check-table tests/attack/make-table \
	tests/attack/side-by-side
EXTRA_DIST += tests/attack/listeners.sh tests/attack/side-by-side.py \
	tests/attack/ATTACKS.md tests/attack/SIDE-BY-SIDE.md
.PHONY: attack-table side-by-side
attack-table: tests/attack/probe
	'$(srcdir)'/tests/attack/make-table . >attacks.new
	mv attacks.new '$(srcdir)'/tests/attack/ATTACKS.md

# The same attacks in others' jails; by root, on a trial host.
side-by-side: all tests/attack/probe
	'$(srcdir)'/tests/attack/side-by-side . \
	    '$(abs_srcdir)'/tests/attack/SIDE-BY-SIDE.md
