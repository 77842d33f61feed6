# Tests that belong to no single folder.
dist_check_SCRIPTS += tests/check-includes
TESTS += tests/check-includes
AM_TESTS_ENVIRONMENT = srcdir='$(srcdir)'; export srcdir; \
	builddir='$(builddir)'; export builddir;
