/* Processes that are known by more than a number. */
#ifndef JAILD_PROCESS_H
#define JAILD_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* A pidfd, close-on-exec; -errno.  Source: pidfd_open(2). */
int process_open(pid_t pid);

/* The same for the process that connected the socket; *ret_pid gets its
 * number.  SO_PEERPIDFD where the kernel has it (6.5), else by number. */
int process_open_peer(int socket_fd, pid_t *ret_pid);

/* Field 22 of /proc/PID/stat, in clock ticks after boot. */
int process_start_time(pid_t pid, uint64_t *ret);

int process_signal(int pidfd, int signal);

/* 1 when the process behind the pidfd has ended, 0 when it lives. */
int process_ended(int pidfd);

/* The uid that pid logged in with, for audit; (uid_t)-1 where it did not, or
 * the kernel has no audit.  -errno.  Source: audit_setloginuid(3). */
int process_login_uid(pid_t pid, uid_t *ret);

#endif
