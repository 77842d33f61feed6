# Files of jailctl/.
