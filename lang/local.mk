# The jail language.
noinst_LTLIBRARIES += liblang.la
liblang_la_SOURCES = \
	lang/arena.c lang/arena.h \
	lang/decide.h lang/dump.h \
	lang/diagnostics.c lang/diagnostics.h lang/suggest.c \
	lang/lexer.c lang/lexer.h lang/literal.c \
	lang/load.h \
	lang/parse.h lang/parse_rules.c lang/parse_setting.c \
	lang/parser.c lang/parser.h \
	lang/policy.c lang/policy.h \
	lang/source.c lang/source.h \
	lang/template.h lang/tree.h \
	lang/utf8.c lang/utf8.h lang/words.h \
	lang/syscall_table.c lang/syscall_table.h
liblang_la_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS) $(JANSSON_CFLAGS)
liblang_la_LIBADD = $(SECCOMP_LIBS) $(JANSSON_LIBS)
