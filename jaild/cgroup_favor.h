/* Moving processes between cgroups without a wait. */
#ifndef JAILD_CGROUP_FAVOR_H
#define JAILD_CGROUP_FAVOR_H

/* Sees to it that the first cgroup v2 mount which mountinfo (a file as
 * /proc/self/mountinfo) names has the option favordynmods, and keeps the
 * others that it has.  The kernel then moves a process into a cgroup without
 * waiting for a grace period of RCU, 6 to 12 ms, in return for forks that
 * are a little slower; the option is the hierarchy's and so the host's.
 *
 * 0 also when it is so already; -ENOENT without such a mount; -EINVAL where
 * the kernel does not know the option (before 6.0); -EPERM; -EOPNOTSUPP when
 * the mount has an option that is no mere word; -errno.
 * Source: Documentation/admin-guide/cgroup-v2.rst, fspick and fsconfig in
 * mount(2)'s new interface. */
int cgroup_favor_dynmods(const char *mountinfo);

#endif
