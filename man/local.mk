# Files of man/.
dist_man_MANS += man/jail.5
