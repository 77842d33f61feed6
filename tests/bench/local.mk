# Nothing here is a test: tests/bench/run prints tables, HACKING.md says how.
dist_check_SCRIPTS += tests/bench/run tests/bench/on-host \
	tests/bench/make-policy
EXTRA_DIST += tests/bench/bwrap.sh

check_PROGRAMS += tests/bench/bench_decide
tests_bench_bench_decide_SOURCES = tests/bench/bench_decide.c
tests_bench_bench_decide_LDADD = liblang.la libcommon.la

check_PROGRAMS += tests/bench/pam_client
tests_bench_pam_client_SOURCES = tests/bench/pam_client.c
tests_bench_pam_client_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
tests_bench_pam_client_LDADD = $(PAM_LIBS)
