/* Addresses that mean more than a host somewhere. */
#ifndef LANG_SPECIAL_ADDRESS_H
#define LANG_SPECIAL_ADDRESS_H

#include <stdbool.h>

#include "lang/policy.h"

/* True when all of the inner range lies in the outer one. */
bool address_range_covers(const struct address_range *outer,
    const struct address_range *inner);

/* True when the two have an address in common. */
bool address_ranges_meet(const struct address_range *a,
    const struct address_range *b);

/* 127.0.0.0/8 and ::1: the jail's own, never the host's. */
bool address_is_loopback(const struct address_range *range);

/* What `any` leaves out by address: link-local, metadata and multicast
 * addresses and those that are nobody's. */
bool address_is_excluded(const struct address_range *range);

/* What `internet` leaves out besides. */
bool address_is_private(const struct address_range *range);

/* Each of the tables by index, NULL behind the last: who builds a network of
 * the rules says the same. */
const struct address_range *address_excluded(unsigned index);
const struct address_range *address_private(unsigned index);

#endif
