# The house's floors and homes, enforced: cmake -DSOURCE=… -P floors.cmake
cmake_minimum_required(VERSION 3.25)
set(broken "")

macro(complain text)
  string(APPEND broken "  ${text}\n")
endmacro()

# What a folder may include besides itself.
set(floor_core "")
set(floor_io core)
set(floor_handoff core)
set(floor_config core io)
set(floor_clients core io)
set(floor_judge core io config clients)
set(floor_rollout core io config clients)
set(floor_recovery core io config clients judge rollout)
set(floor_cli core io handoff config clients judge rollout recovery)
set(floor_tools core io handoff config clients judge rollout recovery cli)

# A pattern and the only files or folders under common/ and tools/ that may hold it.
set(homes
  "Poco/JSON=common/core/json"
  "yaml-cpp/=common/core/yaml"
  "Poco/Net/=common/io/http|common/io/tls"
  "Poco/Data/=common/clients/database/"
  "libpq-fe.h=common/clients/database/"
  "sqlite3.h=common/clients/database/"
  "cxxopts.hpp=common/cli/options"
  "spdlog/=common/cli/log"
  "openssl/=common/io/tls|common/core/digest|common/handoff/signature|common/handoff/key"
  "Poco/SAX=tools/precheck/reports/xml"
  "sleep_for\\(.*chrono.*this_thread=nowhere"
  "this_thread::sleep=nowhere"
  "_clock::now\\(=common/io/clock"
  "[^a-z_]fork\\(=common/io/process"
  "posix_spawn=common/io/process"
  "popen\\(=nowhere"
  "[^a-z_]system\\(=nowhere"
  "Poco/Process=nowhere"
)

function(folder_of file result)
  if(file MATCHES "^common/([^/]+)/")
    set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
  else()
    set(${result} tools PARENT_SCOPE)
  endif()
endfunction()

file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/common/*.h ${SOURCE}/common/*.cpp ${SOURCE}/tools/*.h ${SOURCE}/tools/*.cpp)
foreach(file ${files})
  folder_of(${file} own)
  file(STRINGS ${SOURCE}/${file} lines)
  list(LENGTH lines length)
  file(READ ${SOURCE}/${file} text)
  string(REGEX MATCHALL "\n" line_ends "${text}")
  list(LENGTH line_ends length)
  if(length GREATER 300)
    complain("${file} has ${length} lines; 300 are the most")
  endif()

  string(REGEX MATCHALL "#include \"[^\"]+\"" includes "${text}")
  foreach(include ${includes})
    string(REGEX REPLACE "#include \"([^\"]+)\"" "\\1" included "${include}")
    if(included MATCHES "^tools/([^/]+)/")
      set(tool ${CMAKE_MATCH_1})
      if(NOT file MATCHES "^tools/${tool}/")
        complain("${file} includes ${included}: a tool belongs to itself")
      endif()
    elseif(included MATCHES "^common/([^/]+)/")
      set(other ${CMAKE_MATCH_1})
      if(NOT other STREQUAL own AND NOT other IN_LIST floor_${own})
        complain("${file} includes ${included}: ${own} may not know ${other}")
      endif()
    elseif(NOT included MATCHES "^tests/" OR NOT file MATCHES "^tests/")
      complain("${file} includes ${included}: name files from the root")
    endif()
  endforeach()

  foreach(home ${homes})
    string(REGEX REPLACE "=[^=]*$" "" pattern "${home}")
    string(REGEX REPLACE "^.*=" "" allowed "${home}")
    if(text MATCHES "${pattern}" AND NOT file MATCHES "^(${allowed})")
      complain("${file} uses ${pattern}, whose home is ${allowed}")
    endif()
  endforeach()
endforeach()

if(broken)
  message(FATAL_ERROR "the house's rules are broken:\n${broken}")
endif()
