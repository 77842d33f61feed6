# Files of init/.
