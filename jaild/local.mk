# Files of jaild/.
