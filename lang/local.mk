# The jail language.
noinst_LTLIBRARIES += liblang.la
liblang_la_SOURCES = \
	lang/decide.h lang/dump.h lang/load.h lang/policy.c lang/policy.h \
	lang/template.h \
	lang/syscall_table.c lang/syscall_table.h
liblang_la_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS) $(JANSSON_CFLAGS)
liblang_la_LIBADD = $(SECCOMP_LIBS) $(JANSSON_LIBS)
