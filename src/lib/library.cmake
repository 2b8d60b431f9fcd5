# libdoihound, shared and static, out of the objects of every layer; only what doihound.h marks DH_API
# is exported. Installed by `cmake --install build --component library` or with everything else.
set(objects)
foreach(layer IN LISTS layers)
  list(APPEND objects $<TARGET_OBJECTS:${layer}>)
endforeach()
set(library_libs PkgConfig::json-c PkgConfig::libxxhash ${UNISTRING} PkgConfig::libmicrohttpd PkgConfig::zlib
  PkgConfig::gnutls PkgConfig::sqlite3 PkgConfig::libzstd PkgConfig::libxml-2.0 PkgConfig::libcurl PkgConfig::libarchive Threads::Threads m)
foreach(kind IN ITEMS SHARED STATIC)
  string(TOLOWER doihound_${kind} target)
  add_library(${target} ${kind} ${objects})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME doihound LINKER_LANGUAGE C)
  target_include_directories(${target} PUBLIC include)
  target_link_libraries(${target} PRIVATE warnings ${library_libs})
endforeach()
set(map ${CMAKE_CURRENT_LIST_DIR}/doihound.map)
set_target_properties(doihound_shared PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0 LINK_DEPENDS ${map})
target_link_options(doihound_shared PRIVATE LINKER:--version-script=${map} LINKER:--no-undefined)

include(GNUInstallDirs)
configure_file(${CMAKE_CURRENT_LIST_DIR}/doihound.pc.in doihound.pc @ONLY)
install(TARGETS doihound_shared doihound_static COMPONENT library)
install(FILES include/doihound.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/doihound.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
  COMPONENT library)

if(BUILD_TESTING)
  add_executable(example docs/example.c)
  target_link_libraries(example PRIVATE warnings doihound_shared)
  set(checks ${CMAKE_SOURCE_DIR}/tests/unit/lib)
  add_test(NAME lib/example COMMAND ${checks}/check-example $<TARGET_FILE:example>)
  add_test(NAME lib/exports COMMAND ${checks}/check-exports $<TARGET_FILE:doihound_shared>
    ${CMAKE_SOURCE_DIR}/include/doihound.h)
  if(NOT DOIHOUND_SANITIZE AND NOT DOIHOUND_FUZZ)
    add_test(NAME lib/install COMMAND ${checks}/check-install ${CMAKE_BINARY_DIR}
      ${CMAKE_SOURCE_DIR}/docs/example.c)
  endif()
endif()
