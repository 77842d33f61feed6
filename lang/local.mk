# The jail language.
noinst_LTLIBRARIES += liblang.la
liblang_la_SOURCES = \
	lang/action.h lang/arena.c lang/arena.h \
	lang/base_tree.c lang/base_tree.h \
	lang/capability.c lang/capability.h \
	lang/ceiling.c lang/ceiling.h \
	lang/check.c lang/check.h lang/check_ancestry.c \
	lang/check_action.c lang/check_ceiling.c lang/check_collect.c lang/check_flow.c lang/check_match.c lang/check_path.c \
	lang/check_setting.c lang/check_syscalls.c lang/check_value.c \
	lang/compile.c lang/compile.h lang/compile_ceiling.c lang/compile_ceiling.h \
	lang/compile_ceiling_list.c lang/compile_ceiling_value.c \
	lang/compile_collect.c lang/compile_collect.h \
	lang/compile_collect_jail.c \
	lang/compile_covered.c lang/compile_covered.h \
	lang/compile_match.c lang/compile_rules.c lang/compile_test.c \
	lang/expect.c lang/expect.h \
	lang/decide.h lang/dump.h \
	lang/enforced.c lang/enforced.h \
	lang/diagnostics.c lang/diagnostics.h lang/diagnostics_part.h \
	lang/diagnostics_show.c lang/suggest.c \
	lang/diff.c lang/diff.h lang/diff_part.h \
	lang/diff_collections.c lang/diff_flows.c lang/diff_logins.c \
	lang/diff_samples.c lang/diff_samples.h \
	lang/diff_settings.c lang/diff_syscalls.c \
	lang/format.c lang/format.h lang/format_layout.c \
	lang/format_line.h lang/format_output.c lang/format_piece.h \
	lang/lexer.c lang/lexer.h lang/lexer_part.h lang/lexer_string.c \
	lang/literal.c \
	lang/load.c lang/load.h \
	lang/match_index.c lang/match_index.h \
	lang/match_levels.c lang/match_part.h lang/names.c lang/names.h \
	lang/mount_target.c lang/mount_target.h \
	lang/parse.c lang/parse.h lang/parse_ceiling.c lang/parse_collect.c lang/parse_flow.c lang/parse_rules.c lang/parse_setting.c \
	lang/parse_test.c lang/parser.c lang/parser.h \
	lang/policy.c lang/policy.h \
	lang/sha256.c lang/sha256.h \
	lang/source.c lang/source.h \
	lang/source_tree.c lang/source_tree.h \
	lang/template.h lang/tree.h \
	lang/utf8.c lang/utf8.h lang/words.h \
	lang/danger.c lang/danger.h lang/decide_action.c lang/decide_flow.c lang/decide_part.h \
	lang/decide_path.c lang/decide_place.c lang/decide_place.h \
	lang/decide_syscall.c \
	lang/host_name.c lang/host_name.h \
	lang/special_address.c lang/special_address.h \
	lang/syscall_arguments.c lang/syscall_constants.c \
	lang/syscall_groups.c lang/syscall_profile.c \
	lang/syscall_table.c lang/syscall_table.h
liblang_la_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS) $(JANSSON_CFLAGS)
liblang_la_LIBADD = $(SECCOMP_LIBS) $(JANSSON_LIBS)

check_PROGRAMS += tests/unit/test_syscall_table
TESTS += tests/unit/test_syscall_table
tests_unit_test_syscall_table_SOURCES = tests/unit/test_syscall_table.c
tests_unit_test_syscall_table_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	$(SECCOMP_CFLAGS)
tests_unit_test_syscall_table_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)

liblang_la_SOURCES += \
	lang/decide.c lang/template.c \
	lang/dump.c lang/explain.c \
	lang/settings.c lang/settings.h \
	lang/settings_ceiling.c lang/settings_flow.c lang/settings_rule.c \
	lang/settings_value.c lang/settings_value.h

check_PROGRAMS += tests/unit/test_decide tests/unit/test_decide_action \
	tests/unit/test_dump tests/unit/test_expect tests/unit/test_template
TESTS += tests/unit/test_decide tests/unit/test_decide_action \
	tests/unit/test_dump tests/unit/test_expect tests/unit/test_template
tests_unit_test_expect_SOURCES = tests/unit/test_expect.c
tests_unit_test_expect_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_expect_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)
tests_unit_test_decide_action_SOURCES = tests/unit/test_decide_action.c
tests_unit_test_decide_action_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_decide_action_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)
tests_unit_test_decide_SOURCES = tests/unit/test_decide.c
tests_unit_test_decide_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_decide_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)
tests_unit_test_dump_SOURCES = tests/unit/test_dump.c
tests_unit_test_dump_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_dump_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS) \
	$(JANSSON_LIBS)
tests_unit_test_template_SOURCES = tests/unit/test_template.c
tests_unit_test_template_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_template_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_match_index
TESTS += tests/unit/test_match_index
tests_unit_test_match_index_SOURCES = tests/unit/test_match_index.c
tests_unit_test_match_index_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_match_index_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_lang tests/lang/run_policy
TESTS += tests/unit/test_lang
tests_unit_test_lang_SOURCES = tests/unit/test_lang.c
tests_unit_test_lang_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_lang_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)
tests_lang_run_policy_SOURCES = tests/lang/run_policy.c
tests_lang_run_policy_LDADD = liblang.la libcommon.la
TESTS += tests/lang/run tests/lang/run-format tests/lang/run-diff \
	tests/lang/run-large
dist_check_SCRIPTS += tests/lang/run tests/lang/run-format \
	tests/lang/run-diff tests/lang/run-large
check_PROGRAMS += tests/lang/spend
tests_lang_spend_SOURCES = tests/lang/spend.c
check_PROGRAMS += tests/lang/print_words
tests_lang_print_words_SOURCES = tests/lang/print_words.c
tests_lang_print_words_LDADD = liblang.la libcommon.la
TESTS += tests/lang/check-page
dist_check_SCRIPTS += tests/lang/check-page
EXTRA_DIST += tests/lang/pairs tests/lang/layouts tests/lang/diffs

check_PROGRAMS += tests/unit/test_format
TESTS += tests/unit/test_format
tests_unit_test_format_SOURCES = tests/unit/test_format.c
tests_unit_test_format_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_format_LDADD = liblang.la libcommon.la $(CMOCKA_LIBS)

if FUZZERS
liblang_la_CFLAGS += -fsanitize=fuzzer-no-link
fuzz_programs += tests/fuzz/fuzz_policy
noinst_PROGRAMS += tests/fuzz/fuzz_policy
tests_fuzz_fuzz_policy_SOURCES = tests/fuzz/fuzz_policy.c
tests_fuzz_fuzz_policy_LDADD = liblang.la libcommon.la
tests_fuzz_fuzz_policy_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
fuzz_programs += tests/fuzz/fuzz_format
noinst_PROGRAMS += tests/fuzz/fuzz_format
tests_fuzz_fuzz_format_SOURCES = tests/fuzz/fuzz_format.c
tests_fuzz_fuzz_format_LDADD = liblang.la libcommon.la
tests_fuzz_fuzz_format_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/seeds/policy tests/fuzz/seeds/format
