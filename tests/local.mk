# Tests that belong to no single folder.
dist_check_SCRIPTS += tests/check-includes
TESTS += tests/check-includes
dist_check_SCRIPTS += tests/check-hardening tests/check-documents
TESTS += tests/check-hardening tests/check-documents
dist_check_SCRIPTS += tests/test-doctor tests/test-lockdown
TESTS += tests/test-doctor tests/test-lockdown
EXTRA_DIST += tests/host.sh
check_LTLIBRARIES += tests/nss_elsewhere.la tests/fake_kernel.la
# Other programs load these: none of them has a sanitizer's run time.
tests_fake_kernel_la_SOURCES = tests/fake_kernel.c
tests_fake_kernel_la_CFLAGS = -std=gnu11 $(WARN_CFLAGS) $(HARDEN_CFLAGS)
tests_fake_kernel_la_LDFLAGS = $(HARDEN_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere
tests_nss_elsewhere_la_SOURCES = tests/nss_elsewhere.c
tests_nss_elsewhere_la_CFLAGS = -std=gnu11 $(WARN_CFLAGS) $(HARDEN_CFLAGS)
tests_nss_elsewhere_la_LDFLAGS = $(HARDEN_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere
AM_TESTS_ENVIRONMENT = srcdir='$(srcdir)'; export srcdir; \
	builddir='$(builddir)'; export builddir;

# Slower looks at the same code, each in a build tree of its own.
CHECK_DIRS = build-gcc build-clang build-sanitize build-fuzz
CHECK_SOURCE = $$(cd '$(srcdir)' && pwd)
CHECK_CFLAGS = -O2 -g -Werror

.PHONY: check-compilers check-sanitize check-valgrind fuzz-smoke
check-compilers:
	set -e; source=$(CHECK_SOURCE); for cc in gcc clang; do \
	  $(MKDIR_P) build-$$cc; (cd build-$$cc; \
	    "$$source/configure" CC=$$cc CFLAGS='$(CHECK_CFLAGS)' >/dev/null; \
	    $(MAKE) all; $(MAKE) check TESTS=); \
	done

check-sanitize:
	set -e; source=$(CHECK_SOURCE); $(MKDIR_P) build-sanitize; \
	cd build-sanitize; \
	"$$source/configure" --enable-sanitize CFLAGS='-O1 -g' >/dev/null; \
	$(MAKE) all; JAILD_SKIP_LIVE=1 $(MAKE) check

check-valgrind: $(check_PROGRAMS)
	JAILD_SKIP_LIVE=1 $(MAKE) check \
	  LOG_COMPILER='$(srcdir)/tests/under-valgrind'

fuzz-smoke:
	set -e; source=$(CHECK_SOURCE); $(MKDIR_P) build-fuzz; cd build-fuzz; \
	"$$source/configure" CC=clang --enable-fuzzers --enable-sanitize \
	  CFLAGS='-O1 -g' >/dev/null; \
	$(MAKE) all; $(MAKE) run-fuzzers

run-fuzzers: $(fuzz_programs)
	set -e; for f in $(fuzz_programs); do \
	  seeds='$(srcdir)'/tests/fuzz/seeds/$${f##*/fuzz_}; \
	  [ -d "$$seeds" ] || seeds=; $(MKDIR_P) corpus/$${f##*/}; \
	  ./$$f -max_total_time=$${FUZZ_SECONDS:-60} -rss_limit_mb=512 \
	    -print_final_stats=1 corpus/$${f##*/} $$seeds; \
	done

distclean-local:
	rm -rf $(CHECK_DIRS) corpus

dist_check_SCRIPTS += tests/under-valgrind

if FUZZERS
libcommon_la_CFLAGS += -fsanitize=fuzzer-no-link
fuzz_programs += tests/fuzz/fuzz_protocol
noinst_PROGRAMS += tests/fuzz/fuzz_protocol
tests_fuzz_fuzz_protocol_SOURCES = tests/fuzz/fuzz_protocol.c
tests_fuzz_fuzz_protocol_CFLAGS = $(AM_CFLAGS) -fsanitize=fuzzer-no-link
tests_fuzz_fuzz_protocol_LDADD = libcommon.la
tests_fuzz_fuzz_protocol_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

libjailenter_la_CFLAGS += -fsanitize=fuzzer-no-link
fuzz_programs += tests/fuzz/fuzz_client
noinst_PROGRAMS += tests/fuzz/fuzz_client
tests_fuzz_fuzz_client_SOURCES = tests/fuzz/fuzz_client.c
tests_fuzz_fuzz_client_CFLAGS = $(AM_CFLAGS) -pthread
tests_fuzz_fuzz_client_LDADD = libjailenter.la libcommon.la
tests_fuzz_fuzz_client_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer -pthread

libconfigfile_la_CFLAGS += -fsanitize=fuzzer-no-link
fuzz_programs += tests/fuzz/fuzz_config
noinst_PROGRAMS += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c
tests_fuzz_fuzz_config_LDADD = libconfigfile.la libcommon.la
tests_fuzz_fuzz_config_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

fuzz_programs += tests/fuzz/fuzz_control
noinst_PROGRAMS += tests/fuzz/fuzz_control
tests_fuzz_fuzz_control_SOURCES = tests/fuzz/fuzz_control.c \
	jaild/control_answer.c
tests_fuzz_fuzz_control_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) \
	$(JANSSON_CFLAGS) -fsanitize=fuzzer-no-link
tests_fuzz_fuzz_control_LDADD = $(JANSSON_LIBS)
tests_fuzz_fuzz_control_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

EXTRA_DIST += tests/fuzz/seeds/protocol tests/fuzz/seeds/client \
	tests/fuzz/seeds/config tests/fuzz/seeds/control

# The host that live tests, quickstart and benchmarks run on.
dist_check_SCRIPTS += tests/trial-host tests/demo
EXTRA_DIST += tests/trial/accounts.sh tests/trial/mounts.sh \
	tests/trial/services.sh tests/trial/receive tests/trial/look \
	tests/trial/policy.jail

include tests/live/local.mk
include tests/bench/local.mk
include tests/attack/local.mk
include tests/os/local.mk
