// The one main() of the five executables.
#include "common/frame/tool.h"

int main(int argc, char** argv) { return static_cast<int>(baton::tool_main(argc, argv)); }
