/* The places of a jail's tree: the base, the home, mounts, secrets and
 * devices, in the order in which they are made. */
#include "config.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/base_tree.h"
#include "lang/ceiling.h"
#include "lang/decide_place.h"

#define EVERYTHING (PATH_READ | PATH_WRITE | PATH_EXECUTE)

static void
offer(struct place_found *found, const char *target, bool below,
    unsigned rights, const struct origin *origin, const char *what)
{
	size_t length = strlen(target);

	if (path_is_within(target, found->path) &&
	    strcmp(target, found->path) != 0)
		found->is_above = true;
	if (!path_is_within(found->path, target) ||
	    (!below && strcmp(found->path, target) != 0) ||
	    (found->some && length < found->length))
		return;
	found->some = true;
	found->length = length;
	found->rights = rights;
	found->origin = origin;
	found->what = what;
}

char *
place_expand(struct paths *p, const char *template)
{
	char *text = NULL;

	if (template_expand(template, p->account, &text, &p->variable) < 0) {
		if (p->variable == NULL)
			p->variable = "?";
		return NULL;
	}
	return text;
}

/* What ceilings deny below a source is hidden where it appears. */
static void
offer_hidden(struct paths *p, const char *source, const char *target)
{
	const struct policy_bound *bound;
	const char *rest;
	size_t index = 0;

	while ((bound = ceiling_hides(p->jail, source, &index, &rest)) !=
	    NULL) {
		_cleanup_free_ char *path =
		    malloc(strlen(target) + strlen(rest) + 1);

		if (path == NULL) {
			p->variable = "?";
			return;
		}
		stpcpy(stpcpy(path, target), rest);
		offer(&p->found, path, true, 0, &bound->origin,
		    "hidden by a ceiling");
	}
}

/* What only shows when variables have their values refuses the login. */
static void
refuse_source(struct paths *p, const struct policy_bound *bound)
{
	if (bound != NULL && p->refused == NULL)
		p->refused = bound;
}

static void
offer_template(struct paths *p, const char *target, unsigned rights,
    const struct origin *origin, const char *what)
{
	_cleanup_free_ char *text = place_expand(p, target);

	if (text != NULL)
		offer(&p->found, text, true, rights, origin, what);
}

static void
offer_root(struct paths *p)
{
	const struct jail *jail = p->jail;

	if (jail->root == ROOT_HOST || jail->root == ROOT_EMPTY)
		return;
	offer(&p->found, "/", true, jail->root_copy_on_write ? EVERYTHING :
	    PATH_READ | PATH_EXECUTE, &jail->root_origin,
	    "what the jail's root holds");
}

static void
offer_base(struct paths *p)
{
	size_t n;
	const struct base_path *rows = base_tree(p->jail->root, &n);

	offer_root(p);
	for (size_t i = 0; i < n; i++) {
		offer(&p->found, rows[i].path, rows[i].below, rows[i].rights,
		    NULL, rows[i].what);
		if (rows[i].of_host)
			offer_hidden(p, rows[i].path, rows[i].path);
	}
}

static bool
is_made(const char *path, const struct base_path *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].path, path) == 0)
			return true;
	return false;
}

/* A file that the jail makes goes before a kept one of the same name. */
static void
offer_kept(struct paths *p)
{
	const char *const *kept = p->kept == NULL ? base_kept : p->kept;
	size_t n;
	const struct base_path *rows = base_tree(p->jail->root, &n);

	if (p->jail->root != ROOT_HOST)
		return;
	for (; *kept != NULL; kept++) {
		_cleanup_free_ char *path =
		    malloc(strlen("/etc/") + strlen(*kept) + 1);

		if (path == NULL) {
			p->variable = "?";
			return;
		}
		stpcpy(stpcpy(path, "/etc/"), *kept);
		if (ceiling_denies_path(p->jail, path) != NULL)
			continue;
		if (!is_made(path, rows, n))
			offer(&p->found, path, true, PATH_READ | PATH_EXECUTE,
			    NULL, "the host's, which etc-keep.conf names");
	}
}

static void
offer_home(struct paths *p)
{
	static const struct {
		unsigned rights;
		bool below;
		const char *what;
	} homes[] = {
		[HOME_NONE] = { PATH_READ, false, "an empty home" },
		[HOME_READ_ONLY] = { PATH_READ | PATH_EXECUTE, true,
		    "the account's home, read-only" },
		[HOME_PRIVATE] = { EVERYTHING, true, "a home of its own" },
		[HOME_COPY_ON_WRITE] = { EVERYTHING, true,
		    "a copy of the account's home" },
		[HOME_READ_WRITE] = { EVERYTHING, true,
		    "the account's home" },
	};
	const struct jail *jail = p->jail;

	if (p->account->home == NULL)
		p->variable = "home";
	else
		offer(&p->found, p->account->home, homes[jail->home].below,
		    homes[jail->home].rights, &jail->home_origin,
		    homes[jail->home].what);
	if (p->account->home != NULL && jail->home != HOME_NONE &&
	    jail->home != HOME_PRIVATE) {
		refuse_source(p, ceiling_denies_path(jail, p->account->home));
		offer_hidden(p, p->account->home, p->account->home);
	}
}

static void
offer_mounts(struct paths *p)
{
	static const struct {
		unsigned rights;
		const char *what;
	} modes[] = {
		[MOUNT_HIDDEN] = { 0, "hidden" },
		[MOUNT_READ_ONLY] = { PATH_READ | PATH_EXECUTE,
		    "a read-only mount" },
		[MOUNT_TMPFS] = { EVERYTHING, "a tmpfs" },
		[MOUNT_COPY_ON_WRITE] = { EVERYTHING,
		    "a copy-on-write mount" },
		[MOUNT_READ_WRITE] = { EVERYTHING, "a read-write mount" },
	};

	for (size_t i = 0; i < p->jail->n_mounts; i++) {
		const struct policy_mount *mount = &p->jail->mounts[i];
		unsigned rights = modes[mount->mode].rights;

		if (mount->noexec)
			rights &= ~PATH_EXECUTE;
		offer_template(p, mount->target, rights, &mount->origin,
		    modes[mount->mode].what);
		if (mount->source != NULL) {
			_cleanup_free_ char *source = place_expand(p, mount->source);
			_cleanup_free_ char *target = place_expand(p, mount->target);

			if (source == NULL || target == NULL)
				continue;
			refuse_source(p, ceiling_forbids_mount(p->jail, source,
			    mount->mode == MOUNT_READ_WRITE));
			offer_hidden(p, source, target);
		}
	}
}

static void
offer_secrets(struct paths *p)
{
	for (size_t i = 0; i < p->jail->n_secrets; i++)
		if (p->jail->secrets[i].kind == SECRET_FILE)
			offer_template(p, p->jail->secrets[i].target,
			    PATH_READ, &p->jail->secrets[i].origin,
			    "a secret");
}

/* A device's path may be a glob, so it is compared, not looked up. */
static void
offer_devices(struct paths *p)
{
	const char *path = p->found.path;

	for (size_t i = 0; i < p->jail->n_devices; i++) {
		const struct policy_device *device = &p->jail->devices[i];
		_cleanup_free_ char *pattern = place_expand(p, device->path);

		if (pattern != NULL && path_is_within(path, "/dev") &&
		    fnmatch(pattern, path, FNM_PATHNAME | FNM_PERIOD) == 0)
			offer(&p->found, path, false, PATH_READ | PATH_DEVICE |
			    (device->read_only ? 0 : PATH_WRITE),
			    &device->origin, device->read_only ?
			    "a read-only device" : "a device");
	}
}

void
place_find(struct paths *p, const char *path)
{
	p->found = (struct place_found) { .path = path };
	offer_base(p);
	offer_kept(p);
	/* No home is a folder of the jail's own tree. */
	if (p->jail->home == HOME_NONE)
		offer_home(p);
	/* What the policy mounts comes later, and over all of that. */
	p->found.length = 0;
	if (p->jail->home != HOME_NONE)
		offer_home(p);
	offer_mounts(p);
	offer_secrets(p);
	offer_devices(p);
	/* Somebody has to be able to pass on the way to what is below. */
	if (p->found.is_above && !p->found.some)
		p->found = (struct place_found) { .path = path, .some = true,
			.rights = PATH_READ, .what = "a folder of the jail's "
			"own, read-only" };
}
