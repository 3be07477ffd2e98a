# The house's floors, homes, faces and file sizes, enforced: cmake -DSOURCE=… -P floors.cmake
cmake_minimum_required(VERSION 3.25)
set(max_lines 300)

# What a folder of common/ may include besides itself; "tools" stands for the folder of a tool.
set(below_core "")
set(below_io core)
set(below_handoff core)
set(below_config core io)
set(below_clients core io)
set(below_judge core io config clients)
set(below_rollout core io config clients)
set(below_rollback core io config clients judge rollout)
set(below_cli core io config)
set(below_step core io handoff config clients judge rollout rollback cli)
set(below_ci core io handoff config clients cli step)
set(below_frame core io handoff config clients cli step ci)
set(below_tools core io handoff config clients judge rollout rollback cli step ci frame)

# What must be said in one place only: a pattern, "=", and the beginnings of the paths that may hold it ("nowhere": none).
set(homes
  "<Poco/JSON/=common/core/json"
  "<rapidjson/=common/clients/prometheus/answer|tools/precheck/reports/json"
  "<yaml-cpp/=common/core/yaml"
  "<Poco/Net/=common/io/http|common/io/tls"
  "<Poco/Net/[A-Za-z]*Server=nowhere"
  "<Poco/Data/=common/clients/database/"
  "<Poco/(SAX|XML|DOM)/=tools/precheck/reports/xml"
  "<Poco/(Process|Pipe|Thread|Util/)=nowhere"
  "<libpq-fe.h>=common/clients/database/"
  "<sqlite3.h>=common/clients/database/"
  "<zlib.h>=common/core/gzip|common/io/unpack/"
  "<zstd.h>=common/io/unpack/"
  "<hs/=tools/precheck/secrets/"
  "<cxxopts.hpp>=common/cli/options"
  "<spdlog/=common/cli/log"
  "<openssl/=common/io/tls|common/core/digest|common/handoff/signature"
  "this_thread::sleep|[^a-z_](u|nano)sleep\\(=nowhere"
  "_clock::now\\(=common/io/clock"
  "[^A-Za-z_](v?fork|execv[pe]*|posix_spawnp?)\\(=common/io/process"
  "[^a-z_](popen|system)\\(=nowhere"
  "[^a-z_]std::(exit|quick_exit|terminate)\\(=common/cli/|common/frame/"
)

set(broken "")
macro(complain text)
  string(APPEND broken "  ${text}\n")
endmacro()

file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/common/*.h ${SOURCE}/common/*.cpp ${SOURCE}/tools/*.h ${SOURCE}/tools/*.cpp)
if(NOT files)
  complain("no sources under ${SOURCE}: nothing was looked at")
endif()
foreach(file ${files})
  file(READ ${SOURCE}/${file} text)
  string(REPLACE ";" "," text "${text}")  # a list ends at a semicolon
  string(REGEX MATCHALL "\n" line_ends "${text}")
  list(LENGTH line_ends lines)
  if(lines GREATER max_lines)
    complain("${file} has ${lines} lines: ${max_lines} are the most")
  endif()

  string(REGEX REPLACE "^(common/)?([^/]+)/.*" "\\2" own ${file})
  string(REGEX MATCHALL "#include \"[^\"]+\"" includes "${text}")
  foreach(include ${includes})
    string(REGEX REPLACE "#include \"([^\"]+)\"" "\\1" included "${include}")
    if(included MATCHES "^tools/([^/]+)/")
      if(NOT file MATCHES "^tools/${CMAKE_MATCH_1}/")
        complain("${file} includes ${included}: a tool belongs to itself")
      endif()
    elseif(included MATCHES "^common/([^/]+)/")
      set(other ${CMAKE_MATCH_1})
      if(NOT other STREQUAL own AND NOT other IN_LIST below_${own})
        complain("${file} includes ${included}: ${own} may not know ${other}")
      endif()
    else()
      complain("${file} includes ${included}: the product names its files from the root")
    endif()
  endforeach()

  foreach(home ${homes})
    string(REGEX MATCH "^(.*)=([^=]*)$" parts "${home}")
    set(pattern "${CMAKE_MATCH_1}")
    set(allowed "${CMAKE_MATCH_2}")
    if(NOT file MATCHES "^(${allowed})" AND text MATCHES "${pattern}")
      complain("${file} says '${CMAKE_MATCH_0}': its home is ${allowed}")
    endif()
  endforeach()
endforeach()

# Face beside body: a source belongs to the header of its name, or of the beginning of its name (client_pods.cpp to
# client.h), or in a folder of rows to the header beside that folder (groups/quality.cpp to group.h).
function(faces_of source result)
  get_filename_component(folder ${source} DIRECTORY)
  get_filename_component(name ${source} NAME_WE)
  set(faces "")
  while(name)
    list(APPEND faces ${folder}/${name}.h)
    if(NOT name MATCHES "_")
      break()
    endif()
    string(REGEX REPLACE "_[^_]*$" "" name "${name}")
  endwhile()
  set(above ${folder})
  while(above MATCHES "/.*/.*s$|/.*s/")
    if(above MATCHES "s$")
      string(REGEX REPLACE "s$" ".h" row_face "${above}")
      list(APPEND faces ${row_face})
    endif()
    get_filename_component(above ${above} DIRECTORY)
  endwhile()
  set(${result} ${faces} PARENT_SCOPE)
endfunction()

foreach(file ${files})
  if(NOT file MATCHES "\\.cpp$" OR file MATCHES "/main\\.cpp$")
    continue()
  endif()
  faces_of(${file} faces)
  set(face "")
  foreach(candidate ${faces})
    if(EXISTS ${SOURCE}/${candidate})
      set(face ${candidate})
      break()
    endif()
  endforeach()
  if(NOT face)
    complain("${file} has no face: a header of its name, or of the beginning of its name, beside it")
    continue()
  endif()
  file(READ ${SOURCE}/${file} text)
  string(REPLACE ";" "," text "${text}")
  string(APPEND body_of_${face} "${text}")
endforeach()

# What a header declares, one of its own sources defines; tool_main is each tool's own.
foreach(file ${files})
  if(NOT file MATCHES "\\.h$")
    continue()
  endif()
  file(READ ${SOURCE}/${file} text)
  string(REPLACE ";" "," text "${text}")
  string(REGEX REPLACE "\ntemplate <[^\n]*\n[^\n]*\n" "\n\n" text "${text}")
  string(REGEX MATCHALL "\n[A-Za-z][^\n(]*[ &*]([A-Za-z_0-9]+)\\(" declarations "${text}")
  foreach(declaration ${declarations})
    if(declaration MATCHES "\n(inline|template|constexpr|consteval|namespace|class|struct|enum|using|typedef|static|extern|requires|concept)[ <]|=|tool_main")
      continue()
    endif()
    string(REGEX REPLACE ".*[ &*]([A-Za-z_0-9]+)\\($" "\\1" function "${declaration}")
    if(NOT "${body_of_${file}}" MATCHES "[ &*]${function}\\(")
      complain("${file} declares ${function}, which no source of its name defines")
    endif()
  endforeach()
endforeach()

if(broken)
  message(FATAL_ERROR "the house's rules are broken:\n${broken}")
endif()
