#include "lang/policy.h"
