/* SPDX-License-Identifier: ISC */
/*
 * The one loop of a program: the requests under way, and what else they
 * wait for.
 */
#ifndef FETCH_REGISTRY_LOOP_H
#define FETCH_REGISTRY_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

struct request;
struct transport;

/* A descriptor that is read beside the requests. */
struct watch {
	int fd;
	void (*readable)(
	    void *arg); /* it can be read, or has come to its end */
	void *arg;
	struct watch *next;
};

struct loop {
	struct transport *transport;
	CURLM *multi;
	struct request *first; /* those that aren't done, as they were begun */
	struct watch *watches;
	unsigned jobs;    /* of requests that count, how many go at a time */
	unsigned active;  /* go now */
	unsigned streams; /* or of those that join others, if that is more */
	/* Of the jobs, for fetch/registry/pace.h: */
	bool fixed;       /* they stay as many */
	unsigned usual;   /* that there are where nothing speaks against it, */
	unsigned most;    /* that there may be, */
	unsigned refused; /* that were too many; 0: none were, */
	unsigned calm;    /* good answers since, of as many as there may be */
	int64_t eased;    /* clock_now until which nobody was shut out anew */
	unsigned served;  /* answers of which something of an image has come */
};

/* With transport and jobs set. */
void loop_open(struct loop *l);
void loop_close(struct loop *l);

/* Add a request of zeros but for what its maker sets; it stays the maker's. */
void loop_add(struct loop *l, struct request *q);

/* It is done; called by the request itself. */
void loop_remove(struct loop *l, const struct request *q);

/* Watch a descriptor, until it is taken out again. */
void loop_watch(struct loop *l, struct watch *w);
void loop_unwatch(struct loop *l, struct watch *w);

/*
 * How many requests that count go at a time, and whether another could start
 * now; joins: as of it.
 */
unsigned loop_jobs(const struct loop *l, bool joins);
bool loop_has_room(const struct loop *l, bool joins);

/*
 * A turn of it: start what is due, in the order it was added; receive what
 * there is, and end what has ended, which is true when anything has; and wait
 * until something happens, with out, unless NULL, as one more descriptor.
 */
void loop_start(struct loop *l);
bool loop_perform(struct loop *l);
void loop_wait(struct loop *l, const struct curl_waitfd *out);

/* Turns until a request is done. */
void loop_until(struct loop *l, const struct request *q);

#endif
