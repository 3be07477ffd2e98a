# Every third-party library as a static archive, in a prefix that is built once (cmake/build-deps.sh).
# The build folder's own link to it stands in every command, so that a newer recipe takes the place of an older one, and
# objects are the same wherever the cache lies.
if(CMAKE_CROSSCOMPILING)
  file(CREATE_LINK ${CMAKE_SYSROOT} ${CMAKE_BINARY_DIR}/sysroot SYMBOLIC)
  get_filename_component(BATON_ARCHITECTURE ${CMAKE_TOOLCHAIN_FILE} NAME_WE)
endif()
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/build-deps.sh ${BATON_ARCHITECTURE} OUTPUT_VARIABLE prefix RESULT_VARIABLE failed
                OUTPUT_STRIP_TRAILING_WHITESPACE)
if(failed)
  message(FATAL_ERROR "cmake/build-deps.sh failed (${failed}); its log lies in the cache folder it names")
endif()
set(BATON_DEPS_PREFIX ${CMAKE_BINARY_DIR}/deps)
file(CREATE_LINK ${prefix} ${BATON_DEPS_PREFIX} SYMBOLIC)
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)  # after project(), which resets it
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_library(BATON_ZSTD zstd REQUIRED)
add_library(zstd::static STATIC IMPORTED)
set_target_properties(zstd::static PROPERTIES IMPORTED_LOCATION ${BATON_ZSTD})
target_link_libraries(SQLite::SQLite3 INTERFACE m)
if(BATON_STATIC)
  # Debian's own OpenSSL and SQLite, but for the tables that only a passing exception reads: 0.5 and 0.15 MB an executable.
  # They are C; an exception that left a callback of ours would end the process, so none of these throws.
  foreach(target OpenSSL::SSL OpenSSL::Crypto SQLite::SQLite3 zstd::static)
    get_target_property(archive ${target} IMPORTED_LOCATION)
    get_filename_component(name ${archive} NAME)
    set(slim ${CMAKE_BINARY_DIR}/slim/${name})
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/slim)
    execute_process(COMMAND ${CMAKE_OBJCOPY} --remove-section=.eh_frame --remove-section=.rela.eh_frame ${archive} ${slim}.new
                    COMMAND_ERROR_IS_FATAL ANY)
    file(COPY_FILE ${slim}.new ${slim} ONLY_IF_DIFFERENT)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${slim})
  endforeach()
endif()
# What OpenSSL and the C++ library keep and nobody here needs is not linked: objects of ours stand in its place.
include(Absent)
add_library(PostgreSQL::client STATIC IMPORTED)  # the name Poco's exported targets use
set_target_properties(PostgreSQL::client PROPERTIES IMPORTED_LOCATION ${BATON_DEPS_PREFIX}/lib/libpq.a
                      INTERFACE_INCLUDE_DIRECTORIES ${CMAKE_SYSROOT}/usr/include/postgresql)
target_link_libraries(PostgreSQL::client INTERFACE OpenSSL::SSL OpenSSL::Crypto m)
add_library(yaml-cpp::static STATIC IMPORTED)
set_target_properties(yaml-cpp::static PROPERTIES IMPORTED_LOCATION ${BATON_DEPS_PREFIX}/lib/libyaml-cpp.a
                      INTERFACE_INCLUDE_DIRECTORIES ${BATON_DEPS_PREFIX}/include)
find_package(Poco 1.11 REQUIRED COMPONENTS Foundation XML JSON Util Net Crypto NetSSL Data DataSQLite DataPostgreSQL
             PATHS ${BATON_DEPS_PREFIX}/lib/cmake/Poco NO_DEFAULT_PATH)
find_package(fmt 9 REQUIRED PATHS ${BATON_DEPS_PREFIX}/lib/cmake NO_DEFAULT_PATH)
find_package(spdlog 1.10 REQUIRED PATHS ${BATON_DEPS_PREFIX}/lib/cmake NO_DEFAULT_PATH)
