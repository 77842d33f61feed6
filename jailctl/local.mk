# The administrator's tool.  libjailctl is all of it but main().
noinst_LTLIBRARIES += libjailctl.la
libjailctl_la_SOURCES = \
	jailctl/action_text.c jailctl/action_text.h \
	jailctl/diff.c \
	jailctl/adopt.c \
	jailctl/adoption.c jailctl/adoption.h \
	jailctl/adoption_account.c \
	jailctl/adoption_host.c \
	jailctl/adoption_keys.c jailctl/adoption_keys.h \
	jailctl/adoption_keys_read.c \
	jailctl/adoption_record.c jailctl/adoption_record.h \
	jailctl/adoption_refuse.c \
	jailctl/adoption_sshd.c jailctl/adoption_sshd.h \
	jailctl/arguments.c \
	jailctl/check.c \
	jailctl/compile.c \
	jailctl/complete.c jailctl/complete.h \
	jailctl/confirm.c jailctl/confirm.h \
	jailctl/control.c jailctl/control.h \
	jailctl/diff_show.c jailctl/diff_show.h \
	jailctl/command_run.c jailctl/command_run.h \
	jailctl/doctor.c jailctl/doctor.h \
	jailctl/doctor_agents.c \
	jailctl/doctor_audit.c \
	jailctl/doctor_auditd.c \
	jailctl/doctor_daemon.c \
	jailctl/doctor_daemons.c jailctl/doctor_daemons.h \
	jailctl/doctor_findings.c \
	jailctl/doctor_group.c \
	jailctl/doctor_homes.c \
	jailctl/doctor_jobs.c \
	jailctl/doctor_kernel.c \
	jailctl/doctor_mail.c \
	jailctl/doctor_pam.c jailctl/doctor_pam.h \
	jailctl/doctor_services.c \
	jailctl/doctor_settings.c jailctl/doctor_settings.h \
	jailctl/doctor_sshd.c jailctl/doctor_sshd.h \
	jailctl/doctor_sudo.c \
	jailctl/doctor_units.c \
	jailctl/path_write.c jailctl/path_write.h \
	jailctl/sshd_ask.c \
	jailctl/sshd_listeners.c \
	jailctl/exec.c jailctl/exec.h \
	jailctl/exec_child.c \
	jailctl/exec_pipes.c \
	jailctl/exec_relay.c \
	jailctl/exec_session.c \
	jailctl/explain.c \
	jailctl/format.c \
	jailctl/file_replace.c jailctl/file_replace.h \
	jailctl/jail_table.c jailctl/jail_table.h \
	jailctl/jailctl.h \
	jailctl/keep_list.c jailctl/keep_list.h \
	jailctl/list.c \
	jailctl/file_state.c jailctl/file_state.h \
	jailctl/lockdown.c jailctl/lockdown.h \
	jailctl/lockdown_apply.c \
	jailctl/lockdown_close.c \
	jailctl/lockdown_keys.c jailctl/lockdown_keys.h \
	jailctl/lockdown_plan.c \
	jailctl/lockdown_record.c \
	jailctl/lockdown_undo.c \
	jailctl/text_edit.c jailctl/text_edit.h \
	jailctl/main.c jailctl/main.h \
	jailctl/pam.c \
	jailctl/pam_choice.c jailctl/pam_choice.h \
	jailctl/pam_door.c jailctl/pam_door.h \
	jailctl/pam_edit.c jailctl/pam_edit.h \
	jailctl/pam_stack.c jailctl/pam_stack.h \
	jailctl/policy_input.c jailctl/policy_input.h \
	jailctl/question.c jailctl/question.h \
	jailctl/release.c \
	jailctl/reload.c \
	jailctl/replace.c jailctl/replace.h \
	jailctl/settings.c \
	jailctl/show.c \
	jailctl/stop.c \
	jailctl/table.c jailctl/table.h \
	jailctl/test.c \
	jailctl/why.c
libjailctl_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DJAILD_SECUREDIR='"$(securedir)"'
libjailctl_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
libjailctl_la_LIBADD = libbuild.la libconfigfile.la libjailenter.la \
	liblang.la libcommon.la $(JANSSON_LIBS) $(PAM_LIBS) $(AUDIT_LIBS)

jailctl_jailctl_SOURCES = jailctl/jailctl.c
jailctl_jailctl_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
jailctl_jailctl_LDFLAGS = $(AM_LDFLAGS) $(PIE_LDFLAGS) $(PACKED_LDFLAGS)
jailctl_jailctl_LDADD = libjailctl.la

if ONE_PROGRAM
# jaild is jailctl as well, by the name that it is called with.
jaild_jaild_SOURCES += jailctl/one_program.c
jaild_jaild_LDADD += libjailctl.la
jailctl_link = jailctl/jailctl
jailctl/jailctl: jaild/jaild
	$(AM_V_GEN)$(MKDIR_P) jailctl && ln -sf ../jaild/jaild $@
CLEANFILES += jailctl/jailctl
else
jailctl_link =
jaild_jaild_SOURCES += jaild/jaild.c
sbin_PROGRAMS += jailctl/jailctl
endif
all-local: $(jailctl_link)
install-exec-hook: install-jailctl-link
uninstall-hook: uninstall-jailctl-link
.PHONY: install-jailctl-link uninstall-jailctl-link
install-jailctl-link:
	test -z '$(jailctl_link)' || ln -sf jaild '$(DESTDIR)$(sbindir)/jailctl'
uninstall-jailctl-link:
	test -z '$(jailctl_link)' || rm -f '$(DESTDIR)$(sbindir)/jailctl'

TESTS += tests/test-jailctl
dist_check_SCRIPTS += tests/test-jailctl tests/jailctl-fake-jaild

# The PAM stack of `jailctl exec`.  A file that is there is the
# administrator's: it is not overwritten, and removed only unchanged.
EXTRA_DIST += config/jailctl.pam
jailctl_pam = '$(DESTDIR)$(sysconfdir)/pam.d/jailctl'

.PHONY: install-jailctl-pam uninstall-jailctl-pam
install-data-local: install-jailctl-pam
install-jailctl-pam:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/pam.d'
	if test -e $(jailctl_pam) || test -L $(jailctl_pam); then \
	  echo keeping $(jailctl_pam); \
	else \
	  $(INSTALL_DATA) '$(srcdir)/config/jailctl.pam' $(jailctl_pam); \
	fi

uninstall-local: uninstall-jailctl-pam
uninstall-jailctl-pam:
	if cmp -s '$(srcdir)/config/jailctl.pam' $(jailctl_pam); then \
	  rm -f $(jailctl_pam); \
	fi
	-rmdir '$(DESTDIR)$(sysconfdir)/pam.d' 2>/dev/null

check_PROGRAMS += tests/unit/test_pam_stack
TESTS += tests/unit/test_pam_stack
tests_unit_test_pam_stack_SOURCES = tests/unit/test_pam_stack.c \
	jailctl/pam_stack.c jailctl/pam_stack.h
tests_unit_test_pam_stack_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_pam_stack_LDADD = $(CMOCKA_LIBS)

# What bash asks jailctl for.
completionsdir = $(datadir)/bash-completion/completions
EXTRA_DIST += jailctl/completion.bash
install-data-local: install-completion
uninstall-local: uninstall-completion
.PHONY: install-completion uninstall-completion
install-completion:
	$(MKDIR_P) '$(DESTDIR)$(completionsdir)'
	$(INSTALL_DATA) '$(srcdir)/jailctl/completion.bash' \
	  '$(DESTDIR)$(completionsdir)/jailctl'
uninstall-completion:
	rm -f '$(DESTDIR)$(completionsdir)/jailctl'

TESTS += tests/test-format tests/test-policy-input tests/test-why \
	tests/test-completion
dist_check_SCRIPTS += tests/test-format tests/test-policy-input \
	tests/test-why tests/test-completion
EXTRA_DIST += tests/expect.sh
check_PROGRAMS += tests/unit/test_replace
TESTS += tests/unit/test_replace
tests_unit_test_replace_SOURCES = tests/unit/test_replace.c \
	jailctl/file_replace.c jailctl/replace.c
tests_unit_test_replace_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_replace_LDADD = libcommon.la $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_pam_edit
TESTS += tests/unit/test_pam_edit tests/test-jailctl-pam
dist_check_SCRIPTS += tests/test-jailctl-pam
tests_unit_test_pam_edit_SOURCES = tests/unit/test_pam_edit.c \
	jailctl/pam_edit.c jailctl/pam_edit.h
tests_unit_test_pam_edit_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_pam_edit_LDADD = $(CMOCKA_LIBS)

TESTS += tests/test-jailctl-adopt
dist_check_SCRIPTS += tests/test-jailctl-adopt
