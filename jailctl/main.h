/* The administrator's tool, whichever program it is a part of. */
#ifndef JAILCTL_MAIN_H
#define JAILCTL_MAIN_H

/* Runs one command.
 *
 * argc, argv: as of main(); argv[1] names the command.
 *
 * The exit status, of jailctl(8). */
int jailctl_main(int argc, char **argv);

#endif
