/* SPDX-License-Identifier: ISC */
/*
 * From how far away a server is met.  Who is met from afar sends nobody to what
 * only this machine or its network knows: that is asked for as if from within.
 */
#ifndef FETCH_REGISTRY_REACH_H
#define FETCH_REGISTRY_REACH_H

struct address;
struct sockaddr;

enum reach {
	REACH_HERE,    /* this machine, or its link */
	REACH_NETWORK, /* a private network */
	REACH_OWN,     /* an address of this machine, though others have it */
	REACH_PUBLIC   /* anything else, and a name that isn't looked up yet */
};

/*
 * This machine, by whatever way of writing it, also 0.0.0.0/8, ::, and names
 * under localhost, which resolvers have here without asking anybody (RFC 6761,
 * 6.3); 169.254.0.0/16 and fe80::/10 of its link; the networks of RFC 1918, RFC
 * 6598 and RFC 4193.  What is sent to any other address of an interface doesn't
 * leave this machine either, and so isn't met by what guards it from outside.
 */
enum reach reach_of_address(const struct address *a);
enum reach reach_of_socket(const struct sockaddr *name);
enum reach reach_of_number(const char *ip); /* without brackets */

/*
 * Why a server at that reach isn't to be asked at the word of who is met at
 * from: a text behind its name; NULL: it may.  One that the machine has a
 * directory of certificates for is known to it, and may, unless its address
 * says itself that it is here.
 */
const char *reach_fault(
    enum reach reach, enum reach from, const struct address *a);

/* What makes a server that was refused known: a text behind all; owned. */
char *reach_remedy(const struct address *a);

#endif
