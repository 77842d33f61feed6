# Programs that run inside jails: static, so that nothing in a jail is loaded
# into them.  Linked without libtool, which has a meaning of its own for
# -static.
pkglibexec_PROGRAMS += init/jail-init init/jail-shell
init_jail_init_SOURCES = init/jail-init.c
init_jail_shell_SOURCES = init/jail-shell.c common/jail_files.h
if SANITIZE
# A sanitizer's run time cannot be linked statically.
init_jail_init_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
init_jail_init_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS)
init_jail_init_LDADD =
else
init_jail_init_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS) $(STATIC_CFLAGS)
init_jail_init_LDFLAGS = $(AM_LDFLAGS) $(STATIC_LDFLAGS)
init_jail_init_LDADD = $(STATIC_LIBS)
endif
init_jail_shell_CFLAGS = $(init_jail_init_CFLAGS)
init_jail_shell_LDFLAGS = $(init_jail_init_LDFLAGS)
init_jail_shell_LDADD = $(init_jail_init_LDADD)
init_jail_init_LINK = $(CC) $(init_jail_init_CFLAGS) $(CFLAGS) \
	$(init_jail_init_LDFLAGS) $(LDFLAGS) -o $@
init_jail_shell_LINK = $(init_jail_init_LINK)

# The folder is ours alone.
uninstall-hook: uninstall-pkglibexecdir
.PHONY: uninstall-pkglibexecdir
uninstall-pkglibexecdir:
	rmdir '$(DESTDIR)$(pkglibexecdir)' 2>/dev/null || :
