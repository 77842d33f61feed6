# Tests on the trial host: lib.sh says how a case is written.
live_cases = \
	tests/live/cases/plain-login \
	tests/live/cases/policy-settings \
	tests/live/cases/ssh-exec

# What an administrator does with jailctl.
live_cases += \
	tests/live/cases/exec

# What the walls, the hazards of login programs and the trail are held by.
live_cases += \
	tests/live/cases/attacks

TESTS += tests/live/run.tap tests/live/test-trial-leaves-nothing
dist_check_SCRIPTS += tests/live/run.tap tests/live/test-trial-leaves-nothing
EXTRA_DIST += tests/live/lib.sh tests/live/sessions.sh $(live_cases)

# One trial host for all cases; each is a test of its own in the summary.
TEST_EXTENSIONS = .tap
TAP_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
