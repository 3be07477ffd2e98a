// The one main() of the five executables.
#include <malloc.h>

#include "common/frame/tool.h"

int main(int argc, char** argv) {
  // Threads wait more than they work here; a heap for each would keep what the largest list took.
  ::mallopt(M_ARENA_MAX, 1);
  // Large texts lie outside of the heap, and what they took is given back at once.
  ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
  return static_cast<int>(baton::tool_main(argc, argv));
}
