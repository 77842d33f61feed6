/* The daemon, whichever program it is a part of. */
#ifndef JAILD_MAIN_H
#define JAILD_MAIN_H

/* Runs until it is told to end.
 *
 * argc, argv: as of main().
 *
 * The exit status, of jaild(8). */
int jaild_main(int argc, char **argv);

#endif
