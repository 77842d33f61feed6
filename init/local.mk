# Programs that run inside jails: static, so that nothing in a jail is loaded
# into them.
pkglibexec_PROGRAMS += init/jail-init init/jail-shell
init_jail_init_SOURCES = init/jail-init.c
init_jail_shell_SOURCES = init/jail-shell.c common/jail_files.h
if SANITIZE
# A sanitizer's run time cannot be linked statically.
else
init_jail_init_LDFLAGS = $(AM_LDFLAGS) -all-static
init_jail_shell_LDFLAGS = $(AM_LDFLAGS) -all-static
endif
