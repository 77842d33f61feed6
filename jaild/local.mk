# The daemon.  libbuild is what makes a jail; jailctl prints plans with it.
noinst_LTLIBRARIES += libbuild.la
libbuild_la_SOURCES = \
	jaild/account.c jaild/account.h \
	jaild/build.c jaild/build.h \
	jaild/build_device.c \
	jaild/build_keep.c \
	jaild/build_mount.c jaild/build_mount.h \
	jaild/build_steps.c jaild/builder.h \
	jaild/build_storage.c \
	jaild/cgroup.c jaild/cgroup.h \
	jaild/filter.c jaild/filter.h \
	jaild/filter_chain.c jaild/filter_chain.h \
	jaild/filter_emit.c jaild/filter_emit.h \
	jaild/filter_lower.c jaild/filter_lower.h \
	jaild/path_open.c jaild/path_open.h \
	jaild/plan.c jaild/plan.h \
	jaild/plan_files.c jaild/plan_files.h \
	jaild/plan_print.c
libbuild_la_LIBADD = liblang.la libcommon.la $(SECCOMP_LIBS)

check_PROGRAMS += tests/unit/test_filter
TESTS += tests/unit/test_filter
tests_unit_test_filter_SOURCES = tests/unit/test_filter.c \
	tests/unit/bpf_simulator.c tests/unit/bpf_simulator.h
tests_unit_test_filter_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_filter_LDADD = libbuild.la $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_filter_live
TESTS += tests/unit/test_filter_live
tests_unit_test_filter_live_SOURCES = tests/unit/test_filter_live.c
tests_unit_test_filter_live_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_filter_live_LDADD = libbuild.la $(CMOCKA_LIBS)
