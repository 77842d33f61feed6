#include "common/trusted.h"
