# Programs that run inside jails: static, so that nothing in a jail is loaded
# into them.  Most of their size is what every static program has of glibc.
pkglibexec_PROGRAMS += init/jail-init init/jail-shell
init_jail_init_SOURCES = init/jail-init.c
init_jail_init_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
init_jail_shell_SOURCES = init/jail-shell.c common/jail_files.h
init_jail_shell_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
if SANITIZE
# A sanitizer's run time cannot be linked statically.
init_jail_init_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
init_jail_shell_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
else
init_jail_init_LDFLAGS = $(AM_LDFLAGS) $(STATIC_LDFLAGS)
init_jail_shell_LDFLAGS = $(AM_LDFLAGS) $(STATIC_LDFLAGS)
endif

# The folder is ours alone.
uninstall-hook: uninstall-pkglibexecdir
.PHONY: uninstall-pkglibexecdir
uninstall-pkglibexecdir:
	rmdir '$(DESTDIR)$(pkglibexecdir)' 2>/dev/null || :
