# Objects that stand in the place of archive members, so that these are never linked: an executable's own objects come first.
#   baton_openssl_absent(EXECUTABLE…)   OpenSSL's algorithms as chosen in openssl-provider.c
#   baton_locale_absent(EXECUTABLE…)    the C++ library's locale with the facets of narrow streams only
# A generator of keys needs OpenSSL's writer of them: baton_openssl_tested is the same with it, for tests.
if(OPENSSL_VERSION MATCHES "^3\\.0\\.")
  foreach(name baton_openssl baton_openssl_tested)
    add_library(${name} OBJECT ${CMAKE_CURRENT_LIST_DIR}/openssl-provider.c ${CMAKE_CURRENT_LIST_DIR}/openssl-absent.c)
    target_include_directories(${name} SYSTEM PRIVATE ${OPENSSL_INCLUDE_DIR})
    target_compile_options(${name} PRIVATE -std=c11 -Wall -Wextra -Wpedantic -Wconversion -ffunction-sections -fdata-sections)
    set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endforeach()
  target_compile_definitions(baton_openssl_tested PRIVATE BATON_WRITES_KEYS)
else()
  message(WARNING "OpenSSL ${OPENSSL_VERSION} is not 3.0, whose insides cmake/openssl-*.c name: all of it is linked, some 1.2 MB an "
                  "executable. Read providers/defltprov.c of that version, then correct both files and this line.")
endif()

function(baton_openssl_absent)
  foreach(executable ${ARGN})
    if(TARGET baton_openssl)
      target_sources(${executable} PRIVATE $<TARGET_OBJECTS:baton_openssl>)
    endif()
  endforeach()
endfunction()

# The member that makes the classic locale has more that is needed: a copy of it, whose own way of making it gives way to ours.
if(BATON_STATIC AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS}")  # a sysroot's own stands before the compiler's
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${flags} -print-file-name=libstdc++.a OUTPUT_VARIABLE archive
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(member ${CMAKE_BINARY_DIR}/slim/locale_init.o)
  execute_process(COMMAND ${CMAKE_AR} p ${archive} locale_init.o OUTPUT_FILE ${member}.whole COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_OBJCOPY} --weaken-symbol=_ZNSt6locale5_ImplC1Em --weaken-symbol=_ZNSt6locale5_ImplC2Em
                          ${member}.whole ${member}.new COMMAND_ERROR_IS_FATAL ANY)
  file(COPY_FILE ${member}.new ${member} ONLY_IF_DIFFERENT)
  add_library(baton_locale OBJECT ${CMAKE_CURRENT_LIST_DIR}/locale-absent.cpp ${CMAKE_CURRENT_LIST_DIR}/locale-old-absent.cpp
              ${CMAKE_CURRENT_LIST_DIR}/demangle-absent.cpp)
  target_compile_options(baton_locale PRIVATE -Wall -Wextra -ffunction-sections -fdata-sections)
  set_target_properties(baton_locale PROPERTIES POSITION_INDEPENDENT_CODE ON)
endif()

function(baton_locale_absent)
  foreach(executable ${ARGN})
    if(TARGET baton_locale)
      target_sources(${executable} PRIVATE $<TARGET_OBJECTS:baton_locale> ${CMAKE_BINARY_DIR}/slim/locale_init.o)
      set_source_files_properties(${CMAKE_BINARY_DIR}/slim/locale_init.o PROPERTIES EXTERNAL_OBJECT ON)
    endif()
  endforeach()
endfunction()
