# Tests on the trial host: lib.sh says how a case is written.
live_cases = \
	tests/live/cases/plain-login \
	tests/live/cases/policy-settings \
	tests/live/cases/ssh-exec

# What an administrator does with jailctl.
live_cases += \
	tests/live/cases/doctor tests/live/cases/exec

# What the walls, the hazards of login programs and the trail are held by.
live_cases += \
	tests/live/cases/attacks \
	tests/live/cases/audit-trail

check_PROGRAMS += tests/live/read_audit
tests_live_read_audit_SOURCES = tests/live/read_audit.c
tests_live_read_audit_CFLAGS = $(AM_CFLAGS) $(AUPARSE_CFLAGS) $(AUDIT_CFLAGS)
tests_live_read_audit_LDADD = $(AUPARSE_LIBS) $(AUDIT_LIBS)

TESTS += tests/live/run.tap tests/live/test-trial-leaves-nothing
dist_check_SCRIPTS += tests/live/run.tap tests/live/test-trial-leaves-nothing
EXTRA_DIST += tests/live/lib.sh tests/live/sessions.sh $(live_cases)

# One trial host for all cases; each is a test of its own in the summary.
TEST_EXTENSIONS = .tap
TAP_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
