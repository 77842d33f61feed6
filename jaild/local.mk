# The daemon.  libbuild is what makes a jail; jailctl prints plans with it.
noinst_LTLIBRARIES += libbuild.la
libbuild_la_SOURCES = \
	jaild/account.c jaild/account.h jaild/account_files.c \
	jaild/admit.c jaild/admit.h \
	jaild/audit.c jaild/audit.h \
	jaild/build.c jaild/build.h \
	jaild/build_device.c \
	jaild/build_keep.c \
	jaild/build_mount.c jaild/build_mount.h \
	jaild/build_new.c \
	jaild/build_steps.c jaild/builder.h \
	jaild/build_storage.c \
	jaild/build_target.c \
	jaild/cgroup.c jaild/cgroup.h \
	jaild/cgroup_favor.c jaild/cgroup_favor.h \
	jaild/fault.c jaild/fault.h \
	jaild/filter.c jaild/filter.h \
	jaild/filter_chain.c jaild/filter_chain.h \
	jaild/filter_emit.c jaild/filter_emit.h \
	jaild/filter_lower.c jaild/filter_lower.h \
	jaild/record_copy.c jaild/record_copy.h \
	jaild/record_wtmpdb.c jaild/record_wtmpdb.h \
	jaild/path_open.c jaild/path_open.h \
	jaild/plan.c jaild/plan.h \
	jaild/plan_ceiling.c jaild/planner.c jaild/planner.h \
	jaild/plan_files.c jaild/plan_files.h \
	jaild/plan_mounts.c \
	jaild/plan_print.c \
	jaild/plan_tree.c jaild/plan_tree.h
libbuild_la_LIBADD = liblang.la libcommon.la $(SECCOMP_LIBS) $(AUDIT_LIBS)

check_PROGRAMS += tests/unit/test_filter
TESTS += tests/unit/test_filter
tests_unit_test_filter_SOURCES = tests/unit/test_filter.c \
	tests/unit/bpf_simulator.c tests/unit/bpf_simulator.h
tests_unit_test_filter_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_filter_LDADD = libbuild.la $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_decide_property
TESTS += tests/unit/test_decide_property
tests_unit_test_decide_property_SOURCES = \
	tests/unit/test_decide_property.c \
	tests/unit/bpf_simulator.c tests/unit/bpf_simulator.h
tests_unit_test_decide_property_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_decide_property_LDADD = libbuild.la $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_filter_live
TESTS += tests/unit/test_filter_live
tests_unit_test_filter_live_SOURCES = tests/unit/test_filter_live.c
tests_unit_test_filter_live_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_filter_live_LDADD = libbuild.la $(CMOCKA_LIBS)

sbin_PROGRAMS += jaild/jaild
jaild_jaild_SOURCES = \
	jaild/channel.c jaild/channel.h \
	jaild/close.c jaild/close.h \
	jaild/confine.c jaild/confine.h \
	jaild/control.c jaild/control_answer.c \
	jaild/daemon.h \
	jaild/door.c jaild/door.h \
	jaild/jail_filters.c \
	jaild/jails.c \
	jaild/listener.c \
	jaild/log.c jaild/log.h \
	jaild/login.c jaild/login.h \
	jaild/login_jail.c \
	jaild/login_records.c \
	jaild/login_session.c \
	jaild/main.c jaild/main.h \
	jaild/process.c jaild/process.h \
	jaild/retry.c \
	jaild/sessions.c \
	jaild/state.c \
	jaild/sweep.c jaild/sweep.h \
	jaild/sweep_agents.c \
	jaild/sweep_events.c \
	jaild/sweep_process.c \
	jaild/sweeper.c \
	jaild/syslog_relay.c \
	jaild/worker.c
jaild_jaild_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS) $(SYSTEMD_CFLAGS) \
	$(JANSSON_CFLAGS)
jaild_jaild_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS) $(PACKED_LDFLAGS)
jaild_jaild_LDADD = libbuild.la libconfigfile.la liblang.la libcommon.la \
	$(AUDIT_LIBS) $(SYSTEMD_LIBS) $(JANSSON_LIBS)

# Not a test: tests/bench/bench_syscall prints its table.
check_PROGRAMS += tests/bench/bench_syscall
tests_bench_bench_syscall_SOURCES = tests/bench/bench_syscall.c
tests_bench_bench_syscall_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
tests_bench_bench_syscall_LDADD = libbuild.la $(SECCOMP_LIBS)

# How agents outside of their jails are found.
check_PROGRAMS += tests/unit/test_sweep
TESTS += tests/unit/test_sweep
tests_unit_test_sweep_SOURCES = tests/unit/test_sweep.c \
	jaild/process.c jaild/process.h jaild/sweep.h jaild/sweep_agents.c \
	jaild/sweep_events.c jaild/sweep_process.c
tests_unit_test_sweep_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_sweep_LDADD = libbuild.la $(CMOCKA_LIBS)

# How jails are planned and made, without making one.
build_tests = tests/unit/test_cgroup tests/unit/test_fault \
	tests/unit/test_path_open \
	tests/unit/test_plan tests/unit/test_record_copy \
	tests/unit/test_storage
check_PROGRAMS += $(build_tests)
TESTS += $(build_tests)
tests_unit_test_cgroup_SOURCES = tests/unit/test_cgroup.c
tests_unit_test_cgroup_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cgroup_LDADD = libbuild.la $(CMOCKA_LIBS)
tests_unit_test_fault_SOURCES = tests/unit/test_fault.c
tests_unit_test_fault_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_fault_LDADD = libbuild.la $(CMOCKA_LIBS)
tests_unit_test_path_open_SOURCES = tests/unit/test_path_open.c
tests_unit_test_path_open_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_path_open_LDADD = libbuild.la $(CMOCKA_LIBS)
tests_unit_test_plan_SOURCES = tests/unit/test_plan.c
tests_unit_test_plan_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_plan_LDADD = libbuild.la $(CMOCKA_LIBS)
tests_unit_test_record_copy_SOURCES = tests/unit/test_record_copy.c
tests_unit_test_record_copy_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_record_copy_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
tests_unit_test_record_copy_LDADD = libbuild.la $(CMOCKA_LIBS)
tests_unit_test_storage_SOURCES = tests/unit/test_storage.c
tests_unit_test_storage_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_storage_LDADD = libbuild.la $(CMOCKA_LIBS)
