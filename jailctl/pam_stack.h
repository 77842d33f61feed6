/* A service's PAM stack as libpam reads it: pam.conf(5). */
#ifndef JAILCTL_PAM_STACK_H
#define JAILCTL_PAM_STACK_H

#include <stdbool.h>
#include <stddef.h>

struct pam_line {
	char *file;
	char *through;		/* what the service's own file includes for
				 * it, as written; "": its own line */
	unsigned line;
	unsigned depth;		/* of substacks: 0 is the stack itself */
	char *control;		/* "required", "[success=1 default=ignore]" */
	char *module;		/* as written */
	char *arguments;	/* "" without */
};

struct pam_stack {
	struct pam_line *lines;
	size_t n_lines, n_allocated;
};

/* Reads all lines of type ("session", "account") that directory/service and
 * what it includes have, in their order; an include that is missing is as if
 * it were empty.  0 with *ret (pam_stack_free()); -ENOENT when the service
 * has no file; -ELOOP when includes go deeper than 32; -ENOMEM. */
int pam_stack_read(const char *directory, const char *service,
    const char *type, struct pam_stack *ret);
void pam_stack_free(struct pam_stack *stack);

/* The same for a service whose file, directory/service as path, is to hold
 * text; what it includes is read below root_fd, AT_FDCWD: of this host. */
int pam_stack_parse(int root_fd, const char *directory, const char *path,
    const char *text, const char *type, struct pam_stack *ret);

/* The last line of the module "pam_x.so"; n_lines when there is none. */
size_t pam_stack_find(const struct pam_stack *stack, const char *module);

/* The last of them that has not the argument word. */
size_t pam_stack_find_without(const struct pam_stack *stack,
    const char *module, const char *word);

/* True when the line is of the module "pam_x.so", wherever that lies. */
bool pam_line_is(const struct pam_line *line, const char *module);

/* How many lines a control jumps over for some result; 0: it does not. */
unsigned pam_line_jump(const struct pam_line *line);

/* True when some result that is no failure ends the stack at this line. */
bool pam_line_may_end(const struct pam_line *line);

#endif
