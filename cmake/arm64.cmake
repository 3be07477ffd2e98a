# Toolchain file: Debian's cross compiler with Debian's own arm64 libraries (cmake/sysroot.sh), which stand before those that
# came with the compiler and are older. What is built runs here under qemu.
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/sysroot.sh arm64 OUTPUT_VARIABLE CMAKE_SYSROOT RESULT_VARIABLE failed
                OUTPUT_STRIP_TRAILING_WHITESPACE)
if(failed)
  message(FATAL_ERROR "cmake/sysroot.sh failed (${failed}); its log lies in the cache folder it names")
endif()
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER ${CMAKE_LIBRARY_ARCHITECTURE}-gcc)
set(CMAKE_CXX_COMPILER ${CMAKE_LIBRARY_ARCHITECTURE}-g++)
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_INIT "-B${CMAKE_SYSROOT}/usr/lib/gcc/${CMAKE_LIBRARY_ARCHITECTURE}/12 -B${CMAKE_SYSROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}")
endforeach()
string(APPEND CMAKE_CXX_FLAGS_INIT " -Wno-psabi")  # GCC's word on what changed in GCC 10
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
