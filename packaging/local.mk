# Files of packaging/.
