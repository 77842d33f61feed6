# Files of pam_module/.
