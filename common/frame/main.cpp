// The one main() of the five executables.
#include <malloc.h>

#include "common/frame/tool.h"

int main(int argc, char** argv) {
  // Threads wait more than they work here; a heap for each would keep what the largest list took.
  ::mallopt(M_ARENA_MAX, 1);
  return static_cast<int>(baton::tool_main(argc, argv));
}
