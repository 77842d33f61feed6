/* One message, with descriptors, over a SOCK_SEQPACKET socket, in time. */
#ifndef COMMON_PACKET_H
#define COMMON_PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PACKET_FDS_MAX 16

/* CLOCK_MONOTONIC now plus timeout_ms, in milliseconds: a deadline. */
uint64_t deadline_after(uint32_t timeout_ms);

/* Sends length bytes and n_fds descriptors as one message, without SIGPIPE.
 * 0; -ETIMEDOUT at the deadline (deadline_after()), or -errno. */
int packet_send(int fd, const void *message, size_t length, const int *fds,
    size_t n_fds, uint64_t deadline_ms);

/* Receives one message of at most size bytes and exactly the descriptors
 * that came with it: *ret_n_fds of them in fds (room for PACKET_FDS_MAX), all
 * close-on-exec, owned by the caller.  Returns its length; -ECONNRESET when
 * the peer is gone; -EMSGSIZE when message or descriptors were truncated (all
 * received descriptors are closed then); -ETIMEDOUT; -errno. */
ssize_t packet_receive(int fd, void *message, size_t size, int *fds,
    size_t *ret_n_fds, uint64_t deadline_ms);

#endif
