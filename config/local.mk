# Files of config/.
