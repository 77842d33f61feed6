#include "lang/syscall_table.h"
