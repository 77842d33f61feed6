# Files of man/.
dist_man_MANS += man/jail.5
dist_man_MANS += man/jaild.conf.5 \
	man/jail-init.8 man/jail-shell.8 man/jailctl.8 man/jaild.8 \
	man/pam_jail.8

dist_check_SCRIPTS += tests/check-man
TESTS += tests/check-man
check_PROGRAMS += tests/print_settings
tests_print_settings_SOURCES = tests/print_settings.c
tests_print_settings_LDADD = libconfigfile.la
