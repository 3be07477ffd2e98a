# The engine of the scan for secrets: vectorscan's runtime in precheck, its compiler in a program of the build alone.
# Elsewhere than on x86-64, and where somebody builds without Debian's libvectorscan-dev, the plain engine does its work.
option(BATON_VECTORSCAN "Scan for secrets with vectorscan" ON)
set(BATON_HAS_VECTORSCAN OFF)
if(BATON_VECTORSCAN AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  find_library(BATON_HS hs)
  find_library(BATON_HS_RUNTIME hs_runtime)
  find_path(BATON_HS_INCLUDE hs/hs.h)
  if(BATON_HS AND BATON_HS_RUNTIME AND BATON_HS_INCLUDE)
    set(BATON_HAS_VECTORSCAN ON)
  elseif(BATON_STATIC)
    message(FATAL_ERROR "libvectorscan-dev is missing: cmake/packages.sh build")  # what is shipped has its speed
  else()
    message(STATUS "without libvectorscan-dev: the scan for secrets is slower")
  endif()
endif()

# Rules and, for vectorscan, their database, as a source.
baton_library(baton_secret_rules tools/precheck/secrets/rules baton_core)
add_executable(baton-secret-rules tools/precheck/secrets/generator/main.cpp)
target_link_libraries(baton-secret-rules PRIVATE baton_secret_rules)
target_link_options(baton-secret-rules PRIVATE ${BATON_LINK_STATIC})
set(rules ${CMAKE_CURRENT_SOURCE_DIR}/tools/precheck/secrets/rules.txt)
set(compiled ${CMAKE_CURRENT_BINARY_DIR}/secret-rules.cpp)
add_custom_command(OUTPUT ${compiled} DEPENDS baton-secret-rules ${rules} VERBATIM
                   COMMAND baton-secret-rules ${rules} ${compiled})

baton_library(baton_secrets tools/precheck/secrets baton_secret_rules baton_clients)
target_sources(baton_secrets PRIVATE ${compiled})
set_source_files_properties(${compiled} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
# Each byte of a tree or an image passes through these.
set_source_files_properties(tools/precheck/secrets/plain_engine.cpp tools/precheck/secrets/matcher.cpp PROPERTIES
                            COMPILE_OPTIONS $<$<CONFIG:Release>:-O2> SKIP_PRECOMPILE_HEADERS ON)
if(BATON_HAS_VECTORSCAN)
  target_compile_definitions(baton-secret-rules PRIVATE BATON_VECTORSCAN)
  target_include_directories(baton-secret-rules SYSTEM PRIVATE ${BATON_HS_INCLUDE})
  target_link_libraries(baton-secret-rules PRIVATE ${BATON_HS} m)
  target_compile_definitions(baton_secrets PRIVATE BATON_VECTORSCAN)
  target_include_directories(baton_secrets SYSTEM PRIVATE ${BATON_HS_INCLUDE})
  target_link_libraries(baton_secrets PUBLIC ${BATON_HS_RUNTIME})
endif()
