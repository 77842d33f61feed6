# What the module, the daemon and the tools share.
noinst_LTLIBRARIES += libcommon.la
libcommon_la_SOURCES = \
	common/cleanup.h common/jail_files.h \
	common/packet.c common/packet.h \
	common/protocol.c common/protocol.h \
	common/service.c common/service.h \
	common/trusted.c common/trusted.h \
	common/wire.c common/wire.h
