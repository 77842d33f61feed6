/* PAM services and their classes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "common/service.h"

static void
test_classes(void **state)
{
	static const struct {
		const char *pam_service;
		enum service_class class;
	} rows[] = {
		{ "sshd", SERVICE_SSHD }, { "login", SERVICE_LOGIN },
		{ "su", SERVICE_SU }, { "su-l", SERVICE_SU },
		{ "runuser", SERVICE_SU }, { "runuser-l", SERVICE_SU },
		{ "cron", SERVICE_CRON }, { "crond", SERVICE_CRON },
		{ "cronie", SERVICE_CRON },
		{ "jailctl", SERVICE_EXEC },
		/* no doors */
		{ "", SERVICE_NONE }, { "sudo", SERVICE_NONE },
		{ "ssh", SERVICE_NONE }, { "sshd ", SERVICE_NONE },
		{ "SSHD", SERVICE_NONE }, { "exec", SERVICE_NONE },
		{ "other", SERVICE_NONE }, { NULL, SERVICE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(service_class_of(rows[i].pam_service),
		    rows[i].class);
}

/* Each class but none has a name, by which a policy finds it again. */
static void
test_names(void **state)
{
	(void)state;
	assert_null(service_class_name(SERVICE_NONE));
	assert_null(service_class_name((enum service_class)99));
	for (int i = SERVICE_SSHD; i <= SERVICE_EXEC; i++) {
		const char *name = service_class_name((enum service_class)i);

		assert_non_null(name);
		assert_int_equal(service_class_find(name, strlen(name)), i);
		assert_int_equal(service_class_find(name, strlen(name) - 1),
		    SERVICE_NONE);
		assert_int_equal(service_class_find(name, strlen(name) + 1),
		    SERVICE_NONE);
	}
	assert_int_equal(service_class_find("sshdxyz", 4), SERVICE_SSHD);
	assert_int_equal(service_class_find("su-l", 4), SERVICE_NONE);
	assert_int_equal(service_class_find("crond", 5), SERVICE_NONE);
	assert_int_equal(service_class_find("", 0), SERVICE_NONE);
}

static void
test_doors(void **state)
{
	(void)state;
	assert_false(service_class_open(SERVICE_NONE));
	assert_false(service_class_open((enum service_class)99));
	for (int i = SERVICE_SSHD; i <= SERVICE_EXEC; i++)
		assert_true(service_class_open((enum service_class)i));
}

/* Whatever is closed has a reason, and no open door has one of its own. */
static void
test_closed(void **state)
{
	static const char *const own[] = { "sudo", "sudo-i", "doas",
		"polkit-1", "atd", "systemd-user" };
	static const char *const rest[] = { "su", "unheard-of", "", NULL };
	const struct closed_service *other = service_closed(NULL);

	(void)state;
	assert_non_null(other->reason);
	for (size_t i = 0; i < ARRAY_LENGTH(own); i++) {
		assert_string_equal(service_closed(own[i])->pam_service,
		    own[i]);
		assert_int_equal(service_class_of(own[i]), SERVICE_NONE);
		assert_non_null(service_closed(own[i])->reason);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(rest); i++)
		assert_ptr_equal(service_closed(rest[i]), other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_doors),
		cmocka_unit_test(test_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
