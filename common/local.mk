# What the module, the daemon and the tools share.
noinst_LTLIBRARIES += libcommon.la
libcommon_la_SOURCES = \
	common/cleanup.h common/jail_files.h \
	common/login_uid.c common/login_uid.h \
	common/packet.c common/packet.h \
	common/protocol.c common/protocol.h \
	common/service.c common/service.h \
	common/tree_open.c common/tree_open.h \
	common/trusted.c common/trusted.h \
	common/wire.c common/wire.h
libcommon_la_CFLAGS = $(AM_CFLAGS)

check_PROGRAMS += tests/unit/test_packet tests/unit/test_service \
	tests/unit/test_trusted
TESTS += tests/unit/test_packet tests/unit/test_service \
	tests/unit/test_trusted
tests_unit_test_packet_SOURCES = tests/unit/test_packet.c
tests_unit_test_packet_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_packet_LDADD = libcommon.la $(CMOCKA_LIBS)
tests_unit_test_service_SOURCES = tests/unit/test_service.c
tests_unit_test_service_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_service_LDADD = libcommon.la $(CMOCKA_LIBS)
tests_unit_test_trusted_SOURCES = tests/unit/test_trusted.c
tests_unit_test_trusted_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_trusted_LDADD = libcommon.la $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_protocol
TESTS += tests/unit/test_protocol
tests_unit_test_protocol_SOURCES = tests/unit/test_protocol.c
tests_unit_test_protocol_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_protocol_LDADD = libcommon.la $(CMOCKA_LIBS)
