# Entering a jail, without PAM: for the module and for `jailctl exec`.
noinst_HEADERS += \
	pam_module/jail_audit.h \
	pam_module/jail_enter.h \
	pam_module/jail_session.h \
	pam_module/jaild_client.h
