# Tests on the trial host: lib.sh says how a case is written.
live_cases = \
	tests/live/cases/etc-kept \
	tests/live/cases/plain-login \
	tests/live/cases/hold-ups \
	tests/live/cases/completion \
	tests/live/cases/policy-library \
	tests/live/cases/policy-settings

# Logins through the real sshd, from the way in to the end.
live_cases += \
	tests/live/cases/login-records \
	tests/live/cases/login-refusals \
	tests/live/cases/session-ends \
	tests/live/cases/session-identities \
	tests/live/cases/shared-filters \
	tests/live/cases/ssh-exec \
	tests/live/cases/ssh-files \
	tests/live/cases/ssh-forwarding \
	tests/live/cases/ssh-terminal
EXTRA_DIST += tests/live/on-terminal

# The other doors, open and closed.
live_cases += \
	tests/live/cases/doors-capabilities \
	tests/live/cases/doors-closed \
	tests/live/cases/doors-cron \
	tests/live/cases/doors-login \
	tests/live/cases/doors-su
EXTRA_DIST += tests/live/door.py tests/trial/fetch

# Agents outside of their jails.
live_cases += \
	tests/live/cases/sweeper tests/live/cases/sweeper-storms
check_PROGRAMS += tests/live/hopper
tests_live_hopper_SOURCES = tests/live/hopper.c

# What doors-capabilities puts behind our line.
check_LTLIBRARIES += tests/live/pam_without.la
tests_live_pam_without_la_SOURCES = tests/live/pam_without.c
tests_live_pam_without_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere
tests_live_pam_without_la_LIBADD = $(PAM_LIBS)

# What an administrator does with jailctl.
live_cases += \
	tests/live/cases/adopt tests/live/cases/doctor tests/live/cases/exec \
	tests/live/cases/lockdown

# What the walls, the hazards of login programs and the trail are held by.
live_cases += \
	tests/live/cases/agent-environment \
	tests/live/cases/agent-paths \
	tests/live/cases/agent-syslog \
	tests/live/cases/attacks \
	tests/live/cases/audit-trail \
	tests/live/cases/login-uid \
	tests/live/cases/nss-canary \
	tests/live/cases/refused-session \
	tests/live/cases/root-monitor

# What nss-canary puts into the way of a login.
check_LTLIBRARIES += tests/live/nss_canary.la tests/live/nss_thaw.la
tests_live_nss_canary_la_SOURCES = tests/live/nss_canary.c
tests_live_nss_canary_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere
tests_live_nss_thaw_la_SOURCES = tests/live/nss_thaw.c
tests_live_nss_thaw_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere

# Bad input and faults.
live_cases += \
	tests/live/cases/bad-homes \
	tests/live/cases/bad-peers \
	tests/live/cases/bad-policies \
	tests/live/cases/daemon-sessions \
	tests/live/cases/daemon-stops \
	tests/live/cases/failing-steps \
	tests/live/cases/no-room \
	tests/live/cases/wrong-daemon
EXTRA_DIST += tests/live/faults.sh tests/live/bad-peers.py \
	tests/live/bad-requests.py tests/live/fail-steps.py \
	tests/live/silent-peers.py tests/live/wire.py \
	tests/live/wrong-daemon.py

check_PROGRAMS += tests/live/read_audit
tests_live_read_audit_SOURCES = tests/live/read_audit.c
tests_live_read_audit_CFLAGS = $(AM_CFLAGS) $(AUPARSE_CFLAGS) $(AUDIT_CFLAGS)
tests_live_read_audit_LDADD = $(AUPARSE_LIBS) $(AUDIT_LIBS)

TESTS += tests/live/run.tap tests/live/test-trial-leaves-nothing
dist_check_SCRIPTS += tests/live/run.tap tests/live/test-trial-leaves-nothing
EXTRA_DIST += tests/live/lib.sh tests/live/sessions.sh \
	tests/live/doors.sh tests/live/identities.sh tests/live/ways.sh \
	tests/live/second_sshd.sh $(live_cases)

# One trial host for all cases; each is a test of its own in the summary.
TEST_EXTENSIONS = .tap
TAP_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh

# What jaild.service leaves of a daemon.
live_cases += tests/live/cases/unit-confinement tests/live/cases/stored-socket

# What is left of privileges, and what is done with them.
live_cases += tests/live/cases/planted tests/live/cases/races \
	tests/live/cases/root-phase tests/live/cases/sealed-parts
EXTRA_DIST += tests/live/racer.py tests/live/root_phase.py tests/live/root-phase.list

# A thousand logins against an agent that exchanges names all the time.
.PHONY: check-races
check-races: all $(check_PROGRAMS)
	RACE_LOGINS=$${RACE_LOGINS:-1000} CASE_SECONDS=3600 \
	    '$(srcdir)'/tests/live/run.tap . races
