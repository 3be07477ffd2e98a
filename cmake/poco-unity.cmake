# Included by Poco's own build.
# Joined sources build in half the time, but these have names that clash when joined.
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL leave_alone Foundation
  Base32Decoder Base64Decoder ErrorHandler LoggingFactory LoggingRegistry NamedEvent NamedMutex NotificationCenter
  NotificationQueue PriorityNotificationQueue TemporaryFile TextEncoding ThreadLocal ThreadPool URIStreamOpener UUIDGenerator)
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL leave_alone Data StatementImpl)
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL leave_alone XML DOMImplementation)
# Built for size but for the reading of JSON, which large answers wait for.
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL target_compile_options JSON PRIVATE -O2)

function(leave_alone library)
  foreach(name ${ARGN})
    set_source_files_properties(${CMAKE_SOURCE_DIR}/${library}/src/${name}.cpp TARGET_DIRECTORY ${library}
                                PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endforeach()
endfunction()
